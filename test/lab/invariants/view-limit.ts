/**
 * Nothing outside a view's margin is on the wire: each cell that a client knows reaches into its view, and a ship hangs
 * over from such a cell by no more than the grid allows.
 */
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { type CellGrid, cellOriginX, cellOriginY } from "@starwake/shared/engine/cell-grid.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import type { Report } from "./violation.ts";

const { at } = shipKind;

export function checkView(client: number, { head, own, regions }: Snapshot, grid: CellGrid, report: Report): void {
  if (own === undefined) return;
  const { cellSize, stayMargin, viewHalfWidth, viewHalfHeight } = grid.space;
  const [x, y] = [own[at.x], own[at.y]];
  for (const [region, { kinds, tick }] of regions) {
    const dx = outside(x, cellOriginX(grid, region), cellSize) - viewHalfWidth;
    const dy = outside(y, cellOriginY(grid, region), cellSize) - viewHalfHeight;
    if (Math.max(dx, dy) > 0)
      report("only-in-view", client, `region ${region} is ${dx}, ${dy} quanta outside the view`);
    if (tick !== head.tick) continue;
    for (const { id, row } of kinds[Kind.Ship]) {
      const shipX = Math.abs(row[at.x] - x) - viewHalfWidth;
      const shipY = Math.abs(row[at.y] - y) - viewHalfHeight;
      if (Math.max(shipX, shipY) > cellSize + stayMargin)
        report("only-in-view", client, `ship ${id} is ${shipX}, ${shipY} quanta outside the view`);
    }
  }
}

/** From a coordinate to the nearest part of a cell; 0 within it. */
function outside(coordinate: number, origin: number, size: number): number {
  return Math.max(0, origin - coordinate, coordinate - (origin + size));
}
