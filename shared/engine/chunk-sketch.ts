/**
 * Sketches: what stands in a region, roughly and in parts. Where a crowd does not fit a reader's budget, each frame tells
 * some parts of all entities out of every region in view, and the next frame the next ones: so everybody is told of in
 * turn, and who goes from one region to another meanwhile is not lost between them. Nothing can be foretold from a
 * sketch: a reader that holds one is told the region from nothing the next time.
 *
 * Entities are parted by their ids. A part is the same for all who are told it, and parts follow one another as they are:
 *
 *   for each entity 1 · Golomb(kind)
 *                   Golomb(place − previous place − 1)   its place among all ids of the part, unless the row tells the id
 *                   public fields, rough                 those that are mostly at their least behind all others:
 *                                                        1 any of them not? · if so all of them
 *   0
 *
 * Events are not in it.
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { ChunkFormat, KnownEntity, KnownRegion } from "./chunk.ts";
import type { Part } from "./chunk-part.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import { type Reference, readRough, writeRough } from "./field-codec.ts";
import type { Records } from "./records.ts";
import type { Tick } from "./tick.ts";

/** Stands for a sketch where there would be the ticks that a chunk bridges. */
export const SKETCH = 63;

/** Which parts a frame's sketches tell: so many from the first on, and after the last of all part 0. */
export type SketchParts = { readonly first: number; readonly count: number };

export const SKETCH_PARTS = 16;
/** As many parts as one frame tells at most, where the budget is not so tight. */
export const MOST_PARTS_TOLD = 4;

const FIRST_BITS = 4;
const COUNT_BITS = 2;
const KIND_ORDER = 0;
const PLACE_GAP_ORDER = 4;

export function writeSketchParts(writer: BitWriter, { first, count }: SketchParts): void {
  writer.bits(first, FIRST_BITS);
  writer.bits(count - 1, COUNT_BITS);
}

export function readSketchParts(reader: BitReader): SketchParts {
  return { first: reader.bits(FIRST_BITS), count: reader.bits(COUNT_BITS) + 1 };
}

/**
 * @param reference is set to the region and to the tick of `records`
 * @param of whose sketch it is, where that reader is told of a part of the region alone
 */
export function writeSketchPart(
  writer: BitWriter,
  { kinds }: ChunkFormat,
  region: number,
  part: number,
  records: Records,
  reference: Reference,
  of?: Part,
): void {
  for (let index = 0; index < kinds.length; index++) {
    const { idOf, fields, plainFields, rareFields } = kinds[index];
    const { ids, rows, slots, starts } = records.kinds[index];
    let previous = -1;
    for (let member = starts[region]; member < starts[region + 1]; member++) {
      const slot = slots[member];
      if (ids[slot] % SKETCH_PARTS !== part) continue;
      if (of !== undefined && !of.tells(index, records.kinds[index], slot, false)) continue;
      writer.bit(true);
      writer.golomb(index, KIND_ORDER);
      const place = Math.floor(ids[slot] / SKETCH_PARTS);
      if (idOf === undefined) writer.golomb(place - previous - 1, PLACE_GAP_ORDER);
      previous = place;
      const offset = slot * fields.length;
      for (const field of plainFields) writeRough(writer, fields[field], rows[offset + field], reference);
      const hasRare = isAnyAboveLeast(kinds[index], rows, offset);
      writer.bit(hasRare);
      if (!hasRare) continue;
      for (const field of rareFields) writeRough(writer, fields[field], rows[offset + field], reference);
    }
  }
  writer.bit(false);
}

function isAnyAboveLeast({ rareFields, fields }: EntityKind, rows: Int32Array, offset: number): boolean {
  for (const field of rareFields) if (rows[offset + field] !== fields[field].min) return true;
  return false;
}

/**
 * Reads some parts of a sketch into what is known of its region, whose rows are taken over.
 * @param reference is set to the region and to the frame's tick
 */
export function readSketch(
  reader: BitReader,
  { kinds }: ChunkFormat,
  parts: SketchParts,
  known: KnownRegion | undefined,
  reference: Reference,
): KnownRegion {
  const entities = kinds.map((_, index) => othersThan(parts, known, index));
  for (let part = parts.first; part < parts.first + parts.count; part++)
    readPart(reader, kinds, part % SKETCH_PARTS, entities, reference);
  for (const ofKind of entities) ofKind.sort((one, other) => one.id - other.id);
  return { tick: reference.tick, isSketch: true, kinds: entities };
}

/** Who is known of a kind and is not told of now, each as of when it was told. */
function othersThan({ first, count }: SketchParts, known: KnownRegion | undefined, kind: number): KnownEntity[] {
  if (known === undefined) return [];
  const others = known.kinds[kind].filter(({ id }) => (id + SKETCH_PARTS - first) % SKETCH_PARTS >= count);
  return known.isSketch ? others : others.map(({ id, row }) => ({ id, row, tick: known.tick }));
}

/** @param entities for each kind those that are known so far */
function readPart(
  reader: BitReader,
  kinds: ChunkFormat["kinds"],
  part: number,
  entities: readonly KnownEntity[][],
  reference: Reference,
): void {
  const places = kinds.map(() => -1);
  while (reader.bit()) {
    const index = reader.golomb(KIND_ORDER);
    if (index >= kinds.length) reader.failed = true;
    if (reader.failed) return;
    const { idOf, fields, plainFields, rareFields } = kinds[index];
    if (idOf === undefined) places[index] += 1 + reader.golomb(PLACE_GAP_ORDER);
    const row = new Int32Array(fields.length);
    for (const field of plainFields) row[field] = readRough(reader, fields[field], reference);
    const hasRare = reader.bit();
    for (const field of rareFields)
      row[field] = hasRare ? readRough(reader, fields[field], reference) : fields[field].min;
    const id: EntityId = idOf === undefined ? places[index] * SKETCH_PARTS + part : idOf(row, 0);
    entities[index].push({ id, row, tick: reference.tick, isRough: true });
  }
}

/** The tick as of which an entity is known. */
export function toldAt(region: KnownRegion, { tick = region.tick }: KnownEntity): Tick {
  return region.isSketch ? tick : region.tick;
}
