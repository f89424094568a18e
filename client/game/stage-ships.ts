/**
 * Made-up ships for the stage: how they wander, and where they come back. For development only.
 *
 * Next: stage-scene.ts, which lets them fight.
 */

import type { SceneEvent } from "./scene.ts";
import { STAGE_ARENA_UNITS } from "./stage-arena.ts";

const NAMES = [
  "Vega",
  "Nyx",
  "Orion_7",
  "Kestrel",
  "Mírzam",
  "Ayşe",
  "彗星",
  "Комета",
  "Halley",
  "Bright Star Nine",
  "zed",
  "Pilot Ana",
];

export type FakeShip = {
  readonly id: number;
  readonly name: string;
  readonly hue: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  aim: number;
  thrust: number;
  health: number;
  charge: number;
  deadSeconds: number;
  safeSeconds: number;
  nextShotSeconds: number;
  kills: number;
};

export function createShip(id: number, isCrowded: boolean): FakeShip {
  const spot = spotFor(isCrowded);
  const name = id < NAMES.length ? NAMES[id]! : `${NAMES[id % NAMES.length]} ${id}`.slice(0, 16);
  return {
    id,
    name,
    hue: id === 0 ? 188 : (id * 137) % 360,
    ...spot,
    vx: 0,
    vy: 0,
    aim: 0,
    thrust: 0,
    health: 1 - 0.5 * Math.random(),
    charge: 0,
    deadSeconds: 0,
    safeSeconds: id % 7 === 3 ? 4 : 0,
    nextShotSeconds: Math.random(),
    kills: 0,
  };
}

function spotFor(isCrowded: boolean): { x: number; y: number } {
  const spread = isCrowded ? 0.4 : 0.5;
  return {
    x: STAGE_ARENA_UNITS / 2 + (Math.random() - 0.5) * STAGE_ARENA_UNITS * spread,
    y: STAGE_ARENA_UNITS / 2 + (Math.random() - 0.5) * STAGE_ARENA_UNITS * spread * 0.56,
  };
}

export function respawn(ship: FakeShip, events: SceneEvent[], isCrowded: boolean): void {
  Object.assign(ship, spotFor(isCrowded), { health: 1, safeSeconds: 3, vx: 0, vy: 0 });
  events.push({ type: "spawn", x: ship.x, y: ship.y, shipId: ship.id, hue: ship.hue, ofOwn: ship.id === 0 });
}

export function steer(ship: FakeShip, seconds: number, nowSeconds: number, isCrowded: boolean): void {
  ship.safeSeconds -= seconds;
  const reach = isCrowded ? 620 : 900;
  const targetX = STAGE_ARENA_UNITS / 2 + Math.cos(nowSeconds * 0.31 + ship.id * 2.4) * reach;
  const targetY = STAGE_ARENA_UNITS / 2 + Math.sin(nowSeconds * 0.43 + ship.id * 1.7) * reach * 0.6;
  ship.thrust = Math.atan2(targetY - ship.y - ship.vy * 0.6, targetX - ship.x - ship.vx * 0.6);
  const push = isBoosting(ship, nowSeconds) ? 620 : 320;
  ship.vx = (ship.vx + Math.cos(ship.thrust) * push * seconds) * (1 - 0.5 * seconds);
  ship.vy = (ship.vy + Math.sin(ship.thrust) * push * seconds) * (1 - 0.5 * seconds);
  ship.x += ship.vx * seconds;
  ship.y += ship.vy * seconds;
}

export function isBoosting(ship: FakeShip, nowSeconds: number): boolean {
  return Math.sin(nowSeconds * 0.8 + ship.id * 3) > 0.6;
}
