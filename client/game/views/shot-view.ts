/**
 * Shots in flight: additive bolts.
 *
 * Next: beams.ts.
 */

import type { ShotView } from "../scene.ts";
import { WEAPON_LOOKS } from "../weapon-looks.ts";
import type { Atlas } from "./atlas.ts";
import { type Palette, tintOf } from "./palette.ts";
import type { QuadLayer } from "./quad-layer.ts";

export function drawShots(layer: QuadLayer, atlas: Atlas, palette: Palette, shots: readonly ShotView[]): void {
  for (const shot of shots) {
    const { boltLengthUnits, boltWidthUnits } = WEAPON_LOOKS[shot.weapon];
    const cos = Math.cos(shot.direction);
    const sin = Math.sin(shot.direction);
    // The place of a shot is its front: what is drawn lies behind it.
    const x = shot.x - cos * boltLengthUnits * 0.32;
    const y = shot.y - sin * boltLengthUnits * 0.32;
    const length = shot.isOwn ? boltLengthUnits * 1.1 : boltLengthUnits;
    layer.draw(atlas.bolt, x, y, length * 1.35, boltWidthUnits * 1.5, cos, sin, tintOf(palette.body, shot.hue), 0.9);
    layer.draw(atlas.bolt, x, y, length, boltWidthUnits, cos, sin, tintOf(palette.bright, shot.hue), 1);
  }
}
