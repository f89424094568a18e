/** Where the sketches of one tick stand in the tick's buffer, by region and parts, so that each is encoded once. */
import { MOST_PARTS_TOLD, SKETCH_PARTS, type SketchParts } from "@starwake/shared/engine/chunk-sketch.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const VARIANTS = SKETCH_PARTS * MOST_PARTS_TOLD;
const NUMBERS = 3;

export class TickSketches {
  /** Three numbers for each, side by side: the tick that it is of, its start and its bits. */
  private numbers = new Int32Array(0);
  private readonly regionCount: number;

  constructor(regionCount: number) {
    this.regionCount = regionCount;
  }

  keyOf(region: number, { first, count }: SketchParts): number {
    // Most rooms never sketch anything.
    if (this.numbers.length === 0) this.numbers = new Int32Array(this.regionCount * VARIANTS * NUMBERS).fill(-1);
    return ((first * MOST_PARTS_TOLD + count - 1) * this.regionCount + region) * NUMBERS;
  }

  has(key: number, tick: Tick): boolean {
    return this.numbers[key] === tick;
  }

  put(key: number, tick: Tick, start: number, bits: number): void {
    this.numbers[key] = tick;
    this.numbers[key + 1] = start;
    this.numbers[key + 2] = bits;
  }

  start(key: number): number {
    return this.numbers[key + 1];
  }

  bits(key: number): number {
    return this.numbers[key + 2];
  }
}
