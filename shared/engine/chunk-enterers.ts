/**
 * How an enterer travels in a chunk: an entity that its reader does not know, whole; or, when it was brought forth by
 * one that the reader knows (its anchor), as differences from what the anchor's row foretells.
 *
 *   Golomb(count), for each
 *     Golomb(id − previous id − 1)          unless the row tells the id
 *     1 anchored?                           only for kinds that have anchors
 *       if so: Golomb(place of the anchor) · ticks, as Golomb(age) · 1 all else as foretold? · if not, for each other
 *              field: signed Golomb(difference)
 *       else:  public fields, whole
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import {
  correct,
  type Reference,
  readDifference,
  readWhole,
  residual,
  writeResidual,
  writeWhole,
} from "./field-codec.ts";
import type { IntList } from "./int-list.ts";
import type { RowTable } from "./records.ts";
import type { Tick } from "./tick.ts";

const COUNT_ORDER = 0;
const ID_GAP_ORDER = 4;
const ANCHOR_ORDER = 1;
/** What an anchor has just brought forth is a tick or two old. */
const ANCHORED_AGE_ORDER = 0;
const ANCHORED_TICKS = 1;

/** What the anchors in a region foretell, as both sides know it. */
type Anchors = {
  /** The likely value of a field of the row at `offset`, whose earlier fields are set; see GameDefinition.foretell. */
  foretell(place: number, rows: Int32Array, offset: number, field: number, tick: Tick): number;
};

/** The anchors in a region as their writer has them. */
export type WrittenAnchors = Anchors & {
  /** Where an entity stands in the region's list of anchors, or −1. */
  placeOf(id: EntityId): number;
  /** Whether all fields of a row are as an anchor foretells them. */
  isAsForetold(kind: number, slot: number, place: number, rows: Int32Array): boolean;
};

/** The anchors in a region as their reader has them. */
export type ReadAnchors = Anchors & { idAt(place: number): EntityId | undefined };

/** Writes the enterers among `kinds[index]`, whose rows stand in `table`. */
export function writeEnterers(
  writer: BitWriter,
  kinds: readonly EntityKind[],
  index: number,
  { ids, rows }: Pick<RowTable, "ids" | "rows">,
  enterers: IntList,
  anchors: WrittenAnchors,
  reference: Reference,
): void {
  const kind = kinds[index];
  writer.golomb(enterers.count, COUNT_ORDER);
  let previous = -1;
  for (let enterer = 0; enterer < enterers.count; enterer++) {
    const slot = enterers.items[enterer];
    if (kind.idOf === undefined) writer.golomb(ids[slot] - previous - 1, ID_GAP_ORDER);
    previous = ids[slot];
    const offset = slot * kind.fields.length;
    const place = kind.anchorField < 0 ? -1 : anchors.placeOf(rows[offset + kind.anchorField]);
    if (kind.anchorField >= 0) writer.bit(place >= 0);
    if (place >= 0) {
      const isAsForetold = anchors.isAsForetold(index, slot, place, rows);
      writeAnchored(writer, kind, rows, offset, place, isAsForetold, anchors, reference);
    } else
      for (const field of kind.publicFields) writeWhole(writer, kind.fields[field], rows[offset + field], reference);
  }
}

function writeAnchored(
  writer: BitWriter,
  kind: EntityKind,
  rows: Int32Array,
  offset: number,
  place: number,
  isAsForetold: boolean,
  anchors: Anchors,
  reference: Reference,
): void {
  writer.golomb(place, ANCHOR_ORDER);
  for (const index of kind.publicFields)
    if (kind.fields[index].isTick) writer.golomb(reference.tick - rows[offset + index], ANCHORED_AGE_ORDER);
  writer.bit(isAsForetold);
  if (isAsForetold) return;
  for (const index of kind.foretoldFields) {
    const field = kind.fields[index];
    const foretold = anchors.foretell(place, rows, offset, index, reference.tick);
    writeResidual(writer, field, residual(field, rows[offset + index], foretold), ANCHORED_TICKS);
  }
}

/** The enterers, in the order in which they were written. */
export function readEnterers(
  reader: BitReader,
  kind: EntityKind,
  anchors: ReadAnchors,
  reference: Reference,
): { id: EntityId; row: Int32Array }[] {
  const count = reader.golomb(COUNT_ORDER);
  const enterers: { id: EntityId; row: Int32Array }[] = [];
  let previous = -1;
  for (let enterer = 0; enterer < count && !reader.failed; enterer++) {
    const given = kind.idOf === undefined ? previous + 1 + reader.golomb(ID_GAP_ORDER) : -1;
    const row = new Int32Array(kind.fields.length);
    if (kind.anchorField >= 0 && reader.bit()) readAnchored(reader, kind, row, anchors, reference);
    else for (const field of kind.publicFields) row[field] = readWhole(reader, kind.fields[field], reference);
    previous = kind.idOf === undefined ? given : kind.idOf(row, 0);
    enterers.push({ id: previous, row });
  }
  return enterers;
}

function readAnchored(
  reader: BitReader,
  kind: EntityKind,
  row: Int32Array,
  anchors: ReadAnchors,
  reference: Reference,
): void {
  const place = reader.golomb(ANCHOR_ORDER);
  const anchor = anchors.idAt(place);
  if (anchor === undefined) {
    reader.failed = true;
    return;
  }
  row[kind.anchorField] = anchor;
  for (const index of kind.publicFields)
    if (kind.fields[index].isTick)
      row[index] = correct(reader, kind.fields[index], reference.tick, -reader.golomb(ANCHORED_AGE_ORDER));
  const isAsForetold = reader.bit();
  for (const index of kind.foretoldFields) {
    if (reader.failed) return;
    const difference = isAsForetold ? 0 : readDifference(reader, kind.fields[index], ANCHORED_TICKS);
    const foretold = anchors.foretell(place, row, 0, index, reference.tick);
    row[index] = correct(reader, kind.fields[index], foretold, difference);
  }
}
