/**
 * Combat: charging and firing, and projectiles in flight. What shots meet, and what comes of it, is in hits.ts.
 */
import { cosine, sine } from "@starwake/shared/engine/exact-maths.ts";
import { MAX_CHARGE, projectileId, projectileKind, shipKind } from "./entities.ts";
import { EventKind } from "./events.ts";
import { firstHit, hurt } from "./hits.ts";
import { clampToMap } from "./map.ts";
import { castRay } from "./ray.ts";
import { type BeamRules, type ProjectileRules, STRIDE_PER_SPEED, type WeaponRules } from "./rules.ts";
import type { Projectile, Ship, World } from "./world.ts";

/** Lets one ship, whose player sees the others `lag` ticks late, charge and fire by the triggers that it holds. */
export function operateWeapons(world: World, ship: Ship, triggers: number, lag: number): void {
  if (ship.cooldown > 0) ship.cooldown--;
  const { weapons } = world.rules;
  for (let place = 0; place < weapons.length; place++) {
    const weapon = weapons[place];
    const isHeld = (triggers & weapon.trigger) !== 0;
    const fires =
      weapon.chargeTicks > 0 ? operateCharged(ship, weapon, place, isHeld) : isHeld && isReady(ship, weapon);
    if (fires) fire(world, ship, weapon, place, lag);
  }
}

function isReady(ship: Ship, weapon: WeaponRules): boolean {
  return ship.charging === 0 && canFire(ship, weapon);
}

function canFire(ship: Ship, weapon: WeaponRules): boolean {
  return ship.cooldown === 0 && ship.energy >= weapon.energyCost;
}

/** Charges while it is held, and says whether it fires: let go when it is full. */
function operateCharged(ship: Ship, weapon: WeaponRules, place: number, isHeld: boolean): boolean {
  const isCharging = ship.charging === place + 1;
  if (isHeld) {
    if (isReady(ship, weapon)) {
      ship.charging = place + 1;
      ship.charge = 1;
    }
    return false;
  }
  if (!isCharging) return false;
  const isFull = ship.charge >= Math.min(MAX_CHARGE, weapon.chargeTicks);
  ship.charging = 0;
  ship.charge = 0;
  return isFull && canFire(ship, weapon);
}

function fire(world: World, ship: Ship, weapon: WeaponRules, place: number, lag: number): void {
  ship.energy -= weapon.energyCost;
  ship.cooldown = weapon.cooldownTicks;
  ship.protection = 0;
  if (weapon.shape === "projectile") launch(world, ship, weapon, place, lag);
  else shootBeam(world, ship, weapon, place, lag);
}

function launch(world: World, ship: Ship, weapon: ProjectileRules, place: number, lag: number): void {
  const muzzle = muzzleOf(world, ship, weapon);
  const flight = castRay(world.map, muzzle.x, muzzle.y, cosine(ship.aim), sine(ship.aim), weapon.range);
  const shot = world.spent.pop() ?? { ...NO_SHOT };
  shot.id = projectileId(world.tick, ship.id);
  shot.owner = ship.id;
  shot.weapon = place;
  shot.birth = world.tick;
  shot.direction = ship.aim;
  shot.x = muzzle.x;
  shot.y = muzzle.y;
  shot.life = lifeOf(flight, weapon);
  shot.lag = lag;
  shot.endX = clampToMap(world.map, muzzle.x + cosine(ship.aim) * flight);
  shot.endY = clampToMap(world.map, muzzle.y + sine(ship.aim) * flight);
  world.projectiles.push(shot);
}

const NO_SHOT: Readonly<Projectile> = {
  id: 0,
  owner: 0,
  weapon: 0,
  birth: 0,
  direction: 0,
  x: 0,
  y: 0,
  life: 1,
  lag: 0,
  endX: 0,
  endY: 0,
};

/** Where a shot leaves the barrel of a ship: just outside of it, or before what blocks the barrel. */
function muzzleOf(world: World, { x, y, aim }: Ship, weapon: ProjectileRules): { x: number; y: number } {
  const reach = castRay(world.map, x, y, cosine(aim), sine(aim), world.rules.ship.radius + weapon.radius);
  return { x: clampToMap(world.map, x + cosine(aim) * reach), y: clampToMap(world.map, y + sine(aim) * reach) };
}

function lifeOf(flight: number, weapon: ProjectileRules): number {
  return Math.max(1, Math.ceil(flight / weapon.stride));
}

/**
 * What a field of a shot's row is likely to be, from the row of the ship that fired it and the fields declared before
 * it: exact when the ship has just fired it, and nearly always one tick later, unless the ship was pushed or turned since.
 * @param age ticks since the shot was fired
 */
export function foretellProjectile(
  { rules, map }: World,
  ship: Int32Array,
  shot: Int32Array,
  age: number,
  field: number,
): number {
  const { at } = projectileKind;
  const weapon = rules.weapons[shot[at.weapon]];
  if (field === at.weapon || field === at.lag || weapon?.shape !== "projectile") return 0;
  if (field === at.direction) return ship[shipKind.at.aim];
  const dx = cosine(shot[at.direction]);
  const dy = sine(shot[at.direction]);
  if (field === at.life) return lifeOf(castRay(map, shot[at.x], shot[at.y], dx, dy, weapon.range), weapon);
  const shipX = flownFrom(ship[shipKind.at.x], ship[shipKind.at.vx], age);
  const shipY = flownFrom(ship[shipKind.at.y], ship[shipKind.at.vy], age);
  const reach = castRay(map, shipX, shipY, dx, dy, rules.ship.radius + weapon.radius);
  return clampToMap(map, field === at.x ? shipX + dx * reach : shipY + dy * reach);
}

/**
 * The coordinate of some ticks ago. A step rounds the coordinate and then cuts the speed towards zero, so that what came
 * by half a quantum has come by more: halves go back against the flight.
 */
function flownFrom(coordinate: number, speed: number, age: number): number {
  const before = coordinate - speed * STRIDE_PER_SPEED * age;
  return speed > 0 ? Math.ceil(before - 0.5) : Math.round(before);
}

function shootBeam(world: World, ship: Ship, weapon: BeamRules, place: number, lag: number): void {
  const { x, y, id } = ship;
  const dx = cosine(ship.aim);
  const dy = sine(ship.aim);
  const reach = castRay(world.map, x, y, dx, dy, weapon.range);
  const shot = { shooter: id, weapon: place, lag, x, y, dx, dy, length: reach };
  const hit = firstHit(world, shot);
  const length = hit === undefined ? reach : hit.distance;
  const toX = clampToMap(world.map, x + dx * length);
  const toY = clampToMap(world.map, y + dy * length);
  const values = { x, y, toX, toY, shooter: id, weapon: place };
  world.events.push({ kind: EventKind.Beam, span: { x0: x, y0: y, x1: toX, y1: toY }, values });
  if (hit !== undefined) hurt(world, shot, hit);
}

/** Flies every projectile through the last tick: it hits the first ship in its way, or ends when its time has come. */
export function flyProjectiles(world: World): void {
  const { projectiles, spent } = world;
  let kept = 0;
  for (const projectile of projectiles) {
    const isSpent = strike(world, projectile) || projectile.birth + projectile.life <= world.tick;
    if (isSpent) spent.push(projectile);
    else projectiles[kept++] = projectile;
  }
  projectiles.length = kept;
}

/** The way of the projectile at hand through the last tick; one for all, since thousands fly in every tick. */
const way = { shooter: 0, weapon: 0, lag: 0, x: 0, y: 0, dx: 0, dy: 0, length: 0 };

/** Whether the projectile hit a ship on its way through the last tick; in its first it leaves the barrel. */
function strike(world: World, projectile: Projectile): boolean {
  const rules = world.rules.weapons[projectile.weapon] as ProjectileRules;
  const age = world.tick - projectile.birth;
  way.shooter = projectile.owner;
  way.weapon = projectile.weapon;
  way.lag = projectile.lag;
  way.dx = cosine(projectile.direction);
  way.dy = sine(projectile.direction);
  way.length = age === 0 ? world.rules.ship.radius + rules.radius : rules.stride;
  const start = age === 0 ? -way.length : (age - 1) * rules.stride;
  way.x = projectile.x + way.dx * start;
  way.y = projectile.y + way.dy * start;
  const hit = firstHit(world, way);
  if (hit === undefined) return false;
  hurt(world, way, hit);
  return true;
}
