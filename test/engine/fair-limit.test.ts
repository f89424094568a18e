import { FairLimit } from "@starwake/server/engine/fair-limit.ts";
import { expect, test } from "vitest";

const ADDED = { isAdded: true, displaced: undefined };

test("a group has no more than its share, and its places are free again when they are given up", () => {
  const limit = new FairLimit<number>(10, 2);
  expect([limit.add(1, "a"), limit.add(2, "a")]).toEqual([ADDED, ADDED]);
  expect(limit.add(3, "a")).toEqual({ isAdded: false, reason: "group-full" });
  limit.remove(1, "a");
  limit.remove(1, "a");
  expect(limit.count).toBe(1);
  expect(limit.add(3, "a")).toEqual(ADDED);
});

test("where all is taken, the oldest of the largest group gives way to a group that has fewer", () => {
  const limit = new FairLimit<string>(5, 5);
  for (const member of ["a1", "a2", "a3"]) limit.add(member, "a");
  for (const member of ["b1", "b2"]) limit.add(member, "b");
  expect(limit.add("c1", "c")).toEqual({ isAdded: true, displaced: "a1" });
  expect(limit.count).toBe(5);
  // Two each and one: nobody has more than the newcomer's group would have then.
  expect(limit.add("c2", "c")).toEqual({ isAdded: false, reason: "full" });
  expect(limit.add("a4", "a")).toEqual({ isAdded: false, reason: "full" });
});

test("a hundred groups that fill everything cannot keep a newcomer out", () => {
  const limit = new FairLimit<number>(5_000, 100);
  for (let member = 0; member < 20_000; member++) limit.add(member, `group ${member % 100}`);
  expect(limit.count).toBe(5_000);
  expect(limit.add(-1, "newcomer")).toMatchObject({ isAdded: true });
  expect(limit.count).toBe(5_000);
});

test("groups without members leave nothing behind", () => {
  const limit = new FairLimit<number>(10, 1);
  for (let member = 0; member < 1_000; member++) {
    expect(limit.add(member, `${member}`)).toEqual(ADDED);
    limit.remove(member, `${member}`);
  }
  expect(limit.count).toBe(0);
});
