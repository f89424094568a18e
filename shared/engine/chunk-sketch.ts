/**
 * Sketches: what stands in a region, roughly and in parts. Where a crowd does not fit a reader's budget, each frame tells
 * some parts of all entities out of every region in view, and the next frame the next ones: so everybody is told of in
 * turn, and who goes from one region to another meanwhile is not lost between them. Nothing can be foretold from a
 * sketch: a reader that holds one is told the region from nothing the next time.
 *
 *   1 anybody? · if so for each kind Golomb(count), for each
 *     Golomb(place − previous place − 1)   unless the row tells the id: its place among all ids that are told of
 *     public fields, rough
 *
 * Events are not in it.
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { ChunkFormat, KnownEntity, KnownRegion } from "./chunk.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import { type Reference, readRough, writeRough } from "./field-codec.ts";
import type { Records, RowTable } from "./records.ts";
import type { Tick } from "./tick.ts";

/** Stands for a sketch where there would be the ticks that a chunk bridges. */
export const SKETCH = 63;

/**
 * Which entities a frame's sketches tell of, in parts of all: by their ids, from part `first` on, and from the last on to
 * the first.
 */
export type SketchParts = { readonly first: number; readonly count: number };

export const SKETCH_PARTS = 32;
/** As many parts as one frame tells at most, where the budget is not so tight. */
export const MOST_PARTS_TOLD = 8;

const FIRST_BITS = 5;
const COUNT_BITS = 3;
const COUNT_ORDER = 0;
const PLACE_GAP_ORDER = 5;

export function writeSketchParts(writer: BitWriter, { first, count }: SketchParts): void {
  writer.bits(first, FIRST_BITS);
  writer.bits(count - 1, COUNT_BITS);
}

export function readSketchParts(reader: BitReader): SketchParts {
  return { first: reader.bits(FIRST_BITS), count: reader.bits(COUNT_BITS) + 1 };
}

/** Where an entity stands among those that are told of; −1: it is not one of them. */
function placeOf(id: EntityId, { first, count }: SketchParts): number {
  const fromFirst = id + SKETCH_PARTS - first;
  const part = fromFirst % SKETCH_PARTS;
  return part < count ? Math.floor(fromFirst / SKETCH_PARTS) * count + part : -1;
}

function idAt(place: number, { first, count }: SketchParts): EntityId {
  return Math.floor(place / count) * SKETCH_PARTS + (place % count) + first - SKETCH_PARTS;
}

/** @param reference is set to the region and to the tick of `records` */
export function writeSketch(
  writer: BitWriter,
  { kinds }: ChunkFormat,
  region: number,
  parts: SketchParts,
  records: Records,
  reference: Reference,
): void {
  let hasAnybody = false;
  for (const table of records.kinds) hasAnybody ||= countIn(table, region, parts) > 0;
  writer.bit(hasAnybody);
  if (!hasAnybody) return;
  for (let index = 0; index < kinds.length; index++) {
    const { idOf, fields, publicFields } = kinds[index];
    const { ids, rows, slots, starts } = records.kinds[index];
    const count = countIn(records.kinds[index], region, parts);
    writer.golomb(count, COUNT_ORDER);
    let previous = -1;
    for (let member = starts[region]; count > 0 && member < starts[region + 1]; member++) {
      const slot = slots[member];
      const place = placeOf(ids[slot], parts);
      if (place < 0) continue;
      if (idOf === undefined) writer.golomb(place - previous - 1, PLACE_GAP_ORDER);
      previous = place;
      for (const field of publicFields)
        writeRough(writer, fields[field], rows[slot * fields.length + field], reference);
    }
  }
}

function countIn({ ids, slots, starts }: RowTable, region: number, parts: SketchParts): number {
  let count = 0;
  for (let member = starts[region]; member < starts[region + 1]; member++)
    if (placeOf(ids[slots[member]], parts) >= 0) count++;
  return count;
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
  const { tick } = reference;
  const others = kinds.map((_, index) => othersThan(parts, known, index));
  if (!reader.bit()) return { tick, isSketch: true, kinds: others };
  return {
    tick,
    isSketch: true,
    kinds: kinds.map((kind, index) => readKind(reader, kind, parts, others[index], reference)),
  };
}

/** Who is known of a kind and is not told of now, each as of when it was told. */
function othersThan(parts: SketchParts, known: KnownRegion | undefined, kind: number): KnownEntity[] {
  if (known === undefined) return [];
  const others = known.kinds[kind].filter(({ id }) => placeOf(id, parts) < 0);
  return known.isSketch ? others : others.map(({ id, row }) => ({ id, row, tick: known.tick }));
}

function readKind(
  reader: BitReader,
  kind: EntityKind,
  parts: SketchParts,
  others: readonly KnownEntity[],
  reference: Reference,
): KnownEntity[] {
  const count = reader.golomb(COUNT_ORDER);
  const entities = [...others];
  let place = -1;
  for (let entity = 0; entity < count && !reader.failed; entity++) {
    if (kind.idOf === undefined) place += 1 + reader.golomb(PLACE_GAP_ORDER);
    const row = new Int32Array(kind.fields.length);
    for (const field of kind.publicFields) row[field] = readRough(reader, kind.fields[field], reference);
    const id: EntityId = kind.idOf === undefined ? idAt(place, parts) : kind.idOf(row, 0);
    entities.push({ id, row, tick: reference.tick, isRough: true });
  }
  return entities.sort((one, other) => one.id - other.id);
}

/** The tick as of which an entity is known. */
export function toldAt(region: KnownRegion, { tick = region.tick }: KnownEntity): Tick {
  return region.isSketch ? tick : region.tick;
}
