/**
 * Frames: what the views draw with. A frame is a number that stands for a rectangle of a texture, so that a layer can
 * write a picture straight into flat arrays.
 *
 * Next: quad-layer.ts, which draws them.
 */

import type * as Phaser from "phaser";

/** Index of a frame in its FrameTable. */
export type FrameId = number;

/** The frames of one texture. */
export type FrameTable = {
  readonly texture: Phaser.Textures.Texture;
  /** For each frame where its corners lie in the texture, as quad-program.ts has them: the left two, upper one first. */
  readonly corners: number[];
};

export const CORNERS_PER_FRAME = 4;

export function createFrameTable(texture: Phaser.Textures.Texture): FrameTable {
  return { texture, corners: [] };
}

/** Cuts a rectangle (texels) out of the table's texture and registers it. */
export function cutFrame(table: FrameTable, x: number, y: number, width: number, height: number): FrameId {
  const { corners, texture } = table;
  const frame = corners.length / CORNERS_PER_FRAME;
  const cut = texture.add(`cut${frame}`, 0, x, y, width, height);
  if (cut === null) throw new Error(`texture ${texture.key}: a frame at ${x},${y} already has this name`);
  for (const u of [cut.u0, cut.u1]) for (const v of [cut.v0, cut.v1]) corners.push(packCorner(u, v));
  return frame;
}

function packCorner(u: number, v: number): number {
  return (Math.round(v * 0xffff) * 0x10000 + Math.round(u * 0xffff)) >>> 0;
}
