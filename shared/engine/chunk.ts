/**
 * Chunks ⑪: `chunk(region, from, to)` brings a reader who knows a region at tick `from` (or knows nothing of it) to tick
 * `to`. chunk-writer.ts and chunk-reader.ts walk the same lists.
 *
 *   1 any news? that is, leavers, enterers or events
 *   leavers, for each kind, if there is news
 *                 Golomb(count), for each Golomb(gap in the list of those known at `from`)
 *   survivors, for each kind whose rows change, in order of id
 *                 1 first group differs? · if so its differences
 *                 1 anything else? · if so
 *                   1 held fields differ? · if so their differences · Golomb(age of the change − 1)
 *                   for each other group 1 differs? · if so its differences
 *                 (differences: for each field 1 differs?, left out in a group of one · residual)
 *   crossers, for each kind whose rows change, if there is news and `from`: see chunk-crossers.ts
 *   enterers, for each kind, if there is news: see chunk-enterers.ts
 *   events, if there is news
 *                 1 any? · for each schema Golomb(count), for each Golomb(age) · Golomb(number in its tick) · fields
 *
 * Everything is a difference from what the row itself foretells. When what a player holds has changed, the row is
 * foretold up to the change with the old and from there with the new: a ship that only turns costs no motion at all.
 *
 * A field that keeps its pace (where a player turns to: nothing in the row foretells it) is foretold to go on as it did
 * between the tick that the reader knew the region at before `from`, and `from`. So `chunk` has a fourth argument, the
 * ticks between those two; nearly everybody has the same there, too. Who entered since is taken to rest.
 *
 * An entity whose row tells its own end tick leaves unasked when that tick has come.
 *
 * In place of a chunk there may be a sketch, which has a layout of its own: see chunk-sketch.ts.
 */
import { type CellGrid, cellOriginX, cellOriginY } from "./cell-grid.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import type { Reference } from "./field-codec.ts";
import type { Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** What both sides must know to write or read chunks. */
export type ChunkFormat = {
  readonly kinds: readonly EntityKind[];
  readonly events: readonly Schema[];
  readonly grid: CellGrid;
  /** See GameDefinition.advance. */
  readonly advance: (kind: number, row: Int32Array, ticks: number) => void;
  /** See GameDefinition.foretell. */
  readonly foretell: (anchor: Int32Array, row: Int32Array, field: number, tick: Tick) => number;
};

/** An entity as its reader has it: the row at the tick of its region, or where that is a sketch, at its own. */
export type KnownEntity = {
  readonly id: EntityId;
  readonly row: Int32Array;
  readonly tick?: Tick;
  /** Its row is what a sketch told of it. */
  readonly isRough?: true;
  /** How its paced fields changed when it was last told, and in how many ticks; undefined: it has been told once. */
  pace?: { readonly changes: Int32Array; ticks: number };
};

/** A region as its reader has it: for each kind the entities in order of id. */
export type KnownRegion = {
  readonly tick: Tick;
  /** Rows are rough, and each as of its own tick; see chunk-sketch.ts. */
  readonly isSketch: boolean;
  /** The last frame had no news of it: what can move there rests. */
  readonly isResting?: true;
  readonly kinds: KnownEntity[][];
};

/** One that is kept and looks at one region after the other. */
export type MutableReference = { -readonly [Name in keyof Reference]: Reference[Name] };

export function createReference({ grid }: ChunkFormat): MutableReference {
  const { cellSize, stayMargin } = grid.space;
  return { tick: 0, originX: 0, originY: 0, nearSpan: cellSize + 2 * stayMargin, nearSlack: stayMargin };
}

export function referTo(reference: MutableReference, grid: CellGrid, region: number, tick: Tick): void {
  reference.tick = tick;
  reference.originX = cellOriginX(grid, region);
  reference.originY = cellOriginY(grid, region);
}

/** A pace counts when it was seen over at most so many ticks, and for as many: a player's hand does not turn on for longer. */
export const MAX_PACE_TICKS = 4;

/** Whether a pace that was seen over some ticks tells what comes in the next ones. */
export function isPaceFresh(overTicks: number, ticks: number): boolean {
  return overTicks > 0 && overTicks <= MAX_PACE_TICKS && ticks > 0 && ticks <= MAX_PACE_TICKS;
}
