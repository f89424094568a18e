/**
 * The sky: the nebula and several layers of stars, each moving a little slower than what is nearer.
 *
 * A star's place follows from its number alone and wraps at the edges of its layer, so there is nothing to keep.
 *
 * Next: arena-view.ts.
 */

import type { Atlas } from "./atlas.ts";
import type { Nebula } from "./nebula.ts";
import { hash01 } from "./noise.ts";
import type { QuadLayer } from "./quad-layer.ts";
import type { Viewport } from "./viewport.ts";

const NEBULA_UNITS = 2400;
const NEBULA_PARALLAX = 0.06;

type StarLayer = {
  readonly count: number;
  /** How much of the camera's motion the layer follows. */
  readonly parallax: number;
  readonly sizeUnits: number;
  readonly alpha: number;
};

const LAYERS: readonly StarLayer[] = [
  { count: 130, parallax: 0.12, sizeUnits: 4.5, alpha: 0.55 },
  { count: 70, parallax: 0.25, sizeUnits: 7, alpha: 0.7 },
  { count: 26, parallax: 0.42, sizeUnits: 12, alpha: 0.9 },
];
const STAR_TINTS = [0xffffff, 0xbfe3ff, 0x9fd0ff, 0xffe2c4, 0xe0c8ff] as const;
/** A layer repeats after this much more than the view, so that no star pops at an edge. */
const WRAP_UNITS = 100;

export function drawNebula(layer: QuadLayer, { clouds }: Nebula, view: Viewport): void {
  const shiftX = view.centreX * NEBULA_PARALLAX;
  const shiftY = view.centreY * NEBULA_PARALLAX;
  const firstX = Math.floor((shiftX - view.halfWidth) / NEBULA_UNITS);
  const lastX = Math.floor((shiftX + view.halfWidth) / NEBULA_UNITS);
  const firstY = Math.floor((shiftY - view.halfHeight) / NEBULA_UNITS);
  const lastY = Math.floor((shiftY + view.halfHeight) / NEBULA_UNITS);
  for (let row = firstY; row <= lastY; row++) {
    for (let column = firstX; column <= lastX; column++) {
      const x = view.centreX - shiftX + (column + 0.5) * NEBULA_UNITS;
      const y = view.centreY - shiftY + (row + 0.5) * NEBULA_UNITS;
      layer.drawUpright(clouds, x, y, NEBULA_UNITS, NEBULA_UNITS, 0xffffff, 1);
    }
  }
}

/** @param density 0 to 1: the part of the stars that a slow machine draws. */
export function drawStars(layer: QuadLayer, atlas: Atlas, view: Viewport, nowMs: number, density: number): void {
  LAYERS.forEach((stars, index) => {
    for (let star = 0; star < stars.count * density; star++) drawStar(layer, atlas, view, stars, index, star, nowMs);
  });
}

function drawStar(
  layer: QuadLayer,
  atlas: Atlas,
  view: Viewport,
  stars: StarLayer,
  index: number,
  star: number,
  nowMs: number,
): void {
  const chance = hash01(star, index * 5 + 1);
  const width = view.halfWidth * 2 + WRAP_UNITS;
  const height = view.halfHeight * 2 + WRAP_UNITS;
  const x = wrapAround(hash01(star, index * 5 + 2) * width - view.centreX * stars.parallax, width);
  const y = wrapAround(hash01(star, index * 5 + 3) * height - view.centreY * stars.parallax, height);
  const twinkle = 0.8 + 0.2 * Math.sin(nowMs * 0.0012 * (0.5 + chance) + star);
  const size = stars.sizeUnits * (0.6 + 0.9 * chance);
  const frame = chance > 0.86 && index > 0 ? atlas.star : atlas.core;
  const shown = frame === atlas.star ? size * 2.6 : size * 0.55;
  const tint = STAR_TINTS[star % STAR_TINTS.length]!;
  layer.drawUpright(
    frame,
    view.centreX - width / 2 + x,
    view.centreY - height / 2 + y,
    shown,
    shown,
    tint,
    stars.alpha * twinkle * (0.45 + 0.55 * chance),
  );
}

function wrapAround(value: number, period: number): number {
  return ((value % period) + period) % period;
}
