/** What frames may take: a budget that is kept, frames of like size, and a reserve that is saved again. */
import { FrameAllowance } from "@starwake/server/engine/frame-allowance.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const BUDGET = 12_000;
const [TICK_RATE, FRAME_RATE] = [30, 20];
const SECONDS = 10;

/** Two frames in three ticks, each of which takes what `take` says. @returns what each took */
function framesOf(allowance: FrameAllowance, take: (usual: number, most: number, frame: number) => number): number[] {
  let savings = allowance.afterTicks(0, undefined);
  return Array.from({ length: SECONDS * FRAME_RATE }, (_, frame) => {
    if (frame > 0) savings = allowance.afterTicks(savings, frame % 2 === 0 ? 2 : 1);
    const bytes = take(allowance.usual(savings), allowance.atMost(savings), frame);
    savings -= bytes;
    return bytes;
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe(`[seed ${SEED}]`, () => {
  test("whatever frames take of what they may, ten seconds' are within the budget", () => {
    const allowance = new FrameAllowance(BUDGET, TICK_RATE, FRAME_RATE);
    const check = (parts: readonly number[]) => {
      const taken = framesOf(allowance, (_, most, frame) => Math.max(0, most) * parts[frame % parts.length]);
      expect(sum(taken)).toBeLessThanOrEqual(BUDGET * SECONDS);
    };
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), check),
      withSeed(200),
    );
    check([1]);
  });
});

test("frames that take what is usual are as long as each other, however the ticks fall, and use the budget up", () => {
  const taken = framesOf(new FrameAllowance(BUDGET, TICK_RATE, FRAME_RATE), (usual) => usual);
  expect(Math.max(...taken) - Math.min(...taken)).toBeLessThan(1e-6);
  expect(sum(taken)).toBeGreaterThan(BUDGET * SECONDS * 0.99);
});

test("what one frame takes beyond the usual, the next ones go without until it is saved again", () => {
  const allowance = new FrameAllowance(BUDGET, TICK_RATE, FRAME_RATE);
  const sizes = framesOf(allowance, (usual, most, frame) => (frame === 10 ? most : Math.max(0, usual)));
  const usual = sizes[0];
  expect(sizes[10]).toBeGreaterThan(usual * 1.4);
  expect(sum(sizes.slice(11, 13))).toBeLessThan(usual * 2 - (sizes[10] - usual) * 0.9);
  expect(sizes.slice(13)).toEqual(sizes.slice(13).map(() => expect.closeTo(usual, 6)));
});

test("however small the budget, a frame has some bytes", () => {
  const allowance = new FrameAllowance(0, TICK_RATE, FRAME_RATE);
  const taken = framesOf(allowance, (usual) => usual);
  expect(Math.min(...taken)).toBeGreaterThan(16);
});
