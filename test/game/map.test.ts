import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { MAX_COORDINATE } from "@starwake/shared/game/entities.ts";
import { distanceTo, generateMap, isOpen, type Obstacle, obstaclesNear, sideFor } from "@starwake/shared/game/map.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { describe, expect, test } from "vitest";
import { SEED } from "../support/seed.ts";

/** The lane that every obstacle keeps, less what is left between points at which the generator looks. */
const LANE = 90 * QUANTA_PER_UNIT;
const SIDES = [256, 1280, 2304, 6144, 12_288] as const;

test("the same seed and size give the same map", () => {
  expect(generateMap(7, 4096)).toEqual(generateMap(7, 4096));
});

test("another seed gives another map", () => {
  expect(generateMap(8, 4096).obstacles).not.toEqual(generateMap(7, 4096).obstacles);
});

test("the map of a seed stays the same for ever", () => {
  const { obstacles } = generateMap(42, 1280);
  const [first] = obstacles;
  expect([obstacles.length, first]).toEqual([5, { x0: 10720, y0: 16384, x1: 17304, y1: 9800, radius: 672 }]);
});

describe.for(SIDES)("a map of %i units", (side) => {
  const map = generateMap(SEED, side);

  test(`keeps a lane before the border that a ship fits through [seed ${SEED}]`, () => {
    for (const { x0, y0, x1, y1, radius } of map.obstacles) {
      expect(Math.min(x0, y0, x1, y1) - radius).toBeGreaterThanOrEqual(LANE);
      expect(map.side - Math.max(x0, y0, x1, y1) - radius).toBeGreaterThanOrEqual(LANE);
    }
  });

  test(`keeps lanes between its obstacles that a ship fits through [seed ${SEED}]`, () => {
    for (const [index, one] of map.obstacles.entries())
      for (const other of map.obstacles.slice(index + 1))
        expect(gapBetween(one, other)).toBeGreaterThan(2 * SHIP.radiusUnits * QUANTA_PER_UNIT);
  });

  test(`holds whole numbers that the wire can carry [seed ${SEED}]`, () => {
    expect(map.side).toBeLessThanOrEqual(MAX_COORDINATE);
    for (const obstacle of map.obstacles)
      for (const value of Object.values(obstacle)) expect(Number.isInteger(value)).toBe(true);
  });

  test(`finds every obstacle that anything within 128 units of a point can touch [seed ${SEED}]`, () => {
    const random = createRandom(SEED);
    for (let point = 0; point < 300; point++) {
      const [x, y] = [nextBelow(random, map.side + 1), nextBelow(random, map.side + 1)];
      const near = obstaclesNear(map, x, y);
      for (const obstacle of map.obstacles)
        if (distanceTo(obstacle, x, y) <= 128 * QUANTA_PER_UNIT) expect(near).toContain(obstacle);
    }
  });
});

test(`who is told that a place is open touches no obstacle there, and most places are [seed ${SEED}]`, () => {
  const map = generateMap(SEED, 6144);
  const random = createRandom(SEED);
  let open = 0;
  for (let point = 0; point < 3000; point++) {
    const [x, y] = [nextBelow(random, map.side + 1), nextBelow(random, map.side + 1)];
    if (!isOpen(map, x, y)) continue;
    open++;
    const gap = Math.min(...map.obstacles.map((obstacle) => distanceTo(obstacle, x, y)));
    expect(gap).toBeGreaterThanOrEqual(SHIP.radiusUnits * QUANTA_PER_UNIT);
  }
  expect(open).toBeGreaterThan(2000);
});

test("a large map holds about as much in each place as a small one", () => {
  const density = (side: number) => generateMap(3, side).obstacles.length / side ** 2;
  expect(density(12_288) / density(4096)).toBeGreaterThan(0.8);
  expect(density(12_288) / density(4096)).toBeLessThan(1.25);
});

test("a side grows with the capacity, in whole cells, so that each player has the same room", () => {
  expect([1, 16, 64, 512].map(sideFor)).toEqual([1536, 2304, 4608, 12_800]);
});

/** The least gap between two capsules, from points along the first. */
function gapBetween(one: Obstacle, other: Obstacle): number {
  const gaps = Array.from({ length: 101 }, (_, step) => {
    const x = one.x0 + ((one.x1 - one.x0) * step) / 100;
    const y = one.y0 + ((one.y1 - one.y0) * step) / 100;
    return distanceTo(other, x, y) - one.radius;
  });
  return Math.min(...gaps);
}
