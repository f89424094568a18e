/** What the game tells the engine of the future: where a ship will fly, and what a shot will be. */
import { createRandom, nextBelow, nextBetween } from "@starwake/shared/engine/random.ts";
import { writeRow } from "@starwake/shared/engine/schema.ts";
import { THRUST_DIRECTIONS } from "@starwake/shared/game/command.ts";
import { Kind, projectileKind, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import { createWorld, type Ship, type World } from "@starwake/shared/game/world.ts";
import { expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { createArena, hold, placeShip } from "./arena.ts";

type GameWorld = Parameters<typeof starwake.step>[0];

const RUNS = 150;
const { at } = shipKind;

/** A ship alone on a map with obstacles, at full flight somewhere. */
function flyingShip(random: ReturnType<typeof createRandom>): { world: World; ship: Ship; held: object } {
  const setup = {
    seed: nextBelow(random, 2 ** 31),
    mapSize: 2304,
    capacity: 16,
    tickRate: 60,
    role: "authority",
  } as const;
  const world = createWorld(setup);
  starwake.addPlayer(world as GameWorld, 1);
  const [ship] = world.ships;
  const held = { thrust: nextBetween(random, 0, THRUST_DIRECTIONS), aim: nextBelow(random, 1024) };
  hold(world, nextBelow(random, 150), { 1: { ...held, boost: nextBelow(random, 2) } });
  hold(world, 1, { 1: held });
  return { world, ship, held };
}

function rowOf(kind: typeof shipKind | typeof projectileKind, record: Readonly<Record<string, number>>): Int32Array {
  const row = new Int32Array(kind.fields.length);
  writeRow(kind, record, row, 0);
  return row;
}

test(`a ship that holds what it holds is where its row foretold, on any map, bounces and all [seed ${SEED}]`, () => {
  const random = createRandom(SEED);
  for (let run = 0; run < RUNS; run++) {
    const { world, ship, held } = flyingShip(random);
    const foretold = rowOf(shipKind, ship);
    const ticks = nextBetween(random, 1, 40);
    starwake.advance(world as GameWorld, Kind.Ship, foretold, ticks);
    hold(world, ticks, { 1: held });
    const motion = [at.x, at.y, at.vx, at.vy, at.aim, at.thrust, at.isBoosting, at.protection];
    const now = rowOf(shipKind, ship);
    expect(motion.map((field) => foretold[field])).toEqual(motion.map((field) => now[field]));
  }
});

test("what only its owner is told of a ship is not needed to foretell it: a charge grows, protection runs out", () => {
  const world = createArena();
  const ship = placeShip(world, 1, 600, 1000, { vx: 300, protection: 10 });
  const held = { thrust: 3, triggers: Trigger.Secondary };
  hold(world, 2, { 1: held });
  const foretold = rowOf(shipKind, ship);
  shipKind.fields.forEach((field, index) => {
    if (field.isPrivate) foretold[index] = 0;
  });
  starwake.advance(world as GameWorld, Kind.Ship, foretold, 20);
  hold(world, 20, { 1: held });
  const now = rowOf(shipKind, ship);
  expect(now[at.charge]).toBeGreaterThan(20);
  for (const field of shipKind.publicFields) expect([field, foretold[field]]).toEqual([field, now[field]]);
});

test("a projectile's row stays as it is", () => {
  const world = createWorld({ seed: 1, mapSize: 1280, capacity: 4, tickRate: 60, role: "authority" });
  const row = new Int32Array(projectileKind.fields.length).fill(7);
  starwake.advance(world as GameWorld, Kind.Projectile, row, 5);
  expect([...row]).toEqual([...new Int32Array(projectileKind.fields.length).fill(7)]);
});

test(`a shot is foretold to the last quantum by the ship that has just fired it [seed ${SEED}]`, () => {
  const random = createRandom(SEED);
  for (let run = 0; run < RUNS; run++) {
    const { world, ship, held } = flyingShip(random);
    ship.energy = world.rules.ship.maxEnergy;
    hold(world, 1, { 1: { ...held, triggers: Trigger.Primary } });
    expect(world.projectiles).toHaveLength(1);
    const anchor = rowOf(shipKind, ship);
    const shot = rowOf(projectileKind, world.projectiles[0]);
    expect(foretell(world, anchor, shot)).toEqual([...shot]);
  }
});

test(`a shot of one tick ago is foretold nearly always to the quantum [seed ${SEED}]`, () => {
  const random = createRandom(SEED);
  let exact = 0;
  for (let run = 0; run < RUNS; run++) {
    const world = createArena();
    const speeds = { vx: nextBetween(random, -600, 600), vy: nextBetween(random, -600, 600) };
    const ship = placeShip(world, 1, 1024, 1024, speeds);
    const held = { thrust: nextBetween(random, 0, THRUST_DIRECTIONS), aim: nextBelow(random, 1024) };
    hold(world, 1, { 1: { ...held, triggers: Trigger.Primary } });
    const shot = rowOf(projectileKind, world.projectiles[0]);
    hold(world, 1, { 1: held });
    const off = foretell(world, rowOf(shipKind, ship), shot).map((value, field) => Math.abs(value - shot[field]));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
    if (Math.max(...off) === 0) exact++;
  }
  expect(exact / RUNS).toBeGreaterThan(0.95);
});

test("a shot of some ticks ago is foretold by a ship that flew straight on since", () => {
  const world = createWorld({ seed: 1, mapSize: 2304, capacity: 4, tickRate: 60, role: "authority" });
  const ship = placeShip(world, 1, 1100, 1100, { vx: 400, vy: -200 });
  hold(world, 1, { 1: { triggers: Trigger.Primary, aim: 100 } });
  const shot = rowOf(projectileKind, world.projectiles[0]);
  Object.assign(ship, { x: ship.x + 300, y: ship.y - 150, vx: 400, vy: -200 });
  hold(world, 0);
  world.tick += 3;
  const { x, y } = projectileKind.at;
  const foretold = foretell(world, rowOf(shipKind, ship), shot);
  expect(Math.hypot(foretold[x] - shot[x], foretold[y] - shot[y])).toBeLessThan(10);
});

/** The shot's row, with each field that may be foretold as it is foretold from those before it. */
function foretell(world: World, anchor: Int32Array, shot: Int32Array): number[] {
  const { owner, birth } = projectileKind.at;
  return [...shot].map((told, field) =>
    field === owner || field === birth ? told : starwake.foretell(world as GameWorld, anchor, shot, field, world.tick),
  );
}
