/**
 * Rail beams: at once from end to end, then fading.
 *
 * Next: effects.ts.
 */

import type { Atlas } from "./atlas.ts";
import { Colour } from "./palette.ts";
import type { QuadLayer } from "./quad-layer.ts";

const FADE_SECONDS = 0.34;

type Beam = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly tint: number;
  /** 1 is the usual width. */
  readonly width: number;
  age: number;
};

export class Beams {
  #beams: Beam[] = [];

  add(x0: number, y0: number, x1: number, y1: number, tint: number, width: number): void {
    this.#beams.push({ x0, y0, x1, y1, tint, width, age: 0 });
  }

  move(seconds: number): void {
    for (const beam of this.#beams) beam.age += seconds;
    if (this.#beams.some(isOver)) this.#beams = this.#beams.filter((beam) => !isOver(beam));
  }

  draw(layer: QuadLayer, atlas: Atlas): void {
    for (const { x0, y0, x1, y1, tint, width, age } of this.#beams) {
      const left = 1 - age / FADE_SECONDS;
      layer.drawLine(atlas.softLine, x0, y0, x1, y1, (12 + 30 * left) * width, tint, 0.75 * left);
      layer.drawLine(atlas.line, x0, y0, x1, y1, 26 * left * width, tint, left);
      layer.drawLine(atlas.line, x0, y0, x1, y1, 12 * left * left * width, Colour.white, left);
      layer.drawUpright(atlas.glow, x0, y0, 110 * left, 110 * left, tint, left);
      layer.drawUpright(atlas.glow, x1, y1, 90 * left, 90 * left, tint, left);
    }
  }
}

function isOver(beam: Beam): boolean {
  return beam.age >= FADE_SECONDS;
}
