/**
 * One session's own sketches, of the regions on its view's rim: of each the parts that its frame could tell, one after the
 * other, so that any of them from the first on are bits that stand side by side.
 */
import type { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { type ChunkFormat, createReference, type MutableReference, referTo } from "@starwake/shared/engine/chunk.ts";
import type { Part } from "@starwake/shared/engine/chunk-part.ts";
import {
  MOST_PARTS_TOLD,
  SKETCH_PARTS,
  type SketchParts,
  writeSketchPart,
} from "@starwake/shared/engine/chunk-sketch.ts";
import type { Records } from "@starwake/shared/engine/records.ts";

/** For each place where each part begins, and where the last one ends. */
const NUMBERS = MOST_PARTS_TOLD + 1;

export class OwnSketches {
  private readonly format: ChunkFormat;
  private readonly buffer: BitWriter;
  private readonly reference: MutableReference;
  private numbers = new Int32Array(0);
  private first = 0;

  /** @param buffer where they are written to, among other things */
  constructor(format: ChunkFormat, buffer: BitWriter) {
    this.format = format;
    this.buffer = buffer;
    this.reference = createReference(format);
  }

  /** Takes up a frame, which tells no part before `first`. */
  begin(places: number, first: number): void {
    if (this.numbers.length < places * NUMBERS) this.numbers = new Int32Array(places * NUMBERS * 2);
    this.first = first;
  }

  encode(place: number, region: number, records: Records, of: Part): void {
    const { format, buffer, reference, numbers } = this;
    referTo(reference, format.grid, region, records.tick);
    for (let part = 0; part < MOST_PARTS_TOLD; part++) {
      numbers[place * NUMBERS + part] = buffer.bitLength;
      writeSketchPart(buffer, format, region, (this.first + part) % SKETCH_PARTS, records, reference, of);
    }
    numbers[place * NUMBERS + MOST_PARTS_TOLD] = buffer.bitLength;
  }

  /** Where some parts of a place's sketch begin in the buffer. */
  start(place: number, { first }: SketchParts): number {
    return this.numbers[this.at(place, first)];
  }

  bits(place: number, { first, count }: SketchParts): number {
    const at = this.at(place, first);
    return this.numbers[at + count] - this.numbers[at];
  }

  private at(place: number, part: number): number {
    return place * NUMBERS + ((part - this.first + SKETCH_PARTS) % SKETCH_PARTS);
  }
}
