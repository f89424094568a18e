/**
 * The sketches of one tick: a region's is encoded once, part after part, so that whatever parts a frame tells are a copy
 * of bits that stand side by side, and what they take is a difference.
 */
import type { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { type ChunkFormat, createReference, type MutableReference, referTo } from "@starwake/shared/engine/chunk.ts";
import {
  MOST_PARTS_TOLD,
  SKETCH_PARTS,
  type SketchParts,
  writeSketchPart,
} from "@starwake/shared/engine/chunk-sketch.ts";
import type { Records } from "@starwake/shared/engine/records.ts";

/** The first parts stand behind the last ones again: a frame may tell both. */
const PARTS_WRITTEN = SKETCH_PARTS + MOST_PARTS_TOLD - 1;
/** For each region the tick that its numbers are of, and where each part begins and the last one ends. */
const NUMBERS = 1 + PARTS_WRITTEN + 1;

export class TickSketches {
  /** Sketches encoded for the tick. */
  count = 0;
  private readonly format: ChunkFormat;
  private readonly buffer: BitWriter;
  private readonly reference: MutableReference;
  private records: Records | undefined;
  /** Made when the first sketch is: most rooms never have one. */
  private numbers = new Int32Array(0);

  /** @param buffer where they are written to, among other things */
  constructor(format: ChunkFormat, buffer: BitWriter) {
    this.format = format;
    this.buffer = buffer;
    this.reference = createReference(format);
  }

  /** Takes up a new tick, of which nothing is there. */
  begin(records: Records | undefined): void {
    this.records = records;
    this.count = 0;
  }

  /** Where some parts of a region's sketch begin in the buffer. */
  start(region: number, { first }: SketchParts): number {
    return this.numbers[this.find(region) + first];
  }

  bits(region: number, { first, count }: SketchParts): number {
    const at = this.find(region) + first;
    return this.numbers[at + count] - this.numbers[at];
  }

  /** Where the bounds of a region's parts stand among the numbers. */
  private find(region: number): number {
    const at = region * NUMBERS;
    if (this.numbers[at] !== this.records!.tick) this.encode(region, this.records!);
    return at + 1;
  }

  private encode(region: number, records: Records): void {
    const { format, buffer, reference } = this;
    if (this.numbers.length === 0) this.numbers = new Int32Array(format.grid.regionCount * NUMBERS).fill(-1);
    const at = region * NUMBERS;
    this.count++;
    this.numbers[at] = records.tick;
    referTo(reference, format.grid, region, records.tick);
    for (let part = 0; part < PARTS_WRITTEN; part++) {
      this.numbers[at + 1 + part] = buffer.bitLength;
      writeSketchPart(buffer, format, region, part % SKETCH_PARTS, records, reference);
    }
    this.numbers[at + 1 + PARTS_WRITTEN] = buffer.bitLength;
  }
}
