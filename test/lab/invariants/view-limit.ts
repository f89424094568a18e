/**
 * A client knows nothing of the world but what the rule of sight lets it know: each region that it knows reaches into the
 * view of its screen's shape, and each ship that it was told of is in the view, or stayed known a little way out.
 */
import { type CellGrid, cellOriginX, cellOriginY, type Space } from "@starwake/shared/engine/cell-grid.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import type { LabClient } from "../lab-client.ts";
import { clientView, outsideBy } from "./client-view.ts";
import type { Report } from "./violation.ts";

const { at } = shipKind;

/** For a frame that was just read. @param game the game as it should be */
export function checkView(client: LabClient, game: GameDefinition, grid: CellGrid, report: Report): void {
  const view = clientView(client, game, grid);
  const snapshot = client.match?.snapshot;
  if (view === undefined || snapshot === undefined) return;
  const { cellSize } = grid.space;
  const margin = marginOf(grid.space);
  for (const [region, { kinds, tick }] of snapshot.regions) {
    const dx = outside(view.x, cellOriginX(grid, region), cellSize) - view.halfWidth;
    const dy = outside(view.y, cellOriginY(grid, region), cellSize) - view.halfHeight;
    if (Math.max(dx, dy) > 0)
      report("only-in-view", client.index, `region ${region} is ${dx}, ${dy} quanta outside the view`);
    if (tick !== snapshot.head.tick) continue;
    for (const { id, row, tick: toldTick = tick } of kinds[Kind.Ship]) {
      const beyond = outsideBy(view, row[at.x], row[at.y]) - margin;
      if (toldTick === tick && beyond > 0)
        report("only-in-view", client.index, `ship ${id} is ${beyond} quanta outside of what may be known`);
    }
  }
}

/** How far outside the view a ship may be known. */
function marginOf({ leaveMargin, cellSize, stayMargin }: Space): number {
  // A sketch tells roughly where a ship is.
  return leaveMargin === undefined ? cellSize + stayMargin : leaveMargin + stayMargin / 4;
}

/** From a coordinate to the nearest part of a cell; 0 within it. */
function outside(coordinate: number, origin: number, size: number): number {
  return Math.max(0, origin - coordinate, coordinate - (origin + size));
}
