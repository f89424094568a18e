import { angleOf, clamp, cosine, sine, TURN, turnBetween } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBetween } from "@starwake/shared/engine/random.ts";
import { describe, expect, test } from "vitest";

/** How far, as a cross product, a table direction points to one side of (x, y); large where it points away. */
function sideways(angle: number, x: number, y: number): number {
  const along = cosine(angle) * x + sine(angle) * y;
  return along < 0 ? Infinity : Math.abs(cosine(angle) * y - sine(angle) * x);
}

/** The least of `sideways` over all angles: what angleOf promises to reach. */
function leastSideways(x: number, y: number): number {
  let least = Infinity;
  for (let angle = 0; angle < TURN; angle++) least = Math.min(least, sideways(angle, x, y));
  return least;
}

describe("angleOf", () => {
  test("gives back every direction of the table, at any length", () => {
    for (let angle = 0; angle < TURN; angle++) {
      for (const length of [1, 16384, 0.37, 1e6])
        expect(angleOf(cosine(angle) * length, sine(angle) * length)).toBe(angle);
    }
  });

  test("is the nearest of all table directions, for vectors all around", () => {
    const random = createRandom(20_26);
    for (let index = 0; index < 3000; index++) {
      const reach = 10 ** nextBetween(random, 0, 5);
      const [x, y] = [nextBetween(random, -reach, reach), nextBetween(random, -reach, reach)];
      if (x === 0 && y === 0) continue;
      const angle = angleOf(x, y);
      expect(Number.isInteger(angle) && angle >= 0 && angle < TURN).toBe(true);
      expect(sideways(angle, x, y), `angleOf(${x}, ${y}) = ${angle}`).toBe(leastSideways(x, y));
    }
  });

  test("knows the axes and the diagonals, and gives 0 for no direction", () => {
    const around = [[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]]; // biome-ignore format: a compass
    expect(around.map(([x, y]) => angleOf(x, y))).toEqual([0, 128, 256, 384, 512, 640, 768, 896]);
    expect([angleOf(0, 0), angleOf(-0, -0), angleOf(5, -0), angleOf(-5, -0)]).toEqual([0, 0, 0, 512]);
  });

  test("wraps just below the turn's end", () => {
    expect(angleOf(1e6, -1)).toBe(0);
    expect(angleOf(cosine(-1), sine(-1))).toBe(TURN - 1);
  });
});

test("sine and cosine take any whole angle, and agree with each other around the circle", () => {
  for (let angle = -2 * TURN; angle <= 2 * TURN; angle++) {
    expect(sine(angle)).toBe(sine(angle + TURN));
    expect(cosine(angle)).toBe(sine(angle + TURN / 4));
    expect(sine(-angle) + sine(angle)).toBe(0);
    expect(Math.abs(cosine(angle) ** 2 + sine(angle) ** 2 - 1)).toBeLessThan(2 ** -13);
  }
});

test("the way between two angles is the short one, and leads there", () => {
  for (let from = 0; from < TURN; from += 31) {
    for (let to = 0; to < TURN; to++) {
      const way = turnBetween(from, to);
      expect(way >= -TURN / 2 && way < TURN / 2).toBe(true);
      expect((from + way) & (TURN - 1)).toBe(to);
    }
  }
});

test("half a turn is counted backwards", () => {
  expect([turnBetween(0, TURN / 2), turnBetween(TURN / 2, 0)]).toEqual([-TURN / 2, -TURN / 2]);
});

test("a clamped value stays within its limits", () => {
  expect([clamp(-5, -1, 1), clamp(0.5, -1, 1), clamp(5, -1, 1)]).toEqual([-1, 0.5, 1]);
});
