/**
 * How a survivor travels in a chunk: an entity that its reader knows, as differences from what its row foretells. See
 * chunk.ts for the layout.
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { EntityKind } from "./entity-kind.ts";
import { bitsFor, correct, readNonzeroDifference, residual, writeNonzeroResidual } from "./field-codec.ts";
import type { Field } from "./schema.ts";

const HELD_AGE_ORDER = 0;

type Advance = (row: Int32Array, ticks: number) => void;

/**
 * Writes the row at `offset` as differences from `predicted`.
 * @param heldAge for how many ticks what is held has been held; 0: it has not changed
 * @param ticks for how many ticks it was predicted
 */
export function writeSurvivor(
  writer: BitWriter,
  kind: EntityKind,
  predicted: Int32Array,
  rows: Int32Array,
  offset: number,
  heldAge: number,
  ticks: number,
): void {
  const groups = kind.publicGroups;
  writeGroup(writer, kind, groups[0], predicted, rows, offset, ticks);
  let hasMore = heldAge > 0;
  for (let group = 1; group < groups.length; group++) hasMore ||= differs(groups[group], predicted, rows, offset);
  writer.bit(hasMore);
  if (!hasMore) return;
  writer.bit(heldAge > 0);
  if (heldAge > 0) writer.golomb(heldAge - 1, HELD_AGE_ORDER);
  if (heldAge > 0)
    for (const field of kind.heldFields)
      writer.bits(rows[offset + field] - kind.fields[field].min, widthOf(kind.fields[field]));
  for (let group = 1; group < groups.length; group++)
    writeGroup(writer, kind, groups[group], predicted, rows, offset, ticks);
}

function differs(group: readonly number[], predicted: Int32Array, rows: Int32Array, offset: number): boolean {
  for (const field of group) if (rows[offset + field] !== predicted[field]) return true;
  return false;
}

function widthOf(field: Field): number {
  return bitsFor(field.max - field.min);
}

function writeGroup(
  writer: BitWriter,
  kind: EntityKind,
  group: readonly number[],
  predicted: Int32Array,
  rows: Int32Array,
  offset: number,
  ticks: number,
): void {
  const isDifferent = differs(group, predicted, rows, offset);
  writer.bit(isDifferent);
  if (!isDifferent) return;
  for (const field of group) {
    const difference = residual(kind.fields[field], rows[offset + field], predicted[field]);
    if (group.length > 1) writer.bit(difference !== 0);
    if (difference !== 0) writeNonzeroResidual(writer, kind.fields[field], difference, ticks);
  }
}

/** Foretells `row` for `ticks` ahead, and gathers in `differences` (zeros) what is to be added to that. */
export function readSurvivor(
  reader: BitReader,
  kind: EntityKind,
  advance: Advance,
  row: Int32Array,
  differences: Int32Array,
  ticks: number,
): void {
  const groups = kind.publicGroups;
  readGroup(reader, kind, groups[0], differences, ticks);
  const hasMore = reader.bit();
  const heldAge = hasMore && reader.bit() ? Math.min(ticks, reader.golomb(HELD_AGE_ORDER) + 1) : 0;
  advance(row, ticks - heldAge);
  if (heldAge > 0) for (const field of kind.heldFields) row[field] = readHeld(reader, kind.fields[field]);
  advance(row, heldAge);
  if (!hasMore) return;
  for (let group = 1; group < groups.length; group++) readGroup(reader, kind, groups[group], differences, ticks);
}

function readHeld(reader: BitReader, field: Field): number {
  return correct(reader, field, field.min, reader.bits(widthOf(field)));
}

function readGroup(
  reader: BitReader,
  kind: EntityKind,
  group: readonly number[],
  differences: Int32Array,
  ticks: number,
): void {
  if (!reader.bit()) return;
  for (const field of group) {
    if (group.length === 1 || reader.bit())
      differences[field] = readNonzeroDifference(reader, kind.fields[field], ticks);
  }
}
