/**
 * The differences of entities between two ticks, as bits: each is encoded once for the ticks that its readers know it at,
 * in whatever chunks it stands.
 */
import { BitWriter } from "./bit-stream.ts";
import { MAX_PACE_TICKS } from "./chunk.ts";
import type { Tick } from "./tick.ts";

const BUFFER_BYTES = 1 << 19;
/** For each slot of a kind so many variants: of a gap and a pace where both are short, and of a gap alone. */
const PACED = MAX_PACE_TICKS * (MAX_PACE_TICKS + 1);
const LONGEST_GAP = 15;
const VARIANTS = PACED + LONGEST_GAP - MAX_PACE_TICKS;
/** For each variant the tick that its bits are of, where they begin, and how many they are. */
const Of = { Tick: 0, Start: 1, Bits: 2 } as const;
const NUMBERS = 3;

export class SurvivorMemory {
  /** Where they are written to. */
  readonly buffer = new BitWriter(new Uint8Array(BUFFER_BYTES));
  private readonly numbers: Int32Array[];
  private tick: Tick = -1;

  constructor(kindCount: number) {
    this.numbers = Array.from({ length: kindCount }, () => new Int32Array(0));
  }

  /** Takes up a tick, of which nothing is there if it is a new one. */
  begin(tick: Tick): void {
    if (tick === this.tick) return;
    this.tick = tick;
    this.buffer.rewind();
  }

  /**
   * Where the differences of a row are remembered, which is at `slot` of `count` now.
   * @param paceTicks 0: its pace does not count; else the gap is no longer than a pace counts for
   */
  find(kind: number, slot: number, count: number, gap: number, paceTicks: number): number {
    if (gap > LONGEST_GAP) throw new Error(`a gap of ${gap} ticks: raise LONGEST_GAP in survivor-memory.ts`);
    if (this.numbers[kind].length < count * VARIANTS * NUMBERS)
      this.numbers[kind] = new Int32Array((count + 8) * VARIANTS * NUMBERS).fill(-1);
    const variant =
      gap <= MAX_PACE_TICKS ? (gap - 1) * (MAX_PACE_TICKS + 1) + paceTicks : PACED + gap - MAX_PACE_TICKS - 1;
    return (slot * VARIANTS + variant) * NUMBERS;
  }

  has(kind: number, at: number): boolean {
    return this.numbers[kind][at + Of.Tick] === this.tick;
  }

  /** Remembers what was written to the buffer from bit `start` on. */
  put(kind: number, at: number, start: number): void {
    if (this.buffer.isFull)
      throw new Error("too many differences in one tick: raise BUFFER_BYTES in survivor-memory.ts");
    const numbers = this.numbers[kind];
    numbers[at + Of.Tick] = this.tick;
    numbers[at + Of.Start] = start;
    numbers[at + Of.Bits] = this.buffer.bitLength - start;
  }

  /** Copies what is remembered. */
  copy(kind: number, at: number, writer: BitWriter): void {
    const numbers = this.numbers[kind];
    writer.append(this.buffer.bytes, numbers[at + Of.Start], numbers[at + Of.Bits]);
  }
}
