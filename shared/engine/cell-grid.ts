/**
 * The square cells that the world is cut into for replication, and the window of cells that a view needs. Server and
 * client compute the same window from the same view, so that cells travel without their numbers.
 */

/** All lengths in quanta (the unit of coordinates in rows). */
export type Space = {
  readonly width: number;
  readonly height: number;
  readonly cellSize: number;
  /** An entity stays with its cell until it is this far past the border. */
  readonly stayMargin: number;
  /** Half of what a client is sent around its view's centre. */
  readonly viewHalfWidth: number;
  readonly viewHalfHeight: number;
};

export type CellGrid = {
  readonly space: Space;
  readonly columns: number;
  readonly rows: number;
  readonly count: number;
  /** Column and row offsets from the view's own cell, nearest first. */
  readonly offsets: readonly (readonly [number, number])[];
};

export function createCellGrid(space: Space): CellGrid {
  const columns = Math.max(1, Math.ceil(space.width / space.cellSize));
  const rows = Math.max(1, Math.ceil(space.height / space.cellSize));
  const across = Math.ceil(space.viewHalfWidth / space.cellSize);
  const down = Math.ceil(space.viewHalfHeight / space.cellSize);
  const offsets: [number, number][] = [];
  for (let row = -down; row <= down; row++) for (let column = -across; column <= across; column++) offsets.push([column, row]);
  offsets.sort((one, other) => squaredLength(one) - squaredLength(other));
  return { space, columns, rows, count: columns * rows, offsets };
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

export function cellOriginX(grid: CellGrid, cell: number): number {
  return (cell % grid.columns) * grid.space.cellSize;
}

export function cellOriginY(grid: CellGrid, cell: number): number {
  return Math.floor(cell / grid.columns) * grid.space.cellSize;
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

/** Fills `cells` with those that the segment touches, sampled at a quarter of a cell. */
export function cellsAlong(grid: CellGrid, x0: number, y0: number, x1: number, y1: number, cells: number[]): void {
  cells.length = 0;
  const steps = Math.ceil((Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) * 4) / grid.space.cellSize);
  for (let step = 0; step <= steps; step++) {
    const part = steps === 0 ? 0 : step / steps;
    const cell = cellAt(grid, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part);
    if (!cells.includes(cell)) cells.push(cell);
  }
}

/** Fills `cells` with the window of a view centred on (x, y), nearest first. */
export function cellsInView(grid: CellGrid, x: number, y: number, cells: number[]): void {
  cells.length = 0;
  const { viewHalfWidth, viewHalfHeight } = grid.space;
  const left = columnOf(grid, x - viewHalfWidth);
  const right = columnOf(grid, x + viewHalfWidth);
  const top = rowOf(grid, y - viewHalfHeight);
  const bottom = rowOf(grid, y + viewHalfHeight);
  const homeColumn = columnOf(grid, x);
  const homeRow = rowOf(grid, y);
  for (const offset of grid.offsets) {
    const column = homeColumn + offset[0];
    const row = homeRow + offset[1];
    if (column >= left && column <= right && row >= top && row <= bottom) cells.push(row * grid.columns + column);
  }
}
