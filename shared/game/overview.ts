/**
 * The overview: what everybody may know of the whole map, wherever they are, and all that the minimap draws of what lies
 * beyond the screen. It is coarse on purpose: for each sector of the map how many ships fly there, one, two, or more.
 * Not who, nor where in the sector, nor whither; and it is told once a second at most. It is the same for everybody.
 */
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import type { Overview } from "@starwake/shared/engine/game-definition.ts";
import { MAX_LEVEL } from "@starwake/shared/engine/level-text.ts";
import { QUANTA_PER_UNIT } from "./rules.ts";
import { isAlive, type World } from "./world.ts";

/** The map is cut into squares, no smaller than this: a hunter learns the quarter, and has to look. */
export const LEAST_SECTOR_UNITS = 200;
/** And into no more along each axis than this, so that a telling is short on the largest map. */
export const MOST_COLUMNS = 24;

export const overview: Overview<World> = {
  sectorCount: (world) => columnsOf(world) * columnsOf(world),
  survey(world, levels) {
    const columns = columnsOf(world);
    const sector = (quanta: number) => clamp(Math.floor((quanta / world.map.side) * columns), 0, columns - 1);
    levels.fill(0);
    for (const ship of world.ships) {
      if (!isAlive(ship)) continue;
      const at = sector(ship.y) * columns + sector(ship.x);
      levels[at] = Math.min(MAX_LEVEL, levels[at] + 1);
    }
  },
};

/** Sectors along each axis; they lie row by row. */
export function columnsOf({ map }: World): number {
  return clamp(Math.floor(map.side / QUANTA_PER_UNIT / LEAST_SECTOR_UNITS), 1, MOST_COLUMNS);
}
