/** Token buckets by address group: bounded, and nobody's is renewed by what others do. */
import { GroupBuckets } from "@starwake/server/engine/group-buckets.ts";
import { expect, test } from "vitest";

const create = () => new GroupBuckets(10, 100, 0);

/** @returns how often a group is let through when it asks so often at once */
function askOften(buckets: GroupBuckets, group: string, times: number, nowMs: number): number {
  let taken = 0;
  for (let time = 0; time < times; time++) if (buckets.take(group, nowMs)) taken++;
  return taken;
}

test("a group is let through as often as its bucket holds, and then at the bucket's rate", () => {
  const buckets = create();
  expect(askOften(buckets, "one", 500, 0)).toBe(100);
  expect(askOften(buckets, "other", 500, 0)).toBe(100);
  expect(askOften(buckets, "one", 500, 2_000)).toBe(20);
});

test("a bucket is renewed by nobody: not by 100,000 groups that come after, not by time that has not filled it", () => {
  const buckets = create();
  askOften(buckets, "one", 100, 0);
  for (let group = 0; group < 100_000; group++) buckets.take(`2001:db8:0:${group.toString(16)}::/64`, 500);
  expect(askOften(buckets, "one", 500, 500)).toBe(5);
  for (let nowMs = 1_000; nowMs < 9_000; nowMs += 1_000) buckets.take("somebody", nowMs);
  expect(askOften(buckets, "one", 500, 9_000)).toBe(85);
});

test("groups are kept up to a number, and forgotten once their buckets are full again", () => {
  const buckets = create();
  for (let group = 0; group < 100_000; group++) buckets.take(`group ${group}`, 0);
  expect(buckets.size).toBe(10_000);
  buckets.take("one", 11_000);
  expect(buckets.size).toBe(1);
});

test("a group for which there is no place is not let through without limit, and has a bucket again later", () => {
  const buckets = create();
  for (let group = 0; group < 10_000; group++) buckets.take(`group ${group}`, 0);
  expect(askOften(buckets, "late", 500, 0)).toBe(100);
  expect(askOften(buckets, "later", 500, 0)).toBe(0);
  expect(askOften(buckets, "later", 500, 1_000)).toBe(100);
});

test("without a limit everything is let through, and nothing is kept", () => {
  const infinite = Number.POSITIVE_INFINITY;
  const buckets = new GroupBuckets(infinite, infinite, 0);
  expect(askOften(buckets, "one", 10_000, 0)).toBe(10_000);
  expect(buckets.size).toBe(0);
});

test("what is spent without asking makes a group wait", () => {
  const buckets = create();
  buckets.spend("one", 120, 0);
  expect([buckets.take("one", 2_000), buckets.take("one", 2_100)]).toEqual([false, true]);
});
