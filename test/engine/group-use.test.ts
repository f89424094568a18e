/** What groups have had lately: rates are told apart, and memory is bounded. */
import { GroupUse } from "@starwake/server/engine/group-use.ts";
import { expect, test } from "vitest";

const MINUTE_MS = 60_000;

test("who has so much a second for ever comes to sixty times that, and to nothing when it is over", () => {
  const use = new GroupUse(0.1, 0);
  for (let nowMs = 0; nowMs < 10 * MINUTE_MS; nowMs += 1_000) {
    use.add("one", 1, nowMs);
    use.add("three", 3, nowMs);
  }
  const [one, three] = ["one", "three"].map((group) => use.of(group, 10 * MINUTE_MS));
  expect(one).toBeGreaterThan(58);
  expect(one).toBeLessThan(62);
  expect(three / one).toBeCloseTo(3);
  expect(use.of("one", 11 * MINUTE_MS)).toBeCloseTo(one / Math.E);
  expect(use.of("other", 10 * MINUTE_MS)).toBe(0);
});

test("groups are kept up to a number, and forgotten when they have had next to nothing", () => {
  const use = new GroupUse(0.1, 0);
  for (let group = 0; group < 100_000; group++) use.add(`group ${group}`, 1, 0);
  expect(use.size).toBe(10_000);
  // A third of a third is left of one.
  use.add("late", 1, 2 * MINUTE_MS);
  expect(use.size).toBe(10_000);
  use.add("later", 1, 3 * MINUTE_MS);
  expect(use.size).toBe(1);
});

test("groups for which there is no place have had what all of those have, and those who came before what they had", () => {
  const use = new GroupUse(0.1, 0);
  for (let group = 0; group < 10_000; group++) use.add(`group ${group}`, 1, 0);
  use.add("late", 2, 0);
  use.add("later", 3, 0);
  expect(["late", "latest", "group 7"].map((group) => use.of(group, 0))).toEqual([5, 5, 1]);
});
