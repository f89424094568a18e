import { Backoff } from "@starwake/client/engine/backoff.ts";
import { expect, test } from "vitest";

const takeSome = (chance: () => number) => {
  const waits = new Backoff(500, 4_000, chance);
  return Array.from({ length: 6 }, () => waits.take());
};

test("waits double up to the most", () => {
  expect(takeSome(() => 0)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
});

test("waits are longer by chance, by up to as much again", () => {
  expect(takeSome(() => 0.5)).toEqual([750, 1_500, 3_000, 6_000, 6_000, 6_000]);
});

test("after a success the first wait comes again", () => {
  const waits = new Backoff(500, 4_000, () => 0);
  waits.take();
  waits.take();
  waits.reset();
  expect(waits.take()).toBe(500);
});
