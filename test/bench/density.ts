/**
 * Density: the side of a map on which each player has so many others in view. A view is what Starwake sends: the window
 * of cells around a ship, smaller at the map's edge.
 */
import { cellOriginX, cellOriginY, createCellGrid, isGate, regionsInView } from "@starwake/shared/engine/cell-grid.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";

/** As server/config.ts has it; beyond, a coordinate does not fit a record. */
export const MAP_SIDE_UNITS = { min: 1280, max: 32512 } as const;

/** Places along each axis at which a view is tried. */
const SAMPLES = 40;
const PRECISION_UNITS = 4;

/** The mean number of others in the view of a player, where all are spread evenly over the map. */
export function othersInView(game: GameDefinition, players: number, sideUnits: number): number {
  const world = game.createWorld({ seed: 1, tickRate: 30, capacity: 1, mapSize: sideUnits, role: "prediction" });
  const space = game.space(world);
  const grid = createCellGrid(space);
  const regions: number[] = [];
  let area = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = (((sample % SAMPLES) + 0.5) / SAMPLES) * space.width;
    const y = ((Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * space.height;
    regionsInView(grid, x, y, regions);
    for (const region of regions) {
      if (isGate(grid, region)) continue;
      const width = Math.min(space.cellSize, space.width - cellOriginX(grid, region));
      const height = Math.min(space.cellSize, space.height - cellOriginY(grid, region));
      area += width * height;
    }
  }
  return ((players - 1) * (area / (SAMPLES * SAMPLES))) / (space.width * space.height);
}

/** The side in units, within what a map may have, at which `others` are in view. */
export function sideForOthers(game: GameDefinition, players: number, others: number): number {
  let low: number = MAP_SIDE_UNITS.min;
  let high: number = MAP_SIDE_UNITS.max;
  while (high - low > PRECISION_UNITS) {
    const middle = Math.round((low + high) / 2);
    if (othersInView(game, players, middle) > others) low = middle;
    else high = middle;
  }
  return high;
}
