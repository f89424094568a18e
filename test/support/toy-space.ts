/** A world of 10 by 6 cells for tests of what is cut into cells: a cell is 100, its margin 20, a view 250 by 150 around. */
import { createCellGrid, type Space } from "@starwake/shared/engine/cell-grid.ts";

export const TOY_SPACE: Space = {
  width: 1000,
  height: 600,
  cellSize: 100,
  stayMargin: 20,
  viewHalfWidth: 250,
  viewHalfHeight: 150,
};

export const toyGrid = createCellGrid(TOY_SPACE);
