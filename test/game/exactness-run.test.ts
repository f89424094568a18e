/** From one seed and the same commands come the same bits, tick for tick; test/browser/exactness.test.ts goes on. */
import { starwake } from "@starwake/shared/game/game.ts";
import { expect, test } from "vitest";
import { runWorld, stepWithLastBitError } from "./exact-run.ts";

const TICKS = 10_000;
const PILOTS = 16;
const SEED = 2_024;

test("10,000 ticks with 16 pilots from one seed give one hash, run twice", () => {
  expect(runWorld(TICKS, PILOTS, SEED)).toBe(runWorld(TICKS, PILOTS, SEED));
});

test("another seed gives another hash", () => {
  expect(runWorld(300, PILOTS, SEED + 1)).not.toBe(runWorld(300, PILOTS, SEED));
});

test("the hash sees every tick: one tick that differs in one quantum changes it", () => {
  const nudged: typeof starwake.step = (world, commands) => {
    starwake.step(world, commands);
    if (world.tick === 200) world.ships[3].energy -= 1;
  };
  expect(runWorld(300, PILOTS, SEED, nudged)).not.toBe(runWorld(300, PILOTS, SEED));
});

test("a step that is off by a speed's last bit once a second does not pass for exact", () => {
  expect(runWorld(TICKS, PILOTS, SEED, stepWithLastBitError)).not.toBe(runWorld(TICKS, PILOTS, SEED));
});
