/**
 * Where the chunks of one tick stand in the tick's buffer, by region and by what their readers know, so that each is
 * encoded once, whoever asks.
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
const VARIANTS = GAPS + 2 * PACED;

const NUMBERS = 5;

export class TickChunks {
  /**
   * Five numbers for each, side by side: the tick that it is of (an older one is as good as none), its start, its bits
   * (negative, less one, where the chunk tells nothing that its reader does not hold already), and where its origins
   * begin and end in the list of them.
   */
  private readonly numbers: Int32Array;
  /** The cells next door that somebody came from, of all chunks. */
  private readonly origins = new IntList();
  private readonly regionCount: number;

  constructor(regionCount: number) {
    this.regionCount = regionCount;
    this.numbers = new Int32Array(regionCount * VARIANTS * NUMBERS).fill(-1);
  }

  /**
   * @param paceTicks the ticks over which the reader saw what keeps its pace change; 0: that does not count
   * @param knowsOrigins whether it knows where everybody has come from; only for gaps for which a pace could count
   */
  keyOf(region: number, gap: number, paceTicks: number, knowsOrigins: boolean): number {
    const paced = GAPS + (gap - 1) * (MAX_PACE_TICKS + 1) + paceTicks;
    const variant = knowsOrigins ? paced + PACED : paceTicks > 0 ? paced : gap;
    return (variant * this.regionCount + region) * NUMBERS;
  }

  has(key: number, tick: Tick): boolean {
    return this.numbers[key] === tick;
  }

  put(key: number, tick: Tick, start: number, bits: number, isTelling: boolean): void {
    this.numbers[key] = tick;
    this.numbers[key + 1] = start;
    this.numbers[key + 2] = isTelling ? bits : -1 - bits;
  }

  putOrigins(key: number, { items, count }: IntList): void {
    this.numbers[key + 3] = this.origins.count;
    for (let index = 0; index < count; index++) this.origins.push(items[index]);
    this.numbers[key + 4] = this.origins.count;
  }

  clearOrigins(): void {
    this.origins.clear();
  }

  originCount(key: number): number {
    return this.numbers[key + 4] - this.numbers[key + 3];
  }

  origin(key: number, index: number): number {
    return this.origins.items[this.numbers[key + 3] + index];
  }

  start(key: number): number {
    return this.numbers[key + 1];
  }

  bits(key: number): number {
    const size = this.numbers[key + 2];
    return size < 0 ? -1 - size : size;
  }

  isTelling(key: number): boolean {
    return this.numbers[key + 2] >= 0;
  }
}
