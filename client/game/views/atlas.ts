/**
 * The atlas: every small picture of the game, painted at boot. Glow is part of the pictures; nothing is filtered later.
 *
 * Next: paint-glows.ts, paint-ship.ts and paint-rocks.ts, which do the painting; match-stage.ts, which uses it.
 */

import type * as Phaser from "phaser";
import { openBaker } from "./atlas-baker.ts";
import type { FrameId, FrameTable } from "./frames.ts";
import * as glows from "./paint-glows.ts";
import { paintRock, paintWallCap, paintWallMiddle } from "./paint-rocks.ts";
import { paintHull, paintShard, paintTrim, SHIP_FRAME_TEXELS } from "./paint-ship.ts";

const ROCK_FRAME_TEXELS = 384;
/** Part of a rock's frame that is the rock: the rest is room for its rim's glow. */
export const ROCK_FILL = 0.88;
const WALL_FRAME_TEXELS = 96;
/** Part of a wall's frame, across, that is solid. */
export const WALL_FILL = 0.6;
const ROCK_KINDS = 5;

export type Atlas = {
  readonly table: FrameTable;
  readonly glow: FrameId;
  readonly core: FrameId;
  readonly ring: FrameId;
  readonly shield: FrameId;
  readonly star: FrameId;
  readonly streak: FrameId;
  readonly bolt: FrameId;
  readonly flame: FrameId;
  readonly line: FrameId;
  readonly softLine: FrameId;
  readonly pixel: FrameId;
  readonly shard: FrameId;
  readonly chevron: FrameId;
  readonly hull: FrameId;
  readonly trim: FrameId;
  readonly rocks: readonly FrameId[];
  readonly wallCap: FrameId;
  readonly wallMiddle: FrameId;
};

export function bakeAtlas(textures: Phaser.Textures.TextureManager): Atlas {
  const baker = openBaker(textures);
  const atlas: Atlas = {
    table: baker.table,
    rocks: Array.from({ length: ROCK_KINDS }, (_, kind) =>
      baker.paint(ROCK_FRAME_TEXELS, ROCK_FRAME_TEXELS, (context) =>
        paintRock(context, (ROCK_FRAME_TEXELS / 2) * ROCK_FILL, kind),
      ),
    ),
    ring: baker.paint(256, 256, glows.paintRing),
    shield: baker.paint(256, 256, glows.paintShield),
    hull: baker.paint(SHIP_FRAME_TEXELS, SHIP_FRAME_TEXELS, paintHull),
    trim: baker.paint(SHIP_FRAME_TEXELS, SHIP_FRAME_TEXELS, paintTrim),
    glow: baker.paint(128, 128, glows.paintGlow),
    core: baker.paint(64, 64, glows.paintCore),
    star: baker.paint(64, 64, glows.paintStar),
    streak: baker.paint(128, 32, glows.paintStreak),
    bolt: baker.paint(128, 48, glows.paintBolt),
    flame: baker.paint(128, 64, glows.paintFlame),
    shard: baker.paint(40, 40, paintShard),
    chevron: baker.paint(64, 64, glows.paintChevron),
    wallCap: baker.paint(WALL_FRAME_TEXELS / 2, WALL_FRAME_TEXELS, (context) =>
      paintWallCap(context, (WALL_FRAME_TEXELS / 2) * WALL_FILL),
    ),
    wallMiddle: baker.paintStretchable(8, WALL_FRAME_TEXELS, (context) =>
      paintWallMiddle(context, (WALL_FRAME_TEXELS / 2) * WALL_FILL),
    ),
    line: baker.paintStretchable(8, 32, glows.paintLine),
    softLine: baker.paintStretchable(8, 32, glows.paintSoftLine),
    pixel: baker.paintStretchable(4, 12, glows.paintSolid),
  };
  baker.finish();
  return atlas;
}
