/**
 * Looks of chance: repeatable numbers for what is only decoration. Nothing here touches the simulation.
 *
 * Next: atlas.ts and starfield.ts.
 */

/** A number in [0, 1) that depends on nothing but its arguments. */
export function hash01(a: number, b: number): number {
  let mixed = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ 0x7f4a7c15, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
}

/** Smooth noise that repeats every `period` cells in both directions; 0 to 1. */
function tileNoise(x: number, y: number, period: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const blendX = smooth(x - x0);
  const blendY = smooth(y - y0);
  const corner = (i: number, j: number): number => hash01(wrap(x0 + i, period) + seed * 131, wrap(y0 + j, period));
  const top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * blendX;
  const bottom = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * blendX;
  return top + (bottom - top) * blendY;
}

/** Several octaves of tileNoise; `u` and `v` from 0 to 1 cover one tile. */
export function tileClouds(u: number, v: number, cells: number, octaves: number, seed: number): number {
  let sum = 0;
  let weight = 0.5;
  let period = cells;
  for (let octave = 0; octave < octaves; octave++) {
    sum += weight * tileNoise(u * period, v * period, period, seed + octave);
    weight *= 0.5;
    period *= 2;
  }
  return sum / (1 - 2 * weight);
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

function wrap(value: number, period: number): number {
  return ((value % period) + period) % period;
}
