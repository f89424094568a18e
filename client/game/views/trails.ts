/**
 * Trails: a ribbon of light behind every ship that has been pushed lately.
 *
 * Each ship keeps its last few places, sampled at a fixed interval, with how hard its engine burnt there.
 *
 * Next: shot-view.ts.
 */

import type { ShipView } from "../scene.ts";
import type { Atlas } from "./atlas.ts";
import { type Palette, tintOf } from "./palette.ts";
import type { QuadLayer } from "./quad-layer.ts";
import { isVisible, type Viewport } from "./viewport.ts";

const SAMPLE_INTERVAL_MS = 34;
const SAMPLES = 16;
/** A ship that moves farther between two samples was moved, not flown. */
const JUMP_UNITS = 160;
const MARGIN_UNITS = 500;

type Trail = {
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly heat: Float32Array;
  newest: number;
  count: number;
  sampledMs: number;
  seenMs: number;
};

export class Trails {
  readonly #trails = new Map<number, Trail>();

  /** Remembers where the ships are, and forgets the trails of those that are gone. */
  follow(ships: readonly ShipView[], view: Viewport, nowMs: number): void {
    for (const ship of ships) {
      if (isVisible(view, ship.x, ship.y, MARGIN_UNITS)) this.#sample(ship, nowMs);
    }
    this.#trails.forEach((trail, id) => {
      if (nowMs - trail.seenMs > SAMPLE_INTERVAL_MS * SAMPLES) this.#trails.delete(id);
    });
  }

  draw(layer: QuadLayer, atlas: Atlas, palette: Palette, ships: readonly ShipView[]): void {
    for (const ship of ships) {
      const trail = this.#trails.get(ship.id);
      if (trail !== undefined) drawTrail(layer, atlas, trail, ship, tintOf(palette.body, ship.hue));
    }
  }

  #sample(ship: ShipView, nowMs: number): void {
    let trail = this.#trails.get(ship.id);
    if (trail === undefined) {
      trail = createTrail();
      this.#trails.set(ship.id, trail);
    }
    trail.seenMs = nowMs;
    if (nowMs - trail.sampledMs < SAMPLE_INTERVAL_MS) return;
    trail.sampledMs = nowMs;
    if (trail.count > 0 && distance(trail, ship) > JUMP_UNITS) trail.count = 0;
    trail.newest = (trail.newest + 1) % SAMPLES;
    trail.count = Math.min(SAMPLES, trail.count + 1);
    trail.xs[trail.newest] = ship.x;
    trail.ys[trail.newest] = ship.y;
    trail.heat[trail.newest] = engineHeat(ship);
  }
}

function createTrail(): Trail {
  return {
    xs: new Float32Array(SAMPLES),
    ys: new Float32Array(SAMPLES),
    heat: new Float32Array(SAMPLES),
    newest: 0,
    count: 0,
    sampledMs: 0,
    seenMs: 0,
  };
}

function engineHeat(ship: ShipView): number {
  if (ship.isBoosting) return 1;
  return ship.thrust === undefined ? 0.14 : 0.5;
}

function distance(trail: Trail, ship: ShipView): number {
  const dx = trail.xs[trail.newest]! - ship.x;
  const dy = trail.ys[trail.newest]! - ship.y;
  return Math.sqrt(dx * dx + dy * dy);
}

function drawTrail(layer: QuadLayer, atlas: Atlas, trail: Trail, ship: ShipView, tint: number): void {
  let x = ship.x;
  let y = ship.y;
  for (let age = 0; age < trail.count; age++) {
    const at = (trail.newest - age + SAMPLES) % SAMPLES;
    const left = 1 - age / SAMPLES;
    const heat = trail.heat[at]!;
    const width = (6 + 14 * heat) * (0.3 + 0.7 * left);
    layer.drawLine(atlas.softLine, x, y, trail.xs[at]!, trail.ys[at]!, width, tint, heat * left * left * 0.8);
    x = trail.xs[at]!;
    y = trail.ys[at]!;
  }
}
