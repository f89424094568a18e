/**
 * Where the chunks of one tick stand in the tick's buffer, by region and by what their readers know, so that
 * each is encoded once, whoever asks. A hash table with linear probing (Knuth, The Art of Computer Programming, 6.4): of
 * all that could be asked for, a tick sees a small part.
 */
import { MAX_PACE_TICKS } from "@starwake/shared/engine/chunk.ts";
import { IntList } from "@starwake/shared/engine/int-list.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { HISTORY_TICKS } from "./history.ts";

/** A chunk bridges fewer ticks than the history holds; 0: it starts from nothing. */
export const GAPS = HISTORY_TICKS;

/**
 * Chunks of one region: for each gap one without a pace, and for the shortest gaps one for each pace that counts, for
 * those who know where everybody has come from and for those who do not.
 */
const PACED = MAX_PACE_TICKS * (MAX_PACE_TICKS + 1);

/**
 * Six numbers for each, side by side: the tick that it is of (an older one is as good as none), its key, its start, its
 * bits (negative, less one, where it tells nothing that its reader does not hold already), and where its origins begin
 * and end in the list of them.
 */
const Of = { Tick: 0, Key: 1, Start: 2, Bits: 3, OriginsBegin: 4, OriginsEnd: 5 } as const;
const NUMBERS = 6;
const LEAST_PLACES = 256;
/** A key is a region and a variant in its low bits. */
const VARIANT_BITS = 6;
if (GAPS + 2 * PACED > 1 << VARIANT_BITS)
  throw new Error("a chunk's variants do not fit its key: raise VARIANT_BITS in tick-chunks.ts");
/** The chunks of a region stand close together: a tick has some ten of them, and whoever looks at it wants one. */
const PLACES_BITS = 4;
const PLACES_OF_REGION = 1 << PLACES_BITS;
/** Odd, so that neighbouring variants begin at different places. */
const SPREAD = 7;

export class TickChunks {
  private places = LEAST_PLACES;
  private table = createTable(LEAST_PLACES);
  private tick: Tick = -1;
  /** Chunks encoded for the tick. */
  count = 0;
  /** The cells next door that somebody came from, of all chunks. */
  private readonly origins = new IntList();

  /** Takes up a new tick, of which nothing is there. */
  begin(tick: Tick): void {
    this.tick = tick;
    this.count = 0;
    this.origins.clear();
  }

  /**
   * @param paceTicks the ticks over which the reader saw what keeps its pace change; 0: that does not count
   * @param knowsOrigins whether it knows where everybody has come from; only for gaps for which a pace could count
   */
  keyOf(region: number, gap: number, paceTicks: number, knowsOrigins: boolean): number {
    const paced = GAPS + (gap - 1) * (MAX_PACE_TICKS + 1) + paceTicks;
    return (region << VARIANT_BITS) | (knowsOrigins ? paced + PACED : paceTicks > 0 ? paced : gap);
  }

  /** Where a chunk stands in the table, or will stand when it is put there; good until the next one is put. */
  find(key: number): number {
    const { table, tick, places } = this;
    const begin = (key >> VARIANT_BITS) << PLACES_BITS;
    let place = (begin | ((key * SPREAD) & (PLACES_OF_REGION - 1))) & (places - 1);
    while (table[place * NUMBERS + Of.Tick] === tick && table[place * NUMBERS + Of.Key] !== key)
      place = (place + 1) & (places - 1);
    return place * NUMBERS;
  }

  has(at: number): boolean {
    return this.table[at] === this.tick;
  }

  /** @returns where it stands now */
  put(key: number, start: number, bits: number, isTelling: boolean, origins: IntList): number {
    if (this.count++ * 2 >= this.places) this.grow();
    const at = this.find(key);
    const { table } = this;
    table[at + Of.Tick] = this.tick;
    table[at + Of.Key] = key;
    table[at + Of.Start] = start;
    table[at + Of.Bits] = isTelling ? bits : -1 - bits;
    table[at + Of.OriginsBegin] = this.origins.count;
    for (let index = 0; index < origins.count; index++) this.origins.push(origins.items[index]);
    table[at + Of.OriginsEnd] = this.origins.count;
    return at;
  }

  private grow(): void {
    const { table } = this;
    this.places *= 2;
    this.table = createTable(this.places);
    for (let from = 0; from < table.length; from += NUMBERS) {
      if (table[from] !== this.tick) continue;
      const to = this.find(table[from + Of.Key]);
      for (let number = 0; number < NUMBERS; number++) this.table[to + number] = table[from + number];
    }
  }

  originCount(at: number): number {
    return this.table[at + Of.OriginsEnd] - this.table[at + Of.OriginsBegin];
  }

  origin(at: number, index: number): number {
    return this.origins.items[this.table[at + Of.OriginsBegin] + index];
  }

  start(at: number): number {
    return this.table[at + Of.Start];
  }

  bits(at: number): number {
    const bits = this.table[at + Of.Bits];
    return bits < 0 ? -1 - bits : bits;
  }

  isTelling(at: number): boolean {
    return this.table[at + Of.Bits] >= 0;
  }
}

function createTable(places: number): Int32Array {
  return new Int32Array(places * NUMBERS).fill(-1);
}
