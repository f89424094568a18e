/** The rule of sight, as figures of what clients know. */
import { SCREEN_SHAPES } from "@starwake/shared/game/sight.ts";
import { expect, test } from "vitest";
import { shareBeyond } from "./sight-share.ts";

const HANG_MS = 600_000;

test("of the ships that a client knows at most a fifth lie beyond any screen of its shape, and none far beyond", {
  timeout: HANG_MS,
}, () => {
  const shares = shareBeyond({ players: 30, seconds: 3, seed: 1, mapSize: 2600 });
  expect(shares).toHaveLength(SCREEN_SHAPES.length);
  for (const { known, beyond, farthestUnits } of shares) {
    expect(known).toBeGreaterThan(500);
    expect(beyond / known).toBeLessThan(0.2);
    // As far as a ship at full boost is drawn ahead of the others, and the margins.
    expect(farthestUnits).toBeLessThan(220);
  }
});
