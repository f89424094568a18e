/**
 * Density: the side of a map on which each player has so many others in view. A view is what Starwake sends: the window
 * of cells around a ship, smaller at the map's edge.
 */
import {
  cellOriginX,
  cellOriginY,
  createCellGrid,
  isGate,
  regionsInView,
  type Space,
} from "@starwake/shared/engine/cell-grid.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";

/** As server/config.ts has it; beyond, a coordinate does not fit a record. */
const MAP_SIDE_UNITS = { min: 1280, max: 32512 } as const;

/** Places along each axis at which a view is tried. */
const SAMPLES = 40;
const PRECISION_UNITS = 4;

/** The mean number of others in the view of a player, where all are spread evenly over the map. */
export function othersInView(game: GameDefinition, players: number, sideUnits: number): number {
  return othersIn(spaceOf(game), players, sideUnits);
}

/** The side in units, within what a map may have, at which `others` are in view. */
export function sideForOthers(game: GameDefinition, players: number, others: number): number {
  const space = spaceOf(game);
  let low: number = MAP_SIDE_UNITS.min;
  let high: number = MAP_SIDE_UNITS.max;
  while (high - low > PRECISION_UNITS) {
    const middle = Math.round((low + high) / 2);
    if (othersIn(space, players, middle) > others) low = middle;
    else high = middle;
  }
  return high;
}

/** Of the smallest map: cells and views are the same on all. */
function spaceOf(game: GameDefinition): Space {
  const setup = { seed: 1, tickRate: 30, capacity: 1, mapSize: MAP_SIDE_UNITS.min, role: "prediction" } as const;
  return game.space(game.createWorld(setup));
}

function othersIn(smallest: Space, players: number, sideUnits: number): number {
  const side = (smallest.width / MAP_SIDE_UNITS.min) * sideUnits;
  const grid = createCellGrid({ ...smallest, width: side, height: side });
  const { cellSize } = smallest;
  const regions: number[] = [];
  let area = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = (((sample % SAMPLES) + 0.5) / SAMPLES) * side;
    const y = ((Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * side;
    regionsInView(grid, x, y, regions);
    for (const region of regions) {
      if (isGate(grid, region)) continue;
      // The last cells of a row and of a column may reach beyond the map.
      const width = Math.min(cellSize, side - cellOriginX(grid, region));
      const height = Math.min(cellSize, side - cellOriginY(grid, region));
      area += width * height;
    }
  }
  return ((players - 1) * (area / (SAMPLES * SAMPLES))) / (side * side);
}
