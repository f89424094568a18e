/**
 * The short version of `npm run fuzz`: conversations that no client would hold, against the server as a host runs it, while
 * an honest player sits in the room that the fuzzers come into, and another one elsewhere. `SEED=… npm test` repeats it.
 */
import { expect, test } from "vitest";
import { ENDLESS } from "../attack/siege.ts";
import { judge, STEADY_MARKS } from "../attack/verdict.ts";
import { SEED } from "../support/seed.ts";
import { besiegeByFuzz } from "./fuzz-siege.ts";

const FRAMES = 10_000;
const CONNECTIONS = 12;
/** Many frames are parts of one message, or mean nothing; of all of them this part, at least, is refused by name. */
const LEAST_REFUSED_PART = 0.02;
/** A short run cannot tell whether memory stays flat, but what is held without end passes this. */
const MOST_MEMORY_BYTES = 600e6;
/** Ends what hangs, and judges nothing. */
const PATIENCE_SECONDS = 900;

test(`${FRAMES} frames of conversations stop neither the server nor anybody honest [seed ${SEED}]`, {
  timeout: (PATIENCE_SECONDS + 300) * 1000,
}, async () => {
  const order = { frames: FRAMES, seed: SEED, connections: CONNECTIONS, only: undefined, seconds: PATIENCE_SECONDS };
  const { figures, counts } = await besiegeByFuzz(order, () => {}, ENDLESS);
  expect(judge(figures, STEADY_MARKS).filter(({ isHeld }) => !isHeld)).toEqual([]);
  expect(Math.max(...figures.memoryBytes)).toBeLessThan(MOST_MEMORY_BYTES);
  expect(counts.read).toBeGreaterThanOrEqual(FRAMES);
  const refused = Object.values(figures.refusals).reduce((sum, count) => sum + count, 0);
  expect(refused).toBeGreaterThan(LEAST_REFUSED_PART * FRAMES);
});
