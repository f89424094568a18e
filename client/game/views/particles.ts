/**
 * Particles: sparks, puffs, rings and splinters, all of one kind, in a store of limited size.
 *
 * A particle flies straight, slows down, grows or shrinks from one size to another and fades out. When the store is
 * full, new ones are dropped: nothing important is told by particles alone. In a brawl there are two thousand, and all
 * of them move in every frame: so a particle is a row of numbers in one array, and no object.
 *
 * Next: effects.ts, which throws them.
 */

import type { FrameId } from "./frames.ts";
import type { QuadLayer } from "./quad-layer.ts";

const CAPACITY = 2400;

export type Spawn = {
  frame: FrameId;
  x: number;
  y: number;
  /** Units per second. */
  vx: number;
  vy: number;
  lifeSeconds: number;
  sizeFrom: number;
  sizeTo: number;
  /** Length over width along the flight; 1 for what is round. */
  stretch: number;
  /** Radians, and per second; only for what is round. */
  turn: number;
  spin: number;
  tint: number;
  alpha: number;
  /** Part of the speed that is lost in a second, as a rate. */
  drag: number;
};

/** Plain values that a caller spreads over and changes. */
export const STILL: Readonly<Omit<Spawn, "frame" | "x" | "y">> = {
  vx: 0,
  vy: 0,
  lifeSeconds: 0.5,
  sizeFrom: 10,
  sizeTo: 0,
  stretch: 1,
  turn: 0,
  spin: 0,
  tint: 0xffffff,
  alpha: 1,
  drag: 0,
};

/** Where each number of a particle stands in its row. */
const At = {
  x: 0,
  y: 1,
  vx: 2,
  vy: 3,
  age: 4,
  lifeSeconds: 5,
  sizeFrom: 6,
  sizeTo: 7,
  stretch: 8,
  turn: 9,
  spin: 10,
  tint: 11,
  alpha: 12,
  drag: 13,
  frame: 14,
} as const;
const ROW = 16;

export class Particles {
  /** Those that are alive, without gaps. A float holds a tint exactly. */
  readonly #rows = new Float32Array(CAPACITY * ROW);
  #end = 0;

  add(spawn: Spawn): void {
    if (this.#end === this.#rows.length) return;
    const rows = this.#rows;
    const at = this.#end;
    this.#end += ROW;
    rows[at + At.x] = spawn.x;
    rows[at + At.y] = spawn.y;
    rows[at + At.vx] = spawn.vx;
    rows[at + At.vy] = spawn.vy;
    rows[at + At.age] = 0;
    rows[at + At.lifeSeconds] = spawn.lifeSeconds;
    rows[at + At.sizeFrom] = spawn.sizeFrom;
    rows[at + At.sizeTo] = spawn.sizeTo;
    rows[at + At.stretch] = spawn.stretch;
    rows[at + At.turn] = spawn.turn;
    rows[at + At.spin] = spawn.spin;
    rows[at + At.tint] = spawn.tint;
    rows[at + At.alpha] = spawn.alpha;
    rows[at + At.drag] = spawn.drag;
    rows[at + At.frame] = spawn.frame;
  }

  move(seconds: number): void {
    const rows = this.#rows;
    for (let at = this.#end - ROW; at >= 0; at -= ROW) {
      rows[at + At.age] += seconds;
      if (rows[at + At.age] >= rows[at + At.lifeSeconds]) this.#forget(at);
      else fly(rows, at, seconds);
    }
  }

  draw(layer: QuadLayer): void {
    for (let at = 0; at < this.#end; at += ROW) drawParticle(layer, this.#rows, at);
  }

  /** The last one takes its place. */
  #forget(at: number): void {
    this.#end -= ROW;
    this.#rows.copyWithin(at, this.#end, this.#end + ROW);
  }
}

function fly(rows: Float32Array, at: number, seconds: number): void {
  const kept = Math.max(0, 1 - rows[at + At.drag] * seconds);
  rows[at + At.x] += rows[at + At.vx] * seconds;
  rows[at + At.y] += rows[at + At.vy] * seconds;
  rows[at + At.turn] += rows[at + At.spin] * seconds;
  rows[at + At.vx] *= kept;
  rows[at + At.vy] *= kept;
}

function drawParticle(layer: QuadLayer, rows: Float32Array, at: number): void {
  const gone = rows[at + At.age] / rows[at + At.lifeSeconds];
  const eased = 1 - (1 - gone) * (1 - gone);
  const sizeFrom = rows[at + At.sizeFrom];
  const size = sizeFrom + (rows[at + At.sizeTo] - sizeFrom) * eased;
  const alpha = rows[at + At.alpha] * (1 - gone) * Math.min(1, 2 - gone);
  const stretch = rows[at + At.stretch];
  const x = rows[at + At.x];
  const y = rows[at + At.y];
  // What is round may turn; what is stretched lies along its flight.
  let cos = 1;
  let sin = 0;
  if (stretch !== 1) {
    const vx = rows[at + At.vx];
    const vy = rows[at + At.vy];
    const speed = Math.sqrt(vx * vx + vy * vy) || 1;
    cos = vx / speed;
    sin = vy / speed;
  } else if (rows[at + At.turn] !== 0) {
    cos = Math.cos(rows[at + At.turn]);
    sin = Math.sin(rows[at + At.turn]);
  }
  layer.draw(rows[at + At.frame], x, y, size * stretch, size, cos, sin, rows[at + At.tint], alpha);
}
