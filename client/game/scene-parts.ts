/**
 * Parts of scenes: what one row of the world, in quanta, is in the game's own words, in units and radians.
 *
 * Next: scene-builder.ts, which puts a live match together from them; replay-scene.ts, a replay.
 */
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { thrustAngle } from "@starwake/shared/game/command.ts";
import { projectileKind, shipKind } from "@starwake/shared/game/entities.ts";
import type { GameMap } from "@starwake/shared/game/map.ts";
import { ENERGY_QUANTA, QUANTA_PER_UNIT, type Rules, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import { hueOf } from "./hues.ts";
import type { ArenaView, OwnStatus, ShipView, ShotView } from "./scene.ts";

export const RADIANS_PER_STEP = (2 * Math.PI) / TURN;

/** A row as it is told, or as it is drawn between two that are. Views are made from the rows themselves, without records. */
export type Row = Int32Array | Float64Array;
type Alive = OwnStatus & { readonly state: "alive" };

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

export function shipView(rules: Rules, id: PlayerId, row: Row, name: string, isOwn: boolean): ShipView {
  const { at } = shipKind;
  const perSecond = (STRIDE_PER_SPEED / QUANTA_PER_UNIT) * rules.ticksPerSecond;
  const thrust = row[at.thrust];
  return {
    id,
    isOwn,
    name,
    hue: hueOf(id),
    x: row[at.x] / QUANTA_PER_UNIT,
    y: row[at.y] / QUANTA_PER_UNIT,
    vx: row[at.vx] * perSecond,
    vy: row[at.vy] * perSecond,
    aim: row[at.aim] * RADIANS_PER_STEP,
    thrust: thrust === 0 ? undefined : thrustAngle(thrust) * RADIANS_PER_STEP,
    isBoosting: row[at.isBoosting] === 1,
    health: row[at.health] / SHIP.health,
    charge: chargePart(rules, row),
    isProtected: row[at.protection] > 0,
  };
}

/** @param health 0 to 1: it may be known from elsewhere than the rest */
export function aliveStatus(rules: Rules, row: Row, health: number): Alive {
  const { at } = shipKind;
  return {
    state: "alive",
    health,
    energy: row[at.energy] / (SHIP.energy * ENERGY_QUANTA),
    charge: chargePart(rules, row),
    isBoosting: row[at.isBoosting] === 1,
    isProtected: row[at.protection] > 0,
  };
}

function chargePart(rules: Rules, row: Row): number {
  const { at } = shipKind;
  if (row[at.charging] === 0) return 0;
  const weapon = rules.weapons[row[at.charging] - 1];
  return weapon === undefined ? 0 : Math.min(1, row[at.charge] / weapon.chargeTicks);
}

/** @param age ticks since its birth; undefined is given for a shot that is not there at that age */
export function shotView(rules: Rules, id: number, row: Row, age: number, isOwn: boolean): ShotView | undefined {
  const { at } = projectileKind;
  if (age < 0 || age >= row[at.life]) return undefined;
  const weapon = rules.weapons[row[at.weapon]];
  if (weapon?.shape !== "projectile") return undefined;
  const ownerId = row[at.owner];
  const direction = row[at.direction] * RADIANS_PER_STEP;
  const way = (weapon.stride * age) / QUANTA_PER_UNIT;
  return {
    id,
    ownerId,
    weapon: WEAPONS[row[at.weapon]].name,
    isOwn,
    hue: hueOf(ownerId),
    x: row[at.x] / QUANTA_PER_UNIT + Math.cos(direction) * way,
    y: row[at.y] / QUANTA_PER_UNIT + Math.sin(direction) * way,
    direction,
  };
}
