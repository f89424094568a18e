/**
 * Parts of scenes: what one row of the world, in quanta, is in the game's own words, in units and radians.
 *
 * Next: scene-builder.ts, which puts a live match together from them; replay-scene.ts, a replay.
 */
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { readRow } from "@starwake/shared/engine/schema.ts";
import { thrustAngle } from "@starwake/shared/game/command.ts";
import { type ProjectileRow, projectileKind, type ShipRow, shipKind } from "@starwake/shared/game/entities.ts";
import type { GameMap } from "@starwake/shared/game/map.ts";
import { ENERGY_QUANTA, QUANTA_PER_UNIT, type Rules, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import { hueOf } from "./hues.ts";
import type { ArenaView, OwnStatus, ShipView, ShotView } from "./scene.ts";

export const RADIANS_PER_STEP = (2 * Math.PI) / TURN;

type Alive = OwnStatus & { readonly state: "alive" };

export function toShip(row: Int32Array | Float64Array): ShipRow {
  const ship = {} as ShipRow;
  readRow(shipKind, row, 0, ship);
  return ship;
}

export function toProjectile(row: Int32Array | Float64Array): ProjectileRow {
  const projectile = {} as ProjectileRow;
  readRow(projectileKind, row, 0, projectile);
  return projectile;
}

export function arenaView({ side, obstacles }: GameMap): ArenaView {
  const units = (quanta: number) => quanta / QUANTA_PER_UNIT;
  return {
    widthUnits: units(side),
    heightUnits: units(side),
    obstacles: obstacles.map(({ x0, y0, x1, y1, radius }) => ({
      x0: units(x0),
      y0: units(y0),
      x1: units(x1),
      y1: units(y1),
      radius: units(radius),
      isWall: x0 !== x1 || y0 !== y1,
    })),
  };
}

export function shipView(rules: Rules, id: PlayerId, ship: ShipRow, name: string, isOwn: boolean): ShipView {
  const perSecond = (STRIDE_PER_SPEED / QUANTA_PER_UNIT) * rules.ticksPerSecond;
  return {
    id,
    isOwn,
    name,
    hue: hueOf(id),
    x: ship.x / QUANTA_PER_UNIT,
    y: ship.y / QUANTA_PER_UNIT,
    vx: ship.vx * perSecond,
    vy: ship.vy * perSecond,
    aim: ship.aim * RADIANS_PER_STEP,
    thrust: ship.thrust === 0 ? undefined : thrustAngle(ship.thrust) * RADIANS_PER_STEP,
    isBoosting: ship.isBoosting === 1,
    health: ship.health / SHIP.health,
    charge: chargePart(rules, ship),
    isProtected: ship.protection > 0,
  };
}

/** @param health 0 to 1: it may be known from elsewhere than the rest */
export function aliveStatus(rules: Rules, ship: ShipRow, health: number): Alive {
  return {
    state: "alive",
    health,
    energy: ship.energy / (SHIP.energy * ENERGY_QUANTA),
    charge: chargePart(rules, ship),
    isBoosting: ship.isBoosting === 1,
    isProtected: ship.protection > 0,
  };
}

function chargePart(rules: Rules, ship: ShipRow): number {
  const weapon = rules.weapons[ship.charging - 1];
  return weapon === undefined ? 0 : Math.min(1, ship.charge / weapon.chargeTicks);
}

/** @param age ticks since its birth; undefined is given for a shot that is not there at that age */
export function shotView(
  rules: Rules,
  id: number,
  shot: ProjectileRow,
  age: number,
  isOwn: boolean,
): ShotView | undefined {
  const weapon = rules.weapons[shot.weapon];
  if (weapon?.shape !== "projectile" || age < 0 || age >= shot.life) return undefined;
  const direction = shot.direction * RADIANS_PER_STEP;
  const way = (weapon.stride * age) / QUANTA_PER_UNIT;
  return {
    id,
    ownerId: shot.owner,
    weapon: WEAPONS[shot.weapon].name,
    isOwn,
    hue: hueOf(shot.owner),
    x: shot.x / QUANTA_PER_UNIT + Math.cos(direction) * way,
    y: shot.y / QUANTA_PER_UNIT + Math.sin(direction) * way,
    direction,
  };
}
