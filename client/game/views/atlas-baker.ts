/**
 * The baker: packs painted rectangles into one canvas texture, shelf by shelf.
 *
 * Next: atlas.ts, which says what is painted.
 */

import type * as Phaser from "phaser";
import { createFrameTable, cutFrame, type FrameId, type FrameTable } from "./frames.ts";

/** A power of two, so that WebGL keeps mipmaps and small ships stay smooth. */
const ATLAS_TEXELS = 2048;
/** Room between frames, so that a mipmap of one does not show its neighbour. */
const GUTTER_TEXELS = 10;

type Paint = (context: CanvasRenderingContext2D) => void;

export type AtlasBaker = {
  readonly table: FrameTable;
  /** Paints around (0, 0) in the middle of a rectangle of this size, and gives its frame. */
  paint(width: number, height: number, paint: Paint): FrameId;
  /** The same, but the frame is only the middle `keep` texels of the width: for what is stretched. */
  paintStretchable(keep: number, height: number, paint: Paint): FrameId;
  /** Hands the canvas to the graphics card. */
  finish(): void;
};

export function openBaker(textures: Phaser.Textures.TextureManager): AtlasBaker {
  const texture = textures.createCanvas("atlas", ATLAS_TEXELS, ATLAS_TEXELS);
  if (texture === null) throw new Error("the atlas is baked once for each game");
  const context = texture.context;
  const table = createFrameTable(texture);
  const shelf = { x: GUTTER_TEXELS, y: GUTTER_TEXELS, height: 0 };

  const place = (width: number, height: number, paint: Paint): { x: number; y: number } => {
    if (shelf.x + width + GUTTER_TEXELS > ATLAS_TEXELS) {
      shelf.x = GUTTER_TEXELS;
      shelf.y += shelf.height + GUTTER_TEXELS;
      shelf.height = 0;
    }
    const spot = { x: shelf.x, y: shelf.y };
    if (spot.y + height > ATLAS_TEXELS) throw new Error("the atlas is full: paint less or enlarge it");
    paintClipped(context, spot.x, spot.y, width, height, paint);
    shelf.x += width + GUTTER_TEXELS;
    shelf.height = Math.max(shelf.height, height);
    return spot;
  };

  return {
    table,
    paint(width, height, paint) {
      const spot = place(width, height, paint);
      return cutFrame(table, spot.x, spot.y, width, height);
    },
    paintStretchable(keep, height, paint) {
      const spot = place(keep * 5, height, paint);
      return cutFrame(table, spot.x + keep * 2, spot.y, keep, height);
    },
    finish() {
      texture.refresh();
    },
  };
}

function paintClipped(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  paint: Paint,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.translate(x + width / 2, y + height / 2);
  paint(context);
  context.restore();
}
