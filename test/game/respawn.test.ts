import { distanceTo } from "@starwake/shared/game/map.ts";
import { spawn } from "@starwake/shared/game/respawn.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { createShip, createWorld, type World } from "@starwake/shared/game/world.ts";
import { expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { distanceBetween } from "./arena.ts";

const SPAWNS = 300;

function worldOf(seed: number, mapSize = 3072): World {
  return createWorld({ seed, mapSize, capacity: 16, tickRate: 60, role: "authority" });
}

function spawnOne(world: World, id: number) {
  const ship = createShip(world, id);
  spawn(world, ship);
  return ship;
}

test(`a ship comes to life clear of every obstacle and of the border [seed ${SEED}]`, () => {
  const world = worldOf(SEED);
  const clearance = 60 * QUANTA_PER_UNIT;
  for (let run = 0; run < SPAWNS; run++) {
    const { x, y } = spawnOne(world, 1);
    expect(Math.min(x, y, world.map.side - x, world.map.side - y)).toBeGreaterThanOrEqual(clearance);
    for (const obstacle of world.map.obstacles) expect(distanceTo(obstacle, x, y)).toBeGreaterThanOrEqual(clearance);
  }
});

test(`a ship comes to life far from those that live [seed ${SEED}]`, () => {
  const world = worldOf(SEED);
  const other = spawnOne(world, 1);
  world.ships = [other];
  const gaps = Array.from({ length: SPAWNS }, () => distanceBetween(spawnOne(world, 2), other));
  expect(gaps.filter((gap) => gap < 600).length).toBeLessThan(SPAWNS / 50);
});

test(`the dead are nobody to keep away from [seed ${SEED}]`, () => {
  const world = worldOf(SEED, 1280);
  const other = { ...spawnOne(world, 1), respawn: 50 };
  world.ships = [other];
  const gaps = Array.from({ length: SPAWNS }, () => distanceBetween(spawnOne(world, 2), other));
  expect(gaps.filter((gap) => gap < 300).length).toBeGreaterThan(SPAWNS / 50);
});

test("the same seed brings ships to life in the same places", () => {
  const places = [1, 2].map(() => {
    const world = worldOf(9);
    return Array.from({ length: 20 }, (_, id) => spawnOne(world, id)).map(({ x, y }) => [x, y]);
  });
  expect(places[0]).toEqual(places[1]);
});
