/** The rule of sight, as figures of what clients know. */
import { SCREEN_SHAPES } from "@starwake/shared/game/sight.ts";
import { expect, test } from "vitest";
import { NEAR_UNITS, shareBeyond } from "./sight-share.ts";

const HANG_MS = 600_000;

test("of the ships that a client knows at most a fifth lie beyond any screen of its shape, and nothing far beyond", {
  timeout: HANG_MS,
}, () => {
  const shares = shareBeyond({ players: 30, seconds: 3, seed: 1, mapSize: 2600 });
  expect(shares).toHaveLength(SCREEN_SHAPES.length);
  for (const { known, beyond, farthestUnits, happened, happenedBeyond } of shares) {
    expect(known).toBeGreaterThan(500);
    expect(beyond / known).toBeLessThan(0.2);
    expect(farthestUnits).toBeLessThan(NEAR_UNITS);
    expect(happened).toBeGreaterThan(5);
    expect(happenedBeyond).toBe(0);
  }
});
