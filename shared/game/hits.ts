/**
 * Hits: which ship a shot meets first, among the ships as its shooter saw them, and what that does: damage and death.
 */
import { angleOf, TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { IntList } from "@starwake/shared/engine/int-list.ts";
import { EventKind, HIT_SIDES, pointSpan } from "./events.ts";
import { clampToMap } from "./map.ts";
import { castRay, rayToCircle } from "./ray.ts";
import { type Place, placeFor } from "./rewind.ts";
import { findShip, isAlive, type Ship, type World } from "./world.ts";

/** The way of a shot within one tick: `length` times (dx, dy) from (x, y), in coordinate quanta. */
export type Shot = {
  readonly shooter: PlayerId;
  /** Its place in the weapons' table. */
  readonly weapon: number;
  /** Ticks by which its shooter sees the others late. */
  readonly lag: number;
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly length: number;
};

/** How far along the shot the victim was met, and where it stood for it. */
export type Hit = { readonly victim: Ship; readonly stood: Place; readonly distance: number };

/**
 * The nearest ship on a shot's way that the shooter may hurt; protected ships stop shots too. Who is hit is for the
 * authority to say: in a predicting world shots go through.
 */
export function firstHit(world: World, shot: Shot): Hit | undefined {
  if (!world.isAuthority) return undefined;
  const { shooter: shooterId, lag } = shot;
  const reach = world.rules.ship.radius + world.rules.weapons[shot.weapon].radius;
  const near = shipsNear(world, shot, reach + world.past.drift[lag]);
  // Most shots fly through empty space.
  if (near.count === 0) return undefined;
  const shooter = findShip(world, shooterId);
  let first: Hit | undefined;
  for (let index = 0; index < near.count; index++) {
    const victim = world.ships[near.items[index]];
    if (victim.id === shooterId || !isAlive(victim) || !world.mode.canHurt(shooter, victim)) continue;
    const stood = placeFor(world, victim, lag);
    const distance = rayToCircle(shot.x, shot.y, shot.dx, shot.dy, stood.x, stood.y, reach);
    if (distance <= shot.length && (first === undefined || distance < first.distance))
      first = { victim, stood, distance };
  }
  return first;
}

/**
 * The places in the list of all ships that now stand within `margin` of the shot's way, and of some others. In whole
 * quanta, so that a question that thousands of shots ask in every tick allocates nothing.
 */
function shipsNear({ shipGrid }: World, { x, y, dx, dy, length }: Shot, margin: number): IntList {
  const toX = x + dx * length;
  const toY = y + dy * length;
  return shipGrid.near(
    Math.floor(Math.min(x, toX) - margin) | 0,
    Math.floor(Math.min(y, toY) - margin) | 0,
    Math.ceil(Math.max(x, toX) + margin) | 0,
    Math.ceil(Math.max(y, toY) + margin) | 0,
  );
}

/** Does what a hit does, and tells and counts it. */
export function hurt(world: World, shot: Shot, { victim, stood, distance }: Hit): void {
  const { shooter, weapon } = shot;
  count(world, shot, victim);
  const damage = victim.protection > 0 ? 0 : Math.min(victim.health, world.rules.weapons[weapon].damage);
  victim.health -= damage;
  if (damage > 0) victim.mendDelay = world.rules.ship.mendDelayTicks;
  const x = clampToMap(world.map, shot.x + shot.dx * distance);
  const y = clampToMap(world.map, shot.y + shot.dy * distance);
  const side = Math.round((angleOf(x - stood.x, y - stood.y) * HIT_SIDES) / TURN) & (HIT_SIDES - 1);
  const values = { victim: victim.id, shooter, damage, weapon, side };
  world.events.push({ kind: EventKind.Hit, span: pointSpan(victim.x, victim.y), values });
  if (victim.health === 0) die(world, victim, shooter, weapon);
}

function count(world: World, shot: Shot, victim: Ship): void {
  world.tally.hits++;
  if (shot.lag === 0) return;
  world.tally.rewoundHits++;
  if (isHidden(world, shot, victim)) world.tally.hitsBehindCover++;
}

/** Whether the map lies between where the shot comes from and where the victim stands now. */
function isHidden(world: World, { x, y }: Shot, victim: Ship): boolean {
  const dx = victim.x - x;
  const dy = victim.y - y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  return distance > 0 && castRay(world.map, x, y, dx / distance, dy / distance, distance) < distance;
}

function die(world: World, victim: Ship, killerId: PlayerId, weapon: number): void {
  const { x, y, id } = victim;
  world.events.push({ kind: EventKind.Death, span: pointSpan(x, y), values: { x, y, victim: id, killer: killerId } });
  world.news.push({ killer: killerId, victim: id, weapon });
  world.mode.scoreKill(findShip(world, killerId), victim);
  victim.respawn = world.rules.ship.respawnTicks;
  victim.vx = victim.vy = victim.thrust = victim.isBoosting = victim.charging = victim.charge = victim.protection = 0;
}
