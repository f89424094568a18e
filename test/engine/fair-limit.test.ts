import { FairLimit } from "@starwake/server/engine/fair-limit.ts";
import { describe, expect, test } from "vitest";

const ADDED = { isAdded: true, displaced: undefined };

test("a group has no more than its share, and its places are free again when they are given up", () => {
  const limit = new FairLimit<number>(10, 2);
  expect([limit.add(1, "a"), limit.add(2, "a")]).toEqual([ADDED, ADDED]);
  expect(limit.add(3, "a")).toEqual({ isAdded: false, reason: "group-full" });
  limit.remove(1);
  limit.remove(1);
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

describe("the networks of one site", () => {
  const network = (site: number, index: number) => `2001:db8:${site.toString(16)}:${index.toString(16)}::/64`;

  test("have no more together than eight", () => {
    const limit = new FairLimit<number>(10_000, 100);
    for (let member = 0; member < 2_000; member++) limit.add(member, network(1, member));
    expect(limit.count).toBe(800);
    expect(limit.add(-1, network(1, 7))).toEqual({ isAdded: false, reason: "group-full" });
    expect(limit.add(-1, network(2, 7))).toEqual(ADDED);
  });

  test("cannot keep a newcomer out, each with a place of its own", () => {
    const limit = new FairLimit<number>(500, 100);
    for (let member = 0; member < 500; member++) limit.add(member, network(1, member));
    expect(limit.add(-1, "192.0.2.7")).toEqual({ isAdded: true, displaced: 0 });
    expect(limit.add(-2, network(2, 0))).toEqual({ isAdded: true, displaced: 1 });
    expect(limit.add(-3, network(1, 1_000))).toEqual({ isAdded: false, reason: "full" });
  });
});

test("groups without members leave nothing behind", () => {
  const limit = new FairLimit<number>(10, 1);
  for (let member = 0; member < 1_000; member++) {
    expect(limit.add(member, `${member}`)).toEqual(ADDED);
    limit.remove(member);
  }
  expect(limit.count).toBe(0);
});
