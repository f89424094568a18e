/**
 * Shots in flight: additive bolts.
 *
 * Next: beams.ts.
 */

import type { ShotView } from "../scene.ts";
import type { Atlas } from "./atlas.ts";
import { type Palette, tintOf } from "./palette.ts";
import type { QuadLayer } from "./quad-layer.ts";

const BOLT_LENGTH_UNITS = 42;
const BOLT_WIDTH_UNITS = 15;

export function drawShots(layer: QuadLayer, atlas: Atlas, palette: Palette, shots: readonly ShotView[]): void {
  for (const shot of shots) {
    const cos = Math.cos(shot.direction);
    const sin = Math.sin(shot.direction);
    // The place of a shot is its front: what is drawn lies behind it.
    const x = shot.x - cos * BOLT_LENGTH_UNITS * 0.32;
    const y = shot.y - sin * BOLT_LENGTH_UNITS * 0.32;
    const length = shot.isOwn ? BOLT_LENGTH_UNITS * 1.1 : BOLT_LENGTH_UNITS;
    layer.draw(atlas.bolt, x, y, length * 1.35, BOLT_WIDTH_UNITS * 1.5, cos, sin, tintOf(palette.body, shot.hue), 0.9);
    layer.draw(atlas.bolt, x, y, length, BOLT_WIDTH_UNITS, cos, sin, tintOf(palette.bright, shot.hue), 1);
  }
}
