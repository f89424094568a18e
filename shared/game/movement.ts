/**
 * Movement: how a ship flies by what it holds, and bounces off the map. It reads nothing but the ship's own row and
 * the map, so that server, prediction and delta coding all move a ship by this one function.
 */
import { cosine, sine } from "@starwake/shared/engine/exact-maths.ts";
import { thrustAngle } from "./command.ts";
import { MAX_CHARGE, type ShipRow } from "./entities.ts";
import { type GameMap, isOpen, nearestPart, type Obstacle, obstaclesNear } from "./map.ts";
import { type Rules, type ShipRules, STRIDE_PER_SPEED } from "./rules.ts";

/**
 * A ship's motion within a tick, when it need not be whole: coordinates and speeds, in quanta. It stands in numbers of
 * its own, not in the ship's, so that no ship ever holds a fraction, and moving one allocates nothing.
 */
const motion = new Float64Array(4);
const X = 0;
const Y = 1;
const VX = 2;
const VY = 3;

/** One tick of a ship by itself: all that happens to it when nobody interferes and it holds what it holds. */
export function flyAlone(ship: ShipRow, map: GameMap, rules: Rules): void {
  takeUp(ship);
  accelerate(ship, rules.ship);
  motion[X] += motion[VX] * STRIDE_PER_SPEED;
  motion[Y] += motion[VY] * STRIDE_PER_SPEED;
  bounceOffMap(map, rules.ship);
  setDown(ship, map, rules.ship);
  if (ship.charging > 0 && ship.charge < MAX_CHARGE) ship.charge++;
  if (ship.protection > 0) ship.protection--;
}

function takeUp(ship: ShipRow): void {
  motion[X] = ship.x;
  motion[Y] = ship.y;
  motion[VX] = ship.vx;
  motion[VY] = ship.vy;
}

function accelerate(ship: ShipRow, rules: ShipRules): void {
  motion[VX] *= rules.keptSpeed;
  motion[VY] *= rules.keptSpeed;
  const limit = speedLimit(ship, rules);
  if (ship.thrust > 0) {
    const angle = thrustAngle(ship.thrust);
    const gain = ship.isBoosting ? rules.boostThrust : rules.thrust;
    motion[VX] += cosine(angle) * gain;
    motion[VY] += sine(angle) * gain;
  }
  const speed = speedNow();
  if (speed <= limit) return;
  motion[VX] *= limit / speed;
  motion[VY] *= limit / speed;
}

/**
 * What thrust may not carry a ship past: the top. A ship that is above it already (a boost has ended, a blow came)
 * fades towards it instead of being cut, so that the end of a boost does not feel like a wall.
 */
function speedLimit(ship: ShipRow, rules: ShipRules): number {
  const top = ship.isBoosting ? rules.boostTopSpeed : rules.topSpeed;
  const excess = Math.min(speedNow(), rules.boostTopSpeed) - top;
  return excess > 0 ? top + excess * rules.keptExcess : top;
}

function speedNow(): number {
  return Math.sqrt(motion[VX] * motion[VX] + motion[VY] * motion[VY]);
}

function bounceOffMap(map: GameMap, rules: ShipRules): void {
  // In whole quanta: a fraction would be given in memory of its own.
  if (!isOpen(map, motion[X] | 0, motion[Y] | 0))
    for (const obstacle of obstaclesNear(map, motion[X], motion[Y])) bounceOffObstacle(obstacle, rules);
  const far = map.side - rules.radius;
  if (motion[X] < rules.radius) bounce(1, 0, rules.radius - motion[X], rules.bounce);
  if (motion[X] > far) bounce(-1, 0, motion[X] - far, rules.bounce);
  if (motion[Y] < rules.radius) bounce(0, 1, rules.radius - motion[Y], rules.bounce);
  if (motion[Y] > far) bounce(0, -1, motion[Y] - far, rules.bounce);
}

function bounceOffObstacle(obstacle: Obstacle, rules: ShipRules): void {
  const part = nearestPart(obstacle, motion[X], motion[Y]);
  const dx = motion[X] - (obstacle.x0 + (obstacle.x1 - obstacle.x0) * part);
  const dy = motion[Y] - (obstacle.y0 + (obstacle.y1 - obstacle.y0) * part);
  const reach = rules.radius + obstacle.radius;
  const distance2 = dx * dx + dy * dy;
  if (distance2 >= reach * reach) return;
  const distance = Math.sqrt(distance2);
  if (distance === 0) bounce(1, 0, reach, rules.bounce);
  else bounce(dx / distance, dy / distance, reach - distance, rules.bounce);
}

/** Moves a ship out of a surface along its normal by `depth`, and turns its speed against the surface around. */
function bounce(normalX: number, normalY: number, depth: number, bounciness: number): void {
  motion[X] += normalX * depth;
  motion[Y] += normalY * depth;
  const speed = motion[VX] * normalX + motion[VY] * normalY;
  if (speed >= 0) return;
  motion[VX] -= normalX * speed * (1 + bounciness);
  motion[VY] -= normalY * speed * (1 + bounciness);
}

/**
 * Gives a ship a motion, made what the wire can carry: no faster than a boost, within the map, whole quanta. Speeds are
 * cut towards zero, so that a drifting ship comes to rest. The | 0 cuts, makes of a −0 the 0 that the wire would make of it,
 * and lets the engine keep the ship's numbers as small integers.
 */
export function quantise(
  ship: ShipRow,
  x: number,
  y: number,
  vx: number,
  vy: number,
  map: GameMap,
  rules: ShipRules,
): void {
  motion[X] = x;
  motion[Y] = y;
  motion[VX] = vx;
  motion[VY] = vy;
  setDown(ship, map, rules);
}

function setDown(ship: ShipRow, map: GameMap, rules: ShipRules): void {
  const speed = speedNow();
  const kept = speed > rules.boostTopSpeed ? rules.boostTopSpeed / speed : 1;
  ship.vx = (motion[VX] * kept) | 0;
  ship.vy = (motion[VY] * kept) | 0;
  ship.x = Math.round(Math.min(map.side, Math.max(0, motion[X]))) | 0;
  ship.y = Math.round(Math.min(map.side, Math.max(0, motion[Y]))) | 0;
}
