/** A duel: a server's options under which the first two ships of its first room come to life in each other's sight. */
import { starwake } from "@starwake/shared/game/game.ts";
import { castRay } from "@starwake/shared/game/ray.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { createWorld, type Ship, type World } from "@starwake/shared/game/world.ts";

const MAP_SIZE = 1280;
const CAPACITY = 8;
const TICK_RATE = 60;
/** Well within the pulse gun's range. */
const FARTHEST = 600 * QUANTA_PER_UNIT;
/** Free way to both sides of the line between them. */
const LANE = 60 * QUANTA_PER_UNIT;
const SEEDS = 20_000;

/** Options of a server without pilots. */
export function duelOptions(): string[] {
  const options = { seed: duelSeed(), "map-size": MAP_SIZE, capacity: CAPACITY, "tick-rate": TICK_RATE, pilots: 0 };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
}

function duelSeed(): number {
  for (let seed = 1; seed < SEEDS; seed++) {
    const setup = { seed, mapSize: MAP_SIZE, capacity: CAPACITY, tickRate: TICK_RATE, role: "authority" } as const;
    const world = createWorld(setup);
    for (const player of [1, 2]) starwake.addPlayer(world as Parameters<typeof starwake.addPlayer>[0], player);
    if (isInSight(world, world.ships[0], world.ships[1])) return seed;
  }
  throw new Error(`none of ${SEEDS} seeds puts two ships in each other's sight`);
}

function isInSight(world: World, one: Ship, other: Ship): boolean {
  const dx = other.x - one.x;
  const dy = other.y - one.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (distance > FARTHEST) return false;
  const across = { x: -dy / distance, y: dx / distance };
  return [-LANE, 0, LANE].every((offset) => {
    const [x, y] = [one.x + across.x * offset, one.y + across.y * offset];
    return castRay(world.map, x, y, dx / distance, dy / distance, distance) >= distance;
  });
}
