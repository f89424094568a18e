/**
 * How the row of the entity that a player steers travels, at the end of a frame: what everybody may know of it stands in
 * the chunk of its region already, and what is private goes on from what the last frame told.
 *
 *   1 steers? · if so
 *     1 is public in its region? · if not: 1 as in the last frame? · if not: public fields, whole
 *     1 goes on from the last frame? · if so for each private field 1 as foretold? · if not: signed Golomb(difference)
 *                                    · else: private fields, whole
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { EntityKind } from "./entity-kind.ts";
import {
  correct,
  noCell,
  readNonzeroDifference,
  readWhole,
  residual,
  writeNonzeroResidual,
  writeWhole,
} from "./field-codec.ts";
import type { Field } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** Residuals are coded alike, however long ago the last frame was. */
const TICKS = 1;

/** A row among others. */
type RowAt = { rows: Int32Array; offset: number };

/**
 * @param isInRegion whether the frame brings the region where it stands exactly
 * @param before its row as the last frame told it, `ticks` ago
 */
export function writeSteered(
  writer: BitWriter,
  kind: EntityKind,
  { rows, offset }: Readonly<RowAt>,
  tick: Tick,
  isInRegion: boolean,
  before: Readonly<RowAt> | undefined,
  ticks: number,
): void {
  const { fields, publicFields, privateFields } = kind;
  writer.bit(true);
  writer.bit(isInRegion);
  if (!isInRegion) {
    const isAsBefore = before !== undefined && isSame(publicFields, rows, offset, before);
    writer.bit(isAsBefore);
    if (!isAsBefore) writeAllWhole(writer, fields, publicFields, rows, offset, tick);
  }
  writer.bit(before !== undefined);
  if (before === undefined) writeAllWhole(writer, fields, privateFields, rows, offset, tick);
  else
    for (const at of privateFields) {
      const likely = foretold(fields[at], before.rows[before.offset + at], ticks);
      const difference = residual(fields[at], rows[offset + at], likely);
      writer.bit(difference === 0);
      if (difference !== 0) writeNonzeroResidual(writer, fields[at], difference, TICKS);
    }
}

function writeAllWhole(
  writer: BitWriter,
  fields: readonly Field[],
  which: readonly number[],
  rows: Int32Array,
  offset: number,
  tick: Tick,
): void {
  const reference = noCell(tick);
  for (const at of which) writeWhole(writer, fields[at], rows[offset + at], reference);
}

function isSame(fields: readonly number[], rows: Int32Array, offset: number, before: Readonly<RowAt>): boolean {
  for (const at of fields) if (rows[offset + at] !== before.rows[before.offset + at]) return false;
  return true;
}

export function writeNoneSteered(writer: BitWriter): void {
  writer.bit(false);
}

/**
 * The row; undefined: nothing is steered.
 * @param known what the frame has told of the steered entity in its region
 * @param before the row that the last frame told, `ticks` ago
 */
export function readSteered(
  reader: BitReader,
  kind: EntityKind,
  tick: Tick,
  known: Int32Array | undefined,
  before: Int32Array | undefined,
  ticks: number,
): Int32Array | undefined {
  const { fields, publicFields, privateFields } = kind;
  if (!reader.bit()) return undefined;
  const row = new Int32Array(fields.length);
  const source = reader.bit() ? known : reader.bit() ? before : NOWHERE;
  if (source === undefined) reader.failed = true;
  for (const at of publicFields)
    row[at] = source === NOWHERE ? readWhole(reader, fields[at], noCell(tick)) : (source?.[at] ?? fields[at].min);
  const goesOn = reader.bit();
  if (goesOn && before === undefined) reader.failed = true;
  for (const at of privateFields) {
    const field = fields[at];
    if (!goesOn) row[at] = readWhole(reader, field, noCell(tick));
    else {
      const likely = foretold(field, before?.[at] ?? field.min, ticks);
      row[at] = correct(reader, field, likely, reader.bit() ? 0 : readNonzeroDifference(reader, field, TICKS));
    }
  }
  return row;
}

/** Stands for a row that is told whole. */
const NOWHERE = new Int32Array(0);

function foretold({ countsDown, min }: Field, value: number, ticks: number): number {
  return countsDown ? Math.max(min, value - ticks) : value;
}
