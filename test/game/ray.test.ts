import { cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { distanceTo, type GameMap, generateMap } from "@starwake/shared/game/map.ts";
import { castRay, rayToCircle } from "@starwake/shared/game/ray.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { describe, expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { ARENA_SIDE_UNITS, createArena, quanta } from "./arena.ts";

const RANGE = 1000 * QUANTA_PER_UNIT;
/** Length of a step of the search by sampling; where a ray only grazes, the search may miss by a little. */
const SAMPLE = QUANTA_PER_UNIT / 4;

/** How deep a point lies in an obstacle or beyond the border; negative: how far it is from both. */
function depthAt(map: GameMap, x: number, y: number): number {
  const outside = Math.max(-x, -y, x - map.side, y - map.side);
  return Math.max(outside, ...map.obstacles.map((obstacle) => -distanceTo(obstacle, x, y)));
}

function freeWay(map: GameMap, x: number, y: number, angle: number): number {
  for (let way = 0; way < RANGE; way += SAMPLE)
    if (depthAt(map, x + cosine(angle) * way, y + sine(angle) * way) > 0) return way;
  return RANGE;
}

test(`a ray flies as far as steps along it find free [seed ${SEED}]`, () => {
  const random = createRandom(SEED);
  for (let run = 0; run < 120; run++) {
    const map = generateMap(nextBelow(random, 2 ** 31), 2304);
    const [x, y, angle] = [nextBelow(random, map.side), nextBelow(random, map.side), nextBelow(random, TURN)];
    const way = castRay(map, x, y, cosine(angle), sine(angle), RANGE);
    const sampled = freeWay(map, x, y, angle);
    // A ray that grazes stops before what a search by steps may step over, by less than it is deep there.
    const isGrazing = sampled - way > 2 * SAMPLE;
    if (isGrazing) expect(depthAt(map, x + cosine(angle) * way, y + sine(angle) * way)).toBeCloseTo(0, 1);
    else expect(Math.abs(way - sampled)).toBeLessThanOrEqual(2 * SAMPLE);
  }
});

test(`a short ray ends where a long one does, or before it [seed ${SEED}]`, () => {
  const random = createRandom(SEED);
  for (let run = 0; run < 40; run++) {
    const map = generateMap(nextBelow(random, 2 ** 31), 2304);
    for (let ray = 0; ray < 200; ray++) {
      const [x, y, angle] = [nextBelow(random, map.side), nextBelow(random, map.side), nextBelow(random, TURN)];
      const range = nextBelow(random, 60) * QUANTA_PER_UNIT;
      const way = castRay(map, x, y, cosine(angle), sine(angle), RANGE);
      expect(castRay(map, x, y, cosine(angle), sine(angle), range)).toBe(Math.min(range, way));
    }
  }
});

describe("a ray", () => {
  const centre = quanta(ARENA_SIDE_UNITS / 2);

  test("flies its range where nothing is in the way", () => {
    expect(castRay(createArena().map, centre, centre, 1, 0, quanta(500))).toBe(quanta(500));
  });

  test("ends at the border", () => {
    const { map } = createArena();
    expect(castRay(map, quanta(100), centre, -1, 0, RANGE)).toBe(quanta(100));
    expect(castRay(map, centre, map.side - quanta(70), 0, 1, RANGE)).toBe(quanta(70));
  });

  test("from within an obstacle ends at once", () => {
    const { map } = createArena({ obstacles: [{ x0: 1024, y0: 1024, radius: 80 }] });
    expect(castRay(map, centre + quanta(20), centre, 1, 0, RANGE)).toBe(0);
  });

  test("passes by an obstacle that lies behind it", () => {
    const { map } = createArena({ obstacles: [{ x0: 800, y0: 1024, radius: 80 }] });
    expect(castRay(map, centre, centre, 1, 0, quanta(600))).toBe(quanta(600));
  });

  test("meets a wall's side, and its round end", () => {
    const { map } = createArena({ obstacles: [{ x0: 1324, y0: 824, x1: 1324, y1: 1024, radius: 20 }] });
    expect(castRay(map, centre, quanta(900), 1, 0, RANGE)).toBeCloseTo(quanta(280), 6);
    const pastEnd = castRay(map, centre, quanta(1024 + 12), 1, 0, RANGE);
    expect(pastEnd).toBeCloseTo(quanta(300 - Math.sqrt(20 ** 2 - 12 ** 2)), 6);
  });
});

describe("the way to a circle", () => {
  test.for([
    ["straight before", 100, 0, 90],
    ["to the side, within its radius", 100, 6, 92],
    ["just touched", 100, 10, 100],
    ["just missed", 100, 10.01, Infinity],
    ["behind", -100, 0, Infinity],
    ["from within", 5, 0, 0],
    ["from its very middle", 0, 0, 0],
  ] as const)("%s is right", ([_, x, y, way]) => {
    expect(rayToCircle(0, 0, 1, 0, x, y, 10)).toBeCloseTo(way, 6);
  });

  test("is in lengths of the direction", () => {
    expect(rayToCircle(0, 0, 0.5, 0, 100, 0, 10)).toBe(180);
  });
});
