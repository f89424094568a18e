import { CommandQueue, MOST_AHEAD, NO_LOOK } from "@starwake/server/engine/command-queue.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const NOW = 1000;
const WIDTH = 3;

/** Puts the command whose row begins with a number, as the second one of several rows. */
function put(queue: CommandQueue, tick: number, command: number, look = NO_LOOK) {
  return queue.put(tick, Int32Array.of(0, 0, 0, command, -1, 2, 9), WIDTH, look, NOW);
}

/** The number that the command for a tick begins with; undefined: there is none. */
function take(queue: CommandQueue, tick: number): number | undefined {
  const row = queue.take(tick);
  if (row < 0) return undefined;
  const [command, ...others] = queue.slots.subarray(row, row + WIDTH);
  expect(others).toEqual([-1, 2]);
  return command;
}

test("a command is used for the tick that it is stamped with, once, in whatever order commands came", () => {
  const queue = new CommandQueue(WIDTH, 50);
  for (const ahead of [3, 1, 2]) put(queue, NOW + ahead, ahead);
  expect([1, 2, 3].map((ahead) => take(queue, NOW + ahead))).toEqual([1, 2, 3]);
  expect([1, 2, 3].map((ahead) => take(queue, NOW + ahead))).toEqual([undefined, undefined, undefined]);
});

test.for([
  ["of the newest step", 0, "late"],
  ["long past", -900, "late"],
  ["of the next step", 1, "taken"],
  ["as far ahead as may be", 50, "taken"],
  ["one tick further", 51, "too-far-ahead"],
  ["far ahead", 30_000, "too-far-ahead"],
] as const)("a command for a tick %s is %s", ([, ahead, arrival]) => {
  const queue = new CommandQueue(WIDTH, 50);
  expect(put(queue, NOW + ahead, 7)).toBe(arrival);
  expect(take(queue, NOW + ahead)).toBe(arrival === "taken" ? 7 : undefined);
});

test("the first command for a tick counts, a second one is a duplicate", () => {
  const queue = new CommandQueue(WIDTH, 50);
  put(queue, NOW + 1, 1);
  expect(put(queue, NOW + 1, 2)).toBe("duplicate");
  expect(take(queue, NOW + 1)).toBe(1);
});

test("a command waits with what its player sees", () => {
  const queue = new CommandQueue(WIDTH, 50);
  put(queue, NOW + 1, 1, NOW - 7);
  put(queue, NOW + 2, 2);
  expect([1, 2].map((ahead) => queue.lookWith(queue.take(NOW + ahead)))).toEqual([NOW - 7, NO_LOOK]);
});

test("a command that was never asked for is not taken for that of a later tick", () => {
  const queue = new CommandQueue(WIDTH, MOST_AHEAD);
  put(queue, NOW + 1, 1);
  expect(take(queue, NOW + 1 + 64)).toBeUndefined();
  expect(queue.put(NOW + 1 + 64, Int32Array.of(2, -1, 2), 0, NO_LOOK, NOW + 2)).toBe("taken");
  expect(take(queue, NOW + 1 + 64)).toBe(2);
});

test(`as many ticks ahead as are allowed all find room [seed ${SEED}]`, () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MOST_AHEAD }), fc.nat(1000), (maxAhead, start) => {
      const queue = new CommandQueue(WIDTH, maxAhead);
      const ticks = Array.from({ length: maxAhead }, (_, index) => NOW + start + 1 + index);
      for (const tick of ticks)
        expect(queue.put(tick, Int32Array.of(tick, -1, 2), 0, NO_LOOK, NOW + start)).toBe("taken");
      expect(ticks.map((tick) => take(queue, tick))).toEqual(ticks);
    }),
    withSeed(100),
  );
});

test("no queue reaches further ahead than it has room for", () => {
  const queue = new CommandQueue(WIDTH, 1000);
  expect(put(queue, NOW + MOST_AHEAD, 1)).toBe("taken");
  expect(put(queue, NOW + MOST_AHEAD + 1, 1)).toBe("too-far-ahead");
});

test("a queue that was cleared holds nothing", () => {
  const queue = new CommandQueue(WIDTH, 50);
  put(queue, NOW + 1, 1);
  queue.clear();
  expect(take(queue, NOW + 1)).toBeUndefined();
  expect(put(queue, NOW + 1, 2)).toBe("taken");
});
