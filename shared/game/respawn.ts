/** Where ships come (back) to life: a free place as far from living ships as chance offers. */
import { nextBelow } from "@starwake/shared/engine/random.ts";
import { EventKind, pointSpan } from "./events.ts";
import { distanceTo, obstaclesNear } from "./map.ts";
import { forgetLife } from "./rewind.ts";
import { QUANTA_PER_UNIT } from "./rules.ts";
import { isAlive, type Ship, type World } from "./world.ts";

const CANDIDATES = 10;
const CLEARANCE = 60 * QUANTA_PER_UNIT;
/** Farther than this from the next ship is no better: nobody wants to be alone. */
const FAR_ENOUGH = 700 * QUANTA_PER_UNIT;

/** Brings a dead ship one tick nearer to its return, and back when the time has come. */
export function awaitRespawn(world: World, ship: Ship): void {
  if (ship.respawn > 1) ship.respawn--;
  // A predicted ship waits for the server's word: chance decides where it appears.
  else if (world.isAuthority) spawn(world, ship);
}

/** Puts a ship into the world, whole, at rest and protected. */
export function spawn(world: World, ship: Ship): void {
  const { maxHealth, maxEnergy, protectionTicks } = world.rules.ship;
  forgetLife(world.past, ship.id);
  const place = choosePlace(world);
  const still = {
    vx: 0,
    vy: 0,
    thrust: 0,
    isBoosting: 0,
    charging: 0,
    charge: 0,
    cooldown: 0,
    mendDelay: 0,
    respawn: 0,
  };
  Object.assign(ship, still, place, { health: maxHealth, energy: maxEnergy, protection: protectionTicks });
  world.events.push({ kind: EventKind.Spawn, span: pointSpan(place.x, place.y), values: { ...place, ship: ship.id } });
}

function choosePlace(world: World): { x: number; y: number } {
  let best = { x: world.map.side / 2, y: world.map.side / 2 };
  let bestDistance = -1;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const x = CLEARANCE + nextBelow(world.random, world.map.side - 2 * CLEARANCE);
    const y = CLEARANCE + nextBelow(world.random, world.map.side - 2 * CLEARANCE);
    if (obstaclesNear(world.map, x, y).some((obstacle) => distanceTo(obstacle, x, y) < CLEARANCE)) continue;
    const distance = Math.min(FAR_ENOUGH, distanceToNextShip(world, x, y));
    if (distance <= bestDistance) continue;
    best = { x, y };
    bestDistance = distance;
  }
  return best;
}

function distanceToNextShip(world: World, x: number, y: number): number {
  let nearest2 = FAR_ENOUGH * FAR_ENOUGH;
  for (const ship of world.ships) {
    if (!isAlive(ship)) continue;
    const dx = ship.x - x;
    const dy = ship.y - y;
    nearest2 = Math.min(nearest2, dx * dx + dy * dy);
  }
  return Math.sqrt(nearest2);
}
