/**
 * The nebula: one cloud picture that tiles, painted at boot, far behind everything.
 *
 * Next: starfield.ts, which lays it out.
 */

import type * as Phaser from "phaser";
import { createFrameTable, cutFrame, type FrameId, type FrameTable } from "./frames.ts";
import { tileClouds } from "./noise.ts";

const NEBULA_TEXELS = 512;

export type Nebula = { readonly table: FrameTable; readonly clouds: FrameId };

export function bakeNebula(textures: Phaser.Textures.TextureManager): Nebula {
  const texture = textures.createCanvas("nebula", NEBULA_TEXELS, NEBULA_TEXELS);
  if (texture === null) throw new Error("the nebula is baked once for each game");
  const image = texture.context.createImageData(NEBULA_TEXELS, NEBULA_TEXELS);
  for (let y = 0; y < NEBULA_TEXELS; y++) {
    for (let x = 0; x < NEBULA_TEXELS; x++) paintTexel(image.data, x, y);
  }
  texture.context.putImageData(image, 0, 0);
  texture.refresh();
  const table = createFrameTable(texture);
  return { table, clouds: cutFrame(table, 0, 0, NEBULA_TEXELS, NEBULA_TEXELS) };
}

/** Deep blue, with drifts of violet, teal and a little magenta. */
function paintTexel(data: Uint8ClampedArray, x: number, y: number): void {
  const u = x / NEBULA_TEXELS;
  const v = y / NEBULA_TEXELS;
  const violet = lift(tileClouds(u, v, 3, 4, 1), 0.46);
  const teal = lift(tileClouds(u, v, 4, 3, 41), 0.52);
  const magenta = lift(tileClouds(u, v, 5, 3, 91), 0.62) * violet * 1.6;
  const grain = (((x * 7 + y * 13) ^ (x * y)) & 3) * 0.35;
  const at = (y * NEBULA_TEXELS + x) * 4;
  data[at] = 4 + 52 * violet + 70 * magenta + grain;
  data[at + 1] = 7 + 16 * violet + 52 * teal + grain;
  data[at + 2] = 18 + 84 * violet + 66 * teal + 40 * magenta + grain;
  data[at + 3] = 255;
}

/** What of a value lies over a threshold, eased, 0 to 1. */
function lift(value: number, threshold: number): number {
  const over = Math.max(0, (value - threshold) / (1 - threshold));
  return Math.min(1, over * over * 2.4);
}
