/**
 * The square cells that the world is cut into for replication, and the window of them that a view needs. Server and
 * client compute the same window from the same view, so that what is sent needs no numbers.
 *
 * What flies across cells (a shot, a beam) would be told in each of them. Instead it stands in the cell where it was
 * born, and in the gates through which it passes: a cell has a gate on each side, and a window reads only the gates on
 * its rim. So whoever sees the birth is told once, and whoever only sees it come flying in is told at the rim.
 * Cells and gates together are called regions: region = cell + count × (0, or 1 + side).
 */

import type { IntList } from "./int-list.ts";

/** Half of what a client is sent around its view's centre, in quanta. */
export type View = { readonly viewHalfWidth: number; readonly viewHalfHeight: number };

/** As many views as frames can tell apart, see frame.ts. */
export const MOST_VIEWS = 8;

/** All lengths in quanta (the unit of coordinates in rows). The view is that of all clients, unless there are several. */
export type Space = View & {
  readonly width: number;
  readonly height: number;
  readonly cellSize: number;
  /** An entity stays with its cell until it is this far past the border. */
  readonly stayMargin: number;
  /**
   * Who is in the view is told, and who was stays known until this far outside of it; nobody else is. Without it a client
   * is told all that stands in the cells that its view touches.
   */
  readonly leaveMargin?: number;
  /** The views that a client may ask for, by the number of its screen's shape. */
  readonly views?: readonly View[];
};

/** The side of a cell that a gate is on. */
const Side = { Left: 0, Right: 1, Top: 2, Bottom: 3 } as const;

export type CellGrid = {
  readonly space: Space;
  readonly columns: number;
  readonly rows: number;
  readonly count: number;
  /** Cells and their gates. */
  readonly regionCount: number;
  /** Column and row offsets from the view's own cell, nearest first. */
  readonly offsets: readonly (readonly [number, number])[];
};

export function createCellGrid(space: Space): CellGrid {
  const columns = Math.max(1, Math.ceil(space.width / space.cellSize));
  const rows = Math.max(1, Math.ceil(space.height / space.cellSize));
  const views = space.views ?? [space];
  if (views.length > MOST_VIEWS) throw new Error(`${views.length} views: a frame can tell ${MOST_VIEWS} apart`);
  const across = Math.ceil(Math.max(...views.map(({ viewHalfWidth }) => viewHalfWidth)) / space.cellSize);
  const down = Math.ceil(Math.max(...views.map(({ viewHalfHeight }) => viewHalfHeight)) / space.cellSize);
  const offsets: [number, number][] = [];
  for (let row = -down; row <= down; row++)
    for (let column = -across; column <= across; column++) offsets.push([column, row]);
  offsets.sort((one, other) => squaredLength(one) - squaredLength(other));
  return { space, columns, rows, count: columns * rows, regionCount: columns * rows * 5, offsets };
}

/** The view for a screen's shape; for one that the game does not have, the view of who names none. */
export function viewFor({ views }: Space, shape: number): number {
  return views !== undefined && shape < views.length ? shape : 0;
}

export function viewOf({ space }: CellGrid, shape: number): View {
  return space.views?.[shape] ?? space;
}

function squaredLength([column, row]: readonly [number, number]): number {
  return column * column + row * row;
}

function columnOf(grid: CellGrid, x: number): number {
  return Math.min(grid.columns - 1, Math.max(0, Math.floor(x / grid.space.cellSize)));
}

function rowOf(grid: CellGrid, y: number): number {
  return Math.min(grid.rows - 1, Math.max(0, Math.floor(y / grid.space.cellSize)));
}

/** The cell that holds a point; points outside the world belong to the nearest cell. */
export function cellAt(grid: CellGrid, x: number, y: number): number {
  return rowOf(grid, y) * grid.columns + columnOf(grid, x);
}

/** Where a cell, or the cell of a gate, begins. */
export function cellOriginX(grid: CellGrid, region: number): number {
  return (region % grid.columns) * grid.space.cellSize;
}

export function cellOriginY(grid: CellGrid, region: number): number {
  return Math.floor((region % grid.count) / grid.columns) * grid.space.cellSize;
}

/** Whether a region is a gate. */
export function isGate(grid: CellGrid, region: number): boolean {
  return region >= grid.count;
}

function gate(grid: CellGrid, column: number, row: number, side: number): number {
  return row * grid.columns + column + grid.count * (1 + side);
}

/** The cell of an entity that stood in `home` before (−1: nowhere): it stays until well past the border. */
export function homeCell(grid: CellGrid, home: number, x: number, y: number): number {
  if (home >= 0) {
    const { cellSize, stayMargin } = grid.space;
    const dx = x - cellOriginX(grid, home);
    const dy = y - cellOriginY(grid, home);
    if (dx >= -stayMargin && dy >= -stayMargin && dx < cellSize + stayMargin && dy < cellSize + stayMargin) return home;
  }
  return cellAt(grid, x, y);
}

/**
 * Fills `regions` with the cell where a segment begins and the gates that it passes, sampled at an eighth of a cell.
 * @param home the cell that it is taken to begin in, or one beside it
 */
export function regionsAlong(
  grid: CellGrid,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  home: number,
  regions: IntList,
): void {
  regions.clear();
  regions.push(home);
  let column = home % grid.columns;
  let row = Math.floor(home / grid.columns);
  const steps = Math.ceil((Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) * 8) / grid.space.cellSize);
  for (let step = 1; step <= steps; step++) {
    const nextColumn = columnOf(grid, x0 + ((x1 - x0) * step) / steps);
    const nextRow = rowOf(grid, y0 + ((y1 - y0) * step) / steps);
    // Through a corner it passes both gates: whichever rim a window has there is told.
    if (nextColumn !== column)
      regions.push(gate(grid, nextColumn, nextRow, nextColumn > column ? Side.Left : Side.Right));
    if (nextRow !== row) regions.push(gate(grid, nextColumn, nextRow, nextRow > row ? Side.Top : Side.Bottom));
    column = nextColumn;
    row = nextRow;
  }
}

/** A number that is the same for views of one shape centred on two points only if their windows are. */
export function windowKey(grid: CellGrid, x: number, y: number, shape = 0): number {
  const { viewHalfWidth, viewHalfHeight } = viewOf(grid, shape);
  const { columns, rows } = grid;
  const across = (columnOf(grid, x - viewHalfWidth) * columns + columnOf(grid, x)) * columns;
  const down = (rowOf(grid, y - viewHalfHeight) * rows + rowOf(grid, y)) * rows;
  return (across + columnOf(grid, x + viewHalfWidth)) * rows * rows * rows + down + rowOf(grid, y + viewHalfHeight);
}

/**
 * Fills `regions` with the window of a shape's view centred on (x, y): its cells, nearest first, and then the gates on its rim.
 * The list is cut to length at the end, not emptied before: it keeps its memory that way.
 */
export function regionsInView(grid: CellGrid, x: number, y: number, regions: number[], shape = 0): void {
  let count = 0;
  const { viewHalfWidth, viewHalfHeight } = viewOf(grid, shape);
  const left = columnOf(grid, x - viewHalfWidth);
  const right = columnOf(grid, x + viewHalfWidth);
  const top = rowOf(grid, y - viewHalfHeight);
  const bottom = rowOf(grid, y + viewHalfHeight);
  const homeColumn = columnOf(grid, x);
  const homeRow = rowOf(grid, y);
  for (const offset of grid.offsets) {
    const column = homeColumn + offset[0];
    const row = homeRow + offset[1];
    if (column >= left && column <= right && row >= top && row <= bottom)
      regions[count++] = row * grid.columns + column;
  }
  for (let row = top; row <= bottom; row++) {
    if (left > 0) regions[count++] = gate(grid, left, row, Side.Left);
    if (right < grid.columns - 1) regions[count++] = gate(grid, right, row, Side.Right);
  }
  for (let column = left; column <= right; column++) {
    if (top > 0) regions[count++] = gate(grid, column, top, Side.Top);
    if (bottom < grid.rows - 1) regions[count++] = gate(grid, column, bottom, Side.Bottom);
  }
  regions.length = count;
}
