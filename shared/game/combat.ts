/**
 * Combat: charging and firing, projectiles in flight, hits, damage and death.
 */
import { angleOf, cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { MAX_CHARGE, type ProjectileRow, projectileId, projectileKind, type ShipRow } from "./entities.ts";
import { EventKind, HIT_SIDES, pointSpan } from "./events.ts";
import { castRay, rayToCircle } from "./ray.ts";
import { type BeamRules, type ProjectileRules, STRIDE_PER_SPEED, type WeaponRules } from "./rules.ts";
import { findShip, isAlive, type Projectile, type Ship, type World } from "./world.ts";

/** Lets one ship charge and fire by the triggers that it holds. */
export function operateWeapons(world: World, ship: Ship, triggers: number): void {
  if (ship.cooldown > 0) ship.cooldown--;
  world.rules.weapons.forEach((weapon, place) => {
    const isHeld = (triggers & weapon.trigger) !== 0;
    if (weapon.chargeTicks > 0) operateCharged(world, ship, weapon, place, isHeld);
    else if (isHeld && ship.charging === 0 && canFire(ship, weapon)) fire(world, ship, weapon, place);
  });
}

function canFire(ship: Ship, weapon: WeaponRules): boolean {
  return ship.cooldown === 0 && ship.energy >= weapon.energyCost;
}

function operateCharged(world: World, ship: Ship, weapon: WeaponRules, place: number, isHeld: boolean): void {
  const isCharging = ship.charging === place + 1;
  if (isHeld) {
    if (ship.charging === 0 && canFire(ship, weapon)) {
      ship.charging = place + 1;
      ship.charge = 1;
    }
    return;
  }
  if (!isCharging) return;
  const isFull = ship.charge >= Math.min(MAX_CHARGE, weapon.chargeTicks);
  ship.charging = 0;
  ship.charge = 0;
  if (isFull && canFire(ship, weapon)) fire(world, ship, weapon, place);
}

function fire(world: World, ship: Ship, weapon: WeaponRules, place: number): void {
  ship.energy -= weapon.energyCost;
  ship.cooldown = weapon.cooldownTicks;
  ship.protection = 0;
  if (weapon.shape === "projectile") launch(world, ship, weapon, place);
  else shootBeam(world, ship, weapon, place);
}

function launch(world: World, ship: Ship, weapon: ProjectileRules, place: number): void {
  const muzzle = muzzleOf(world, ship.x, ship.y, ship.aim, weapon);
  const flight = castRay(world.map, muzzle.x, muzzle.y, cosine(ship.aim), sine(ship.aim), weapon.range);
  world.projectiles.push({
    id: projectileId(world.tick, ship.id),
    owner: ship.id,
    weapon: place,
    birth: world.tick,
    direction: ship.aim,
    ...muzzle,
    life: lifeOf(flight, weapon),
    endX: clampToMap(world, muzzle.x + cosine(ship.aim) * flight),
    endY: clampToMap(world, muzzle.y + sine(ship.aim) * flight),
  });
}

/** Where a shot leaves the barrel of a ship; before what blocks the barrel, if anything does. */
function muzzleOf(world: World, x: number, y: number, aim: number, weapon: ProjectileRules): { x: number; y: number } {
  const length = world.rules.ship.radius + weapon.radius;
  const reach = castRay(world.map, x, y, cosine(aim), sine(aim), length);
  return { x: clampToMap(world, x + cosine(aim) * reach), y: clampToMap(world, y + sine(aim) * reach) };
}

function lifeOf(flight: number, weapon: ProjectileRules): number {
  return Math.max(1, Math.ceil(flight / weapon.stride));
}

/**
 * What a field of a shot is likely to be, from the ship that fired it and the fields declared before it: exact when the
 * ship has just fired it, and nearly always one tick later, unless the ship was pushed or turned since.
 */
export function foretellProjectile(
  world: World,
  ship: ShipRow,
  shot: ProjectileRow,
  age: number,
  field: number,
): number {
  const { at } = projectileKind;
  const weapon = world.rules.weapons[shot.weapon];
  if (field === at.weapon || weapon?.shape !== "projectile") return 0;
  if (field === at.direction) return ship.aim;
  if (field === at.life)
    return lifeOf(
      castRay(world.map, shot.x, shot.y, cosine(shot.direction), sine(shot.direction), weapon.range),
      weapon,
    );
  const shipX = flownFrom(ship.x, ship.vx, age);
  const shipY = flownFrom(ship.y, ship.vy, age);
  const muzzle = muzzleOf(world, shipX, shipY, shot.direction, weapon);
  return field === at.x ? muzzle.x : muzzle.y;
}

/**
 * The coordinate of some ticks ago. A step rounds the coordinate and then cuts the speed towards zero, so that what came
 * by half a quantum has come by more: halves go back against the flight.
 */
function flownFrom(coordinate: number, speed: number, age: number): number {
  const before = coordinate - speed * STRIDE_PER_SPEED * age;
  return speed > 0 ? Math.ceil(before - 0.5) : Math.round(before);
}

function clampToMap(world: World, coordinate: number): number {
  return Math.round(Math.min(world.map.side, Math.max(0, coordinate)));
}

function shootBeam(world: World, ship: Ship, weapon: BeamRules, place: number): void {
  const dx = cosine(ship.aim);
  const dy = sine(ship.aim);
  const reach = castRay(world.map, ship.x, ship.y, dx, dy, weapon.range);
  const hit = firstShipAlong(world, ship.id, ship.x, ship.y, dx, dy, reach, weapon.radius);
  const length = hit === undefined ? reach : hit.distance;
  const toX = clampToMap(world, ship.x + dx * length);
  const toY = clampToMap(world, ship.y + dy * length);
  const values = { x: ship.x, y: ship.y, toX, toY, shooter: ship.id, weapon: place };
  world.events.push({ kind: EventKind.Beam, span: { x0: ship.x, y0: ship.y, x1: toX, y1: toY }, values });
  if (hit !== undefined) hurt(world, hit.ship, ship.id, place, toX, toY);
}

/** Flies every projectile through the last tick: it hits the first ship in its way, or ends when its time has come. */
export function flyProjectiles(world: World): void {
  const { projectiles } = world;
  let kept = 0;
  for (const projectile of projectiles) {
    const isSpent = strike(world, projectile) || projectile.birth + projectile.life <= world.tick;
    if (!isSpent) projectiles[kept++] = projectile;
  }
  projectiles.length = kept;
}

/** Whether the projectile hit a ship on its way through the last tick; in its first it leaves the barrel. */
function strike(world: World, projectile: Projectile): boolean {
  const weapon = world.rules.weapons[projectile.weapon] as ProjectileRules;
  const dx = cosine(projectile.direction);
  const dy = sine(projectile.direction);
  const age = world.tick - projectile.birth;
  const length = age === 0 ? world.rules.ship.radius + weapon.radius : weapon.stride;
  const start = age === 0 ? -length : (age - 1) * weapon.stride;
  const x = projectile.x + dx * start;
  const y = projectile.y + dy * start;
  const hit = firstShipAlong(world, projectile.owner, x, y, dx, dy, length, weapon.radius);
  if (hit === undefined) return false;
  const hitX = clampToMap(world, x + dx * hit.distance);
  const hitY = clampToMap(world, y + dy * hit.distance);
  hurt(world, hit.ship, projectile.owner, projectile.weapon, hitX, hitY);
  return true;
}

/** The nearest ship along a line of `length` that the shooter may hurt; protected ships stop shots too. */
function firstShipAlong(
  world: World,
  shooterId: number,
  x: number,
  y: number,
  dx: number,
  dy: number,
  length: number,
  radius: number,
) {
  const reach = world.rules.ship.radius + radius;
  const toX = x + dx * length;
  const toY = y + dy * length;
  const shooter = findShip(world, shooterId);
  let first: { ship: Ship; distance: number } | undefined;
  const places = world.shipGrid.near(
    Math.min(x, toX) - reach,
    Math.min(y, toY) - reach,
    Math.max(x, toX) + reach,
    Math.max(y, toY) + reach,
  );
  for (const place of places) {
    const ship = world.ships[place];
    if (ship.id === shooterId || !isAlive(ship) || !world.mode.canHurt(shooter, ship)) continue;
    const distance = rayToCircle(x, y, dx, dy, ship.x, ship.y, reach);
    if (distance <= length && (first === undefined || distance < first.distance)) first = { ship, distance };
  }
  return first;
}

function hurt(world: World, victim: Ship, shooterId: number, weapon: number, x: number, y: number): void {
  world.tally.hits++;
  const damage = victim.protection > 0 ? 0 : Math.min(victim.health, world.rules.weapons[weapon].damage);
  victim.health -= damage;
  if (damage > 0) victim.mendDelay = world.rules.ship.mendDelayTicks;
  const side = Math.round((angleOf(x - victim.x, y - victim.y) * HIT_SIDES) / TURN) & (HIT_SIDES - 1);
  const values = { victim: victim.id, shooter: shooterId, damage, weapon, side };
  world.events.push({ kind: EventKind.Hit, span: pointSpan(victim.x, victim.y), values });
  if (victim.health === 0) die(world, victim, shooterId, weapon);
}

function die(world: World, victim: Ship, killerId: number, weapon: number): void {
  const { x, y, id } = victim;
  world.events.push({ kind: EventKind.Death, span: pointSpan(x, y), values: { x, y, victim: id, killer: killerId } });
  world.news.push({ killer: killerId, victim: id, weapon });
  world.mode.scoreKill(findShip(world, killerId), victim);
  victim.respawn = world.rules.ship.respawnTicks;
  victim.vx = victim.vy = victim.thrust = victim.isBoosting = victim.charging = victim.charge = victim.protection = 0;
}
