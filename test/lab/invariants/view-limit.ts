/**
 * A client knows nothing of the world but what the rule of sight lets it know: each cell that it knows reaches into the
 * view of its screen's shape, and so does each ship, but for the margins that the space states.
 */
import { type CellGrid, cellOriginX, cellOriginY, type Space } from "@starwake/shared/engine/cell-grid.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import type { LabClient } from "../lab-client.ts";
import type { Report } from "./violation.ts";

const { at } = shipKind;

/** For a frame that was just read. @param game the game as it should be */
export function checkView({ index, match }: LabClient, game: GameDefinition, grid: CellGrid, report: Report): void {
  const { snapshot, world } = match ?? {};
  if (snapshot?.own === undefined || world === undefined) return;
  const { head, own, regions, shape } = snapshot;
  const { cellSize } = grid.space;
  const middle = { x: own[at.x], y: own[at.y] };
  game.lookFrom?.(world, own, 0, middle);
  const { viewHalfWidth, viewHalfHeight } = (grid.space.views ?? [grid.space])[shape];
  const margin = marginOf(grid.space);
  for (const [region, { kinds, tick }] of regions) {
    const dx = outside(middle.x, cellOriginX(grid, region), cellSize) - viewHalfWidth;
    const dy = outside(middle.y, cellOriginY(grid, region), cellSize) - viewHalfHeight;
    if (Math.max(dx, dy) > 0) report("only-in-view", index, `region ${region} is ${dx}, ${dy} quanta outside the view`);
    if (tick !== head.tick) continue;
    for (const { id, row } of kinds[Kind.Ship]) {
      const shipX = Math.abs(row[at.x] - middle.x) - viewHalfWidth;
      const shipY = Math.abs(row[at.y] - middle.y) - viewHalfHeight;
      if (Math.max(shipX, shipY) > margin)
        report("only-in-view", index, `ship ${id} is ${shipX}, ${shipY} quanta outside the view`);
    }
  }
}

/** How far outside the view a ship may be known that is told of with its cell. */
function marginOf({ cellSize, stayMargin }: Space): number {
  return cellSize + stayMargin;
}

/** From a coordinate to the nearest part of a cell; 0 within it. */
function outside(coordinate: number, origin: number, size: number): number {
  return Math.max(0, origin - coordinate, coordinate - (origin + size));
}
