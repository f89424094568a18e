/**
 * Which fields of ships and projectiles travel, and how each is predicted. A ship's state is its row: the step keeps
 * whole numbers in range, so what the wire carries is the state itself.
 */
import { defineKind } from "@starwake/shared/engine/entity-kind.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { MAX_PLAYER_ID } from "@starwake/shared/engine/game-definition.ts";
import type { RecordOf } from "@starwake/shared/engine/schema.ts";
import { THRUST_DIRECTIONS } from "./command.ts";

/** Coordinate quanta: a map may be 32,768 units a side. */
export const MAX_COORDINATE = (1 << 20) - 1;
const MAX_SPEED = (1 << 13) - 1;
const MAX_TICKS = 4095;
const MAX_TICK = 2 ** 30;
export const MAX_CHARGE = 127;

/** Far off in a crowd, four units are a pixel or three. */
const coordinate = {
  min: 0,
  max: MAX_COORDINATE,
  blend: "linear",
  residualOrder: 2,
  residualGrowth: 2,
  rough: { bits: 7 },
} as const;
const speed = {
  min: -MAX_SPEED,
  max: MAX_SPEED,
  blend: "linear",
  residualOrder: 5,
  residualGrowth: 1,
  rough: { bits: 8, order: 2 },
} as const;
const angle = { min: 0, max: TURN - 1, wraps: true, blend: "turn" } as const;

export const shipKind = defineKind("ship", {
  aim: { ...angle, group: 0, keepsPace: true, residualOrder: 3, residualGrowth: 2, rough: { bits: 5 } },
  /** What the player holds, see command.ts: it moves the ship until told otherwise. */
  thrust: { min: 0, max: THRUST_DIRECTIONS, isHeld: true },
  isBoosting: { min: 0, max: 1, isHeld: true },
  x: { ...coordinate, axis: "x", group: 2 },
  y: { ...coordinate, axis: "y", group: 2 },
  vx: { ...speed, group: 2 },
  vy: { ...speed, group: 2 },
  health: { min: 0, max: 100, group: 3, residualOrder: 3, rough: { bits: 4 }, isSettledByServer: true },
  /** 1 + the place of the weapon that is being charged, and the ticks for which it has been; 0: none. */
  charging: { min: 0, max: 8, wholeOrder: 0, group: 3, residualOrder: 0 },
  charge: { min: 0, max: MAX_CHARGE, wholeOrder: 0, rough: { bits: 3 }, group: 3, residualOrder: 2 },
  /** Ticks for which it cannot be hurt. */
  protection: { min: 0, max: MAX_TICKS, wholeOrder: 0, rough: { bits: 3 }, group: 3, residualOrder: 4 },
  energy: { min: 0, max: 10_000, isPrivate: true, residualOrder: 7 },
  /** Ticks until a weapon may fire. */
  cooldown: { min: 0, max: MAX_TICKS, isPrivate: true, countsDown: true },
  /** Ticks until health comes back. */
  mendDelay: { min: 0, max: MAX_TICKS, isPrivate: true, countsDown: true, residualOrder: 5, isSettledByServer: true },
  /** Ticks until the dead ship flies again; 0 while it is alive. */
  respawn: { min: 0, max: MAX_TICKS, isPrivate: true, countsDown: true, residualOrder: 5, isSettledByServer: true },
});

/** A projectile's row never changes: where it was born, where it goes, and when it ends unless it hits a ship. */
export const projectileKind = defineKind(
  "projectile",
  {
    owner: { min: 0, max: MAX_PLAYER_ID, wholeOrder: 5 },
    weapon: { min: 0, max: 7, wholeOrder: 0, residualOrder: 0 },
    birth: { min: 0, max: MAX_TICK, isTick: true },
    direction: { ...angle, residualOrder: 1 },
    x: { ...coordinate, axis: "x", residualOrder: 0 },
    y: { ...coordinate, axis: "y", residualOrder: 0 },
    /** Ticks from birth to end, if it hits no ship. */
    life: { min: 1, max: 1023, wholeOrder: 5, residualOrder: 0 },
    /** Ticks by which its shooter saw the others late, see rewind.ts. */
    lag: { min: 0, max: 63, isPrivate: true },
  },
  {
    isStill: true,
    anchor: "owner",
    endOf: (rows, offset, at) => rows[offset + at.birth] + rows[offset + at.life],
    idOf: (rows, offset, at) => projectileId(rows[offset + at.birth], rows[offset + at.owner]),
  },
);

/** A ship fires at most one projectile a tick, so its owner and its birth name it, on the wire and when predicted. */
export function projectileId(birth: number, owner: number): number {
  return birth * (MAX_PLAYER_ID + 1) + owner;
}

export type ShipRow = RecordOf<typeof shipKind>;
export type ProjectileRow = RecordOf<typeof projectileKind>;

/** Where the kinds stand in the game's list of kinds. */
export const Kind = { Ship: 0, Projectile: 1 } as const;
