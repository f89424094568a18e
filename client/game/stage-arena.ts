/**
 * A made-up arena for the stage. For development only.
 *
 * Next: stage-ships.ts.
 */

import type { ArenaView, ObstacleView } from "./scene.ts";

export const STAGE_ARENA_UNITS = 4000;

export function createStageArena(): ArenaView {
  const obstacles: ObstacleView[] = [];
  for (let rock = 0; rock < 34; rock++) {
    const x = ((rock * 1129) % STAGE_ARENA_UNITS) * 0.96 + 60;
    const y = ((rock * 1873 + 400) % STAGE_ARENA_UNITS) * 0.96 + 60;
    obstacles.push({ x0: x, y0: y, x1: x, y1: y, radius: 40 + ((rock * 37) % 100), isWall: false });
  }
  for (let wall = 0; wall < 14; wall++) {
    const x0 = ((wall * 1531 + 1500) % STAGE_ARENA_UNITS) * 0.9 + 150;
    const y0 = ((wall * 977 + 1400) % STAGE_ARENA_UNITS) * 0.9 + 150;
    const angle = wall * 0.9;
    obstacles.push({
      x0,
      y0,
      x1: x0 + Math.cos(angle) * 320,
      y1: y0 + Math.sin(angle) * 320,
      radius: 14 + (wall % 3) * 5,
      isWall: true,
    });
  }
  return { widthUnits: STAGE_ARENA_UNITS, heightUnits: STAGE_ARENA_UNITS, obstacles };
}
