/**
 * Frames: what the views draw with. A frame is a number that stands for a rectangle of a texture, so that a layer can
 * keep a picture in flat arrays.
 *
 * Next: quad-layer.ts, which draws them.
 */

import type * as Phaser from "phaser";

/** Index of a frame in its FrameTable. */
export type FrameId = number;

/** Every frame that the layers may draw, of all textures. */
export type FrameTable = { readonly frames: Phaser.Textures.Frame[] };

export function createFrameTable(): FrameTable {
  return { frames: [] };
}

/** Cuts a rectangle (texels) out of a texture and registers it. */
export function cutFrame(
  table: FrameTable,
  texture: Phaser.Textures.Texture,
  x: number,
  y: number,
  width: number,
  height: number,
): FrameId {
  const frame = texture.add(`cut${table.frames.length}`, 0, x, y, width, height);
  if (frame === null) throw new Error(`texture ${texture.key}: a frame at ${x},${y} already has this name`);
  table.frames.push(frame);
  return table.frames.length - 1;
}
