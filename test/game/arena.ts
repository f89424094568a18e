/** An arena: a world without chance in it. Obstacles and ships stand where a test puts them, in units. */
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import type { GameEvent, KillNews } from "@starwake/shared/game/events.ts";
import { type GameMap, OBSTACLE_CELL, type Obstacle } from "@starwake/shared/game/map.ts";
import { QUANTA_PER_UNIT, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { step } from "@starwake/shared/game/step.ts";
import { createShip, createWorld, type Ship, type World } from "@starwake/shared/game/world.ts";

export const ARENA_SIDE_UNITS = 2048;

/** All within `radius` of the line from (x0, y0) to (x1, y1); a point unless told. */
type ObstacleInUnits = { x0: number; y0: number; x1?: number; y1?: number; radius: number };

type ArenaOptions = {
  readonly obstacles?: readonly ObstacleInUnits[];
  readonly tickRate?: number;
  readonly role?: "authority" | "prediction";
};

export function createArena({ obstacles = [], tickRate = 60, role = "authority" }: ArenaOptions = {}): World {
  const world = createWorld({ seed: 1, tickRate, capacity: 8, mapSize: ARENA_SIDE_UNITS, role });
  return { ...world, map: createMap(obstacles) };
}

function createMap(obstacles: readonly ObstacleInUnits[]): GameMap {
  const inQuanta = obstacles.map(
    ({ x0, y0, x1 = x0, y1 = y0, radius }): Obstacle => ({
      x0: quanta(x0),
      y0: quanta(y0),
      x1: quanta(x1),
      y1: quanta(y1),
      radius: quanta(radius),
    }),
  );
  const side = quanta(ARENA_SIDE_UNITS);
  const columns = Math.ceil(side / OBSTACLE_CELL);
  return {
    side,
    columns,
    obstacles: inQuanta,
    near: Array.from({ length: columns * columns }, () => inQuanta),
    open: Uint8Array.of(0),
    openColumns: 1,
  };
}

export function quanta(units: number): number {
  return Math.round(units * QUANTA_PER_UNIT);
}

/** Puts a whole ship at rest at (x, y) in units, but for what `state` says, in quanta and ticks. */
export function placeShip(world: World, id: number, x: number, y: number, state: Partial<Ship> = {}): Ship {
  const ship = Object.assign(createShip(world, id), { x: quanta(x), y: quanta(y) }, state);
  world.ships = [...world.ships, ship].sort((one, other) => one.id - other.id);
  return ship;
}

/** What each player holds; what is not named is not held. */
type Held = Readonly<Record<number, Partial<Command>>>;

/** How many ticks late each player sees the others; who is not named sees the present. */
type LookAges = Readonly<Record<number, number>>;

/**
 * Steps the world while players hold what they hold.
 * @returns all that happened on the way
 */
export function hold(
  world: World,
  ticks: number,
  held: Held = {},
  lookAges: LookAges = {},
): { events: GameEvent[]; news: KillNews[] } {
  const commands = new Map(Object.entries(held).map(([id, wish]) => [Number(id), { ...NEUTRAL_COMMAND, ...wish }]));
  const events: GameEvent[] = [];
  const news: KillNews[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    const looks = Object.entries(lookAges).map(([id, age]) => [Number(id), world.tick + 1 - age] as const);
    step(world, commands, new Map(looks));
    events.push(...world.events);
    news.push(...world.news);
  }
  return { events, news };
}

/** The events of one kind. */
export function eventsOf<Kind extends GameEvent["kind"]>(events: readonly GameEvent[], kind: Kind) {
  return events.filter((event): event is Extract<GameEvent, { kind: Kind }> => event.kind === kind);
}

/** Units a second. */
export function speedOf(world: World, { vx, vy }: Ship): number {
  return (Math.hypot(vx, vy) * STRIDE_PER_SPEED * world.rules.ticksPerSecond) / QUANTA_PER_UNIT;
}

export function distanceBetween(one: Ship, other: Ship): number {
  return Math.hypot(other.x - one.x, other.y - one.y) / QUANTA_PER_UNIT;
}
