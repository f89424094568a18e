/**
 * Combat: charging and firing, projectiles in flight, hits, damage and death.
 */
import { cosine, sine } from "@starwake/shared/engine/exact-maths.ts";
import { projectileId, MAX_CHARGE } from "./entities.ts";
import { EventKind } from "./events.ts";
import { castRay, rayToCircle } from "./ray.ts";
import type { BeamRules, ProjectileRules, WeaponRules } from "./rules.ts";
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
  const dx = cosine(ship.aim);
  const dy = sine(ship.aim);
  const muzzle = world.rules.ship.radius + weapon.radius;
  const reach = castRay(world.map, ship.x, ship.y, dx, dy, muzzle + weapon.range);
  const x = clampToMap(world, ship.x + dx * Math.min(muzzle, reach));
  const y = clampToMap(world, ship.y + dy * Math.min(muzzle, reach));
  const life = Math.max(1, Math.ceil((reach - muzzle) / weapon.stride));
  world.projectiles.push({
    id: projectileId(world.tick, ship.id),
    owner: ship.id,
    weapon: place,
    birth: world.tick,
    x,
    y,
    direction: ship.aim,
    life,
    endX: clampToMap(world, ship.x + dx * reach),
    endY: clampToMap(world, ship.y + dy * reach),
  });
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
  world.events.push({ kind: EventKind.Beam, values: { x: ship.x, y: ship.y, toX, toY, shooter: ship.id, weapon: place } });
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
function firstShipAlong(world: World, shooterId: number, x: number, y: number, dx: number, dy: number, length: number, radius: number) {
  const reach = world.rules.ship.radius + radius;
  const toX = x + dx * length;
  const toY = y + dy * length;
  const shooter = findShip(world, shooterId);
  let first: { ship: Ship; distance: number } | undefined;
  const places = world.shipGrid.near(Math.min(x, toX) - reach, Math.min(y, toY) - reach, Math.max(x, toX) + reach, Math.max(y, toY) + reach);
  for (const place of places) {
    const ship = world.ships[place];
    if (ship.id === shooterId || !isAlive(ship) || !world.mode.canHurt(shooter, ship)) continue;
    const distance = rayToCircle(x, y, dx, dy, ship.x, ship.y, reach);
    if (distance <= length && (first === undefined || distance < first.distance)) first = { ship, distance };
  }
  return first;
}

function hurt(world: World, victim: Ship, shooterId: number, weapon: number, x: number, y: number): void {
  const damage = victim.protection > 0 ? 0 : Math.min(victim.health, world.rules.weapons[weapon].damage);
  victim.health -= damage;
  if (damage > 0) victim.mendDelay = world.rules.ship.mendDelayTicks;
  world.events.push({ kind: EventKind.Hit, values: { x, y, victim: victim.id, shooter: shooterId, damage, weapon } });
  if (victim.health === 0) die(world, victim, shooterId, weapon);
}

function die(world: World, victim: Ship, killerId: number, weapon: number): void {
  const { x, y, id } = victim;
  world.events.push({ kind: EventKind.Death, values: { x, y, victim: id, killer: killerId } });
  world.news.push({ killer: killerId, victim: id, weapon });
  world.mode.scoreKill(findShip(world, killerId), victim);
  victim.respawn = world.rules.ship.respawnTicks;
  victim.vx = victim.vy = victim.thrust = victim.isBoosting = victim.charging = victim.charge = victim.protection = 0;
}
