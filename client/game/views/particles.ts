/**
 * Particles: sparks, puffs, rings and splinters, all of one kind, in a store of limited size.
 *
 * A particle flies straight, slows down, grows or shrinks from one size to another and fades out. When the store is
 * full, new ones are dropped: nothing important is told by particles alone.
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

export class Particles {
  readonly #alive: Spawn[] = [];
  readonly #ages: number[] = [];
  readonly #spare: Spawn[] = [];

  add(spawn: Spawn): void {
    if (this.#alive.length >= CAPACITY) return;
    const particle = this.#spare.pop();
    this.#alive.push(particle === undefined ? { ...spawn } : Object.assign(particle, spawn));
    this.#ages.push(0);
  }

  move(seconds: number): void {
    for (let index = this.#alive.length - 1; index >= 0; index--) {
      const particle = this.#alive[index]!;
      const age = this.#ages[index]! + seconds;
      this.#ages[index] = age;
      if (age >= particle.lifeSeconds) this.#forget(index);
      else fly(particle, seconds);
    }
  }

  draw(layer: QuadLayer): void {
    for (let index = 0; index < this.#alive.length; index++)
      drawParticle(layer, this.#alive[index]!, this.#ages[index]!);
  }

  #forget(index: number): void {
    const last = this.#alive.pop()!;
    const lastAge = this.#ages.pop()!;
    if (index === this.#alive.length) {
      this.#spare.push(last);
      return;
    }
    this.#spare.push(this.#alive[index]!);
    this.#alive[index] = last;
    this.#ages[index] = lastAge;
  }
}

function fly(particle: Spawn, seconds: number): void {
  particle.x += particle.vx * seconds;
  particle.y += particle.vy * seconds;
  particle.turn += particle.spin * seconds;
  const kept = Math.max(0, 1 - particle.drag * seconds);
  particle.vx *= kept;
  particle.vy *= kept;
}

function drawParticle(layer: QuadLayer, particle: Spawn, age: number): void {
  const gone = age / particle.lifeSeconds;
  const eased = 1 - (1 - gone) * (1 - gone);
  const size = particle.sizeFrom + (particle.sizeTo - particle.sizeFrom) * eased;
  const alpha = particle.alpha * (1 - gone) * Math.min(1, 2 - gone);
  if (particle.stretch === 1) {
    const cos = particle.turn === 0 ? 1 : Math.cos(particle.turn);
    const sin = particle.turn === 0 ? 0 : Math.sin(particle.turn);
    layer.draw(particle.frame, particle.x, particle.y, size, size, cos, sin, particle.tint, alpha);
    return;
  }
  const speed = Math.sqrt(particle.vx * particle.vx + particle.vy * particle.vy) || 1;
  const { vx, vy, stretch } = particle;
  layer.draw(
    particle.frame,
    particle.x,
    particle.y,
    size * stretch,
    size,
    vx / speed,
    vy / speed,
    particle.tint,
    alpha,
  );
}
