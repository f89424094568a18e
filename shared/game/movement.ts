/**
 * Movement: how a ship flies by what it holds, and bounces off the map. It reads nothing but the ship's own row and
 * the map, so that server, prediction and delta coding all move a ship by this one function.
 */
import { cosine, sine } from "@starwake/shared/engine/exact-maths.ts";
import { thrustAngle } from "./command.ts";
import { MAX_CHARGE, type ShipRow } from "./entities.ts";
import { type GameMap, nearestPart, type Obstacle, obstaclesNear } from "./map.ts";
import { type Rules, type ShipRules, STRIDE_PER_SPEED } from "./rules.ts";

/** One tick of a ship by itself: all that happens to it when nobody interferes and it holds what it holds. */
export function flyAlone(ship: ShipRow, map: GameMap, rules: Rules): void {
  accelerate(ship, rules.ship);
  ship.x += ship.vx * STRIDE_PER_SPEED;
  ship.y += ship.vy * STRIDE_PER_SPEED;
  bounceOffMap(ship, map, rules.ship);
  quantise(ship, map, rules.ship);
  if (ship.charging > 0 && ship.charge < MAX_CHARGE) ship.charge++;
  if (ship.protection > 0) ship.protection--;
}

function accelerate(ship: ShipRow, rules: ShipRules): void {
  ship.vx *= rules.keptSpeed;
  ship.vy *= rules.keptSpeed;
  const limit = speedLimit(ship, rules);
  if (ship.thrust > 0) {
    const angle = thrustAngle(ship.thrust);
    const gain = ship.isBoosting ? rules.boostThrust : rules.thrust;
    ship.vx += cosine(angle) * gain;
    ship.vy += sine(angle) * gain;
  }
  const speed = speedOf(ship);
  if (speed <= limit) return;
  ship.vx *= limit / speed;
  ship.vy *= limit / speed;
}

/**
 * What thrust may not carry a ship past: the top. A ship that is above it already (a boost has ended, a blow came)
 * fades towards it instead of being cut, so that the end of a boost does not feel like a wall.
 */
function speedLimit(ship: ShipRow, rules: ShipRules): number {
  const top = ship.isBoosting ? rules.boostTopSpeed : rules.topSpeed;
  const excess = Math.min(speedOf(ship), rules.boostTopSpeed) - top;
  return excess > 0 ? top + excess * rules.keptExcess : top;
}

function speedOf({ vx, vy }: ShipRow): number {
  return Math.sqrt(vx * vx + vy * vy);
}

function bounceOffMap(ship: ShipRow, map: GameMap, rules: ShipRules): void {
  for (const obstacle of obstaclesNear(map, ship.x, ship.y)) bounceOffObstacle(ship, obstacle, rules);
  const far = map.side - rules.radius;
  if (ship.x < rules.radius) bounce(ship, 1, 0, rules.radius - ship.x, rules.bounce);
  if (ship.x > far) bounce(ship, -1, 0, ship.x - far, rules.bounce);
  if (ship.y < rules.radius) bounce(ship, 0, 1, rules.radius - ship.y, rules.bounce);
  if (ship.y > far) bounce(ship, 0, -1, ship.y - far, rules.bounce);
}

function bounceOffObstacle(ship: ShipRow, obstacle: Obstacle, rules: ShipRules): void {
  const part = nearestPart(obstacle, ship.x, ship.y);
  const dx = ship.x - (obstacle.x0 + (obstacle.x1 - obstacle.x0) * part);
  const dy = ship.y - (obstacle.y0 + (obstacle.y1 - obstacle.y0) * part);
  const reach = rules.radius + obstacle.radius;
  const distance2 = dx * dx + dy * dy;
  if (distance2 >= reach * reach) return;
  const distance = Math.sqrt(distance2);
  if (distance === 0) bounce(ship, 1, 0, reach, rules.bounce);
  else bounce(ship, dx / distance, dy / distance, reach - distance, rules.bounce);
}

/** Moves a ship out of a surface along its normal by `depth`, and turns its speed against the surface around. */
function bounce(ship: ShipRow, normalX: number, normalY: number, depth: number, bounciness: number): void {
  ship.x += normalX * depth;
  ship.y += normalY * depth;
  const speed = ship.vx * normalX + ship.vy * normalY;
  if (speed >= 0) return;
  ship.vx -= normalX * speed * (1 + bounciness);
  ship.vy -= normalY * speed * (1 + bounciness);
}

/**
 * Makes a ship's motion what the wire can carry: no faster than a boost, within the map, whole quanta. Speeds are cut
 * towards zero, so that a drifting ship comes to rest; + 0 makes a −0 the 0 that the wire would make of it.
 */
export function quantise(ship: ShipRow, map: GameMap, rules: ShipRules): void {
  const speed = speedOf(ship);
  const kept = speed > rules.boostTopSpeed ? rules.boostTopSpeed / speed : 1;
  ship.vx = Math.trunc(ship.vx * kept) + 0;
  ship.vy = Math.trunc(ship.vy * kept) + 0;
  ship.x = Math.round(Math.min(map.side, Math.max(0, ship.x)));
  ship.y = Math.round(Math.min(map.side, Math.max(0, ship.y)));
}
