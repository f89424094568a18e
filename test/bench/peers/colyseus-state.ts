/**
 * The world's state as Colyseus replicates it, with and without views. Fields are whole numbers as small as the schema
 * has them: a coordinate is one of 65,536 steps over the map, coarser than Starwake's, and what only the steering player
 * is told by Starwake (energy, cooldowns) nobody is told here.
 */
import { type MapSchema, schema, t } from "@colyseus/schema";
import type { Projectile, Ship } from "@starwake/shared/game/world.ts";

export const ShipState = schema(
  {
    x: t.uint16(),
    y: t.uint16(),
    vx: t.int16(),
    vy: t.int16(),
    aim: t.uint16(),
    thrust: t.uint8(),
    isBoosting: t.boolean(),
    health: t.uint8(),
    charging: t.uint8(),
    charge: t.uint8(),
    isProtected: t.boolean(),
  },
  "ShipState",
);
export type ShipState = InstanceType<typeof ShipState>;

/** A shot is told when it is born and when it is gone: both sides can fly it in between. */
export const ShotState = schema(
  {
    owner: t.uint16(),
    birth: t.uint32(),
    x: t.uint16(),
    y: t.uint16(),
    direction: t.uint16(),
    life: t.uint16(),
  },
  "ShotState",
);
export type ShotState = InstanceType<typeof ShotState>;

export const WholeArena = schema({ ships: t.map(ShipState), shots: t.map(ShotState) }, "WholeArena");
export const ViewedArena = schema({ ships: t.map(ShipState).view(), shots: t.map(ShotState).view() }, "ViewedArena");
export type ArenaState = { readonly ships: MapSchema<ShipState>; readonly shots: MapSchema<ShotState> };

const STEPS = 65_535;

/** A setter does nothing where the value is the same, so all are set. */
export function copyShip(to: ShipState, ship: Ship, side: number): void {
  to.x = Math.round((ship.x * STEPS) / side);
  to.y = Math.round((ship.y * STEPS) / side);
  to.vx = ship.vx;
  to.vy = ship.vy;
  to.aim = ship.aim;
  to.thrust = ship.thrust;
  to.isBoosting = ship.isBoosting === 1;
  to.health = ship.health;
  to.charging = ship.charging;
  to.charge = ship.charge;
  to.isProtected = ship.protection > 0;
}

export function copyShot(to: ShotState, shot: Projectile, side: number): void {
  to.owner = shot.owner;
  to.birth = shot.birth;
  to.x = Math.round((shot.x * STEPS) / side);
  to.y = Math.round((shot.y * STEPS) / side);
  to.direction = shot.direction;
  to.life = shot.life;
}
