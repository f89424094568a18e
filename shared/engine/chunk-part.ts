/**
 * Parts of regions: what a reader is told of a region that lies on the rim of its view, or beyond it, is what lies in the
 * view and nothing else. Who reads such a chunk need not know: to it, those that it was told of are all there are.
 *
 * A part is one reader's own, and is written for that reader alone. What it costs is looking at the members of the
 * regions on the rim; the differences of each entity there are encoded once, whoever is told (survivor-memory.ts).
 */
import type { EntityId } from "./entity-kind.ts";
import type { RowTable } from "./records.ts";

export type Part = {
  /** Whether the reader is to know a row of a kind, which it knew before or not. */
  tells(kind: number, table: RowTable, slot: number, isKnown: boolean): boolean;
  /** Whether the reader is told of an event. */
  tellsEvent(table: RowTable, slot: number): boolean;
  /** Those of a kind whom the reader knew in the region. */
  known(kind: number): KnownList;
  /** Where an entity of a kind stands in the list of those that the reader knew in a cell at `from`, or −1. */
  placeOf(kind: number, cell: number, id: EntityId): number;
};

/** Entities in ascending order of id, side by side from `begin` to `end` in longer lists. */
export type KnownList = {
  readonly ids: Float64Array;
  /** 1: the reader has seen it change since it was told of it whole, so that its pace counts. */
  readonly paced: Uint8Array;
  readonly begin: number;
  readonly end: number;
};

/** Whether the way of a row, or the place where it stands, meets a rectangle around a middle. */
export function meets(
  { spans }: Pick<RowTable, "spans">,
  slot: number,
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
): boolean {
  const at = slot * 4;
  const x0 = spans[at] - x;
  const y0 = spans[at + 1] - y;
  const x1 = spans[at + 2] - x;
  const y1 = spans[at + 3] - y;
  if (Math.max(x0, x1) < -halfWidth || Math.min(x0, x1) > halfWidth) return false;
  if (Math.max(y0, y1) < -halfHeight || Math.min(y0, y1) > halfHeight) return false;
  // The line through both ends has corners of the rectangle on both sides, or touches one: the separating axis theorem.
  return Math.abs(x0 * y1 - x1 * y0) <= halfWidth * Math.abs(y1 - y0) + halfHeight * Math.abs(x1 - x0);
}
