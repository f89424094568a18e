import { CommandQueue } from "@starwake/server/engine/command-queue.ts";
import { expect, test } from "vitest";

const NOW = 1000;

test("a command is used for the tick that it is stamped with, once, in whatever order commands came", () => {
  const queue = new CommandQueue<string>(50);
  for (const ahead of [3, 1, 2]) queue.put(NOW + ahead, `for ${ahead}`, NOW);
  expect([1, 2, 3].map((ahead) => queue.take(NOW + ahead))).toEqual(["for 1", "for 2", "for 3"]);
  expect([1, 2, 3].map((ahead) => queue.take(NOW + ahead))).toEqual([undefined, undefined, undefined]);
});

test.for([
  ["of the newest step", 0, "late"],
  ["long past", -900, "late"],
  ["of the next step", 1, "taken"],
  ["as far ahead as may be", 50, "taken"],
  ["one tick further", 51, "too-far-ahead"],
  ["far ahead", 30_000, "too-far-ahead"],
] as const)("a command for a tick %s is %s", ([, ahead, arrival]) => {
  const queue = new CommandQueue<string>(50);
  expect(queue.put(NOW + ahead, "command", NOW)).toBe(arrival);
  expect(queue.take(NOW + ahead)).toBe(arrival === "taken" ? "command" : undefined);
});

test("the first command for a tick counts, a second one is a duplicate", () => {
  const queue = new CommandQueue<string>(50);
  queue.put(NOW + 1, "first", NOW);
  expect(queue.put(NOW + 1, "second", NOW)).toBe("duplicate");
  expect(queue.take(NOW + 1)).toBe("first");
});

test("a command that was never asked for is not taken for that of a later tick", () => {
  const queue = new CommandQueue<string>(63);
  queue.put(NOW + 1, "missed", NOW);
  expect(queue.take(NOW + 1 + 64)).toBeUndefined();
  expect(queue.put(NOW + 1 + 64, "later", NOW + 2)).toBe("taken");
  expect(queue.take(NOW + 1 + 64)).toBe("later");
});

test("no queue reaches further ahead than it has room for", () => {
  const queue = new CommandQueue<string>(1000);
  expect(queue.put(NOW + 63, "command", NOW)).toBe("taken");
  expect(queue.put(NOW + 64, "command", NOW)).toBe("too-far-ahead");
});

test("a queue that was cleared holds nothing", () => {
  const queue = new CommandQueue<string>(50);
  queue.put(NOW + 1, "command", NOW);
  queue.clear();
  expect(queue.take(NOW + 1)).toBeUndefined();
  expect(queue.put(NOW + 1, "anew", NOW)).toBe("taken");
});
