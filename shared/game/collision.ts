/** Ship against ship: equal masses that push each other apart and bounce. */
import type { GameMap } from "./map.ts";
import { quantise } from "./movement.ts";
import type { ShipRules } from "./rules.ts";
import { isAlive, type Ship, type World } from "./world.ts";

/** Resolves every touching pair once, in order of ids, and leaves the grid as the ships then stand. */
export function collideShips(world: World): void {
  const reach = world.rules.ship.radius * 2;
  world.shipGrid.fill(world.ships);
  for (let place = 0; place < world.ships.length; place++) {
    const ship = world.ships[place];
    if (!isAlive(ship)) continue;
    const near = world.shipGrid.near(ship.x - reach, ship.y - reach, ship.x + reach, ship.y + reach);
    for (let index = 0; index < near.count; index++)
      if (near.items[index] > place) collide(world, ship, world.ships[near.items[index]], reach);
  }
  world.shipGrid.fill(world.ships);
}

/** All in locals: a ship never holds a fraction, not even for a moment, see movement.ts. */
function collide({ map, rules }: World, one: Ship, other: Ship, reach: number): void {
  const dx = other.x - one.x;
  const dy = other.y - one.y;
  const distance2 = dx * dx + dy * dy;
  if (distance2 >= reach * reach) return;
  const distance = Math.sqrt(distance2);
  const normalX = distance === 0 ? 1 : dx / distance;
  const normalY = distance === 0 ? 0 : dy / distance;
  const half = (reach - distance) / 2;
  const closing = Math.min(0, (other.vx - one.vx) * normalX + (other.vy - one.vy) * normalY);
  const impulse = (closing * (1 + rules.ship.bounce)) / 2;
  push(one, normalX, normalY, -half, impulse, map, rules.ship);
  push(other, normalX, normalY, half, -impulse, map, rules.ship);
}

/** Moves a ship along a normal by `way`, and changes its speed along it by `gain`. */
function push(
  ship: Ship,
  normalX: number,
  normalY: number,
  way: number,
  gain: number,
  map: GameMap,
  rules: ShipRules,
): void {
  const { x, y, vx, vy } = ship;
  quantise(ship, x + normalX * way, y + normalY * way, vx + normalX * gain, vy + normalY * gain, map, rules);
}
