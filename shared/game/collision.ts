/** Ship against ship: equal masses that push each other apart and bounce. */
import type { ShipRow } from "./entities.ts";
import { quantise } from "./movement.ts";
import { isAlive, type Ship, type World } from "./world.ts";

/** Resolves every touching pair once, in order of ids, and leaves the grid as the ships then stand. */
export function collideShips(world: World): void {
  const reach = world.rules.ship.radius * 2;
  world.shipGrid.fill(world.ships);
  for (let place = 0; place < world.ships.length; place++) {
    const ship = world.ships[place];
    if (!isAlive(ship)) continue;
    for (const other of world.shipGrid.near(ship.x - reach, ship.y - reach, ship.x + reach, ship.y + reach))
      if (other > place) collide(world, ship, world.ships[other], reach);
  }
  world.shipGrid.fill(world.ships);
}

function collide(world: World, one: Ship, other: Ship, reach: number): void {
  const dx = other.x - one.x;
  const dy = other.y - one.y;
  const distance2 = dx * dx + dy * dy;
  if (distance2 >= reach * reach) return;
  const distance = Math.sqrt(distance2);
  const normalX = distance === 0 ? 1 : dx / distance;
  const normalY = distance === 0 ? 0 : dy / distance;
  const half = (reach - distance) / 2;
  shift(one, -normalX * half, -normalY * half);
  shift(other, normalX * half, normalY * half);
  const closing = (other.vx - one.vx) * normalX + (other.vy - one.vy) * normalY;
  if (closing < 0) {
    const impulse = (closing * (1 + world.rules.ship.bounce)) / 2;
    push(one, normalX * impulse, normalY * impulse);
    push(other, -normalX * impulse, -normalY * impulse);
  }
  quantise(one, world.map, world.rules.ship);
  quantise(other, world.map, world.rules.ship);
}

function shift(ship: ShipRow, dx: number, dy: number): void {
  ship.x += dx;
  ship.y += dy;
}

function push(ship: ShipRow, dvx: number, dvy: number): void {
  ship.vx += dvx;
  ship.vy += dvy;
}
