/**
 * The death of a ship: flash, shock rings, sparks, embers and splinters.
 *
 * Next: camera-shake.ts.
 */

import type { EffectTools } from "./effects.ts";
import { Colour, tintOf } from "./palette.ts";
import { STILL } from "./particles.ts";

const SPARKS = 44;
const EMBERS = 16;
const SHARDS = 12;

export function explode(tools: EffectTools, x: number, y: number, hue: number, isOwn: boolean, richness: number): void {
  flash(tools, x, y, hue);
  for (let spark = 0; spark < SPARKS * richness; spark++) throwSpark(tools, x, y, hue);
  for (let ember = 0; ember < EMBERS * richness; ember++) throwEmber(tools, x, y, hue);
  for (let shard = 0; shard < SHARDS * richness; shard++) throwShard(tools, x, y, hue);
  tools.shake.addAt(isOwn ? 1 : 0.7, x, y);
}

function flash({ atlas, palette, particles }: EffectTools, x: number, y: number, hue: number): void {
  const body = tintOf(palette.body, hue);
  const bright = tintOf(palette.bright, hue);
  particles.add({
    ...STILL,
    frame: atlas.glow,
    x,
    y,
    lifeSeconds: 0.7,
    sizeFrom: 260,
    sizeTo: 460,
    tint: body,
    alpha: 0.8,
  });
  particles.add({
    ...STILL,
    frame: atlas.glow,
    x,
    y,
    lifeSeconds: 0.3,
    sizeFrom: 300,
    sizeTo: 120,
    tint: Colour.white,
  });
  particles.add({
    ...STILL,
    frame: atlas.core,
    x,
    y,
    lifeSeconds: 0.22,
    sizeFrom: 110,
    sizeTo: 30,
    tint: Colour.white,
  });
  particles.add({ ...STILL, frame: atlas.star, x, y, lifeSeconds: 0.34, sizeFrom: 520, sizeTo: 160, tint: bright });
  particles.add({
    ...STILL,
    frame: atlas.ring,
    x,
    y,
    lifeSeconds: 0.62,
    sizeFrom: 24,
    sizeTo: 400,
    tint: bright,
    alpha: 0.95,
  });
  particles.add({
    ...STILL,
    frame: atlas.ring,
    x,
    y,
    lifeSeconds: 0.9,
    sizeFrom: 16,
    sizeTo: 250,
    tint: body,
    alpha: 0.6,
  });
}

function throwSpark({ atlas, palette, particles }: EffectTools, x: number, y: number, hue: number): void {
  const angle = Math.random() * Math.PI * 2;
  const speed = 120 + 520 * Math.random() * Math.random();
  particles.add({
    ...STILL,
    frame: atlas.streak,
    x,
    y,
    vx: Math.cos(angle) * speed,
    vy: Math.sin(angle) * speed,
    lifeSeconds: 0.4 + 0.7 * Math.random(),
    sizeFrom: 12,
    sizeTo: 2,
    stretch: 4,
    tint: Math.random() < 0.3 ? Colour.ember : tintOf(palette.bright, hue),
    drag: 1.8,
  });
}

function throwEmber({ atlas, palette, particles }: EffectTools, x: number, y: number, hue: number): void {
  const angle = Math.random() * Math.PI * 2;
  const speed = 20 + 110 * Math.random();
  particles.add({
    ...STILL,
    frame: atlas.glow,
    x,
    y,
    vx: Math.cos(angle) * speed,
    vy: Math.sin(angle) * speed,
    lifeSeconds: 0.6 + 0.8 * Math.random(),
    sizeFrom: 70 + 50 * Math.random(),
    sizeTo: 20,
    tint: Math.random() < 0.4 ? Colour.ember : tintOf(palette.deep, hue),
    alpha: 0.55,
    drag: 1.2,
  });
}

function throwShard({ atlas, palette, particles }: EffectTools, x: number, y: number, hue: number): void {
  const angle = Math.random() * Math.PI * 2;
  const speed = 60 + 190 * Math.random();
  particles.add({
    ...STILL,
    frame: atlas.shard,
    x,
    y,
    vx: Math.cos(angle) * speed,
    vy: Math.sin(angle) * speed,
    lifeSeconds: 0.8 + 0.9 * Math.random(),
    sizeFrom: 13 + 10 * Math.random(),
    sizeTo: 8,
    turn: 0.01 + Math.random() * 6,
    spin: (Math.random() - 0.5) * 14,
    tint: tintOf(palette.body, hue),
    drag: 0.7,
  });
}
