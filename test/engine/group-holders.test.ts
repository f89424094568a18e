import { GroupHolders } from "@starwake/server/engine/group-holders.ts";
import { expect, test } from "vitest";

test("a group is full with as many holders as it may have, and its site with eight times as many", () => {
  const holders = new GroupHolders<object>();
  const networks = Array.from({ length: 8 }, (_, index) => `2001:db8:1:${index}::/64`);
  for (const network of networks) {
    expect(holders.isFull(network, 2)).toBe(false);
    for (let holder = 0; holder < 2; holder++) holders.put({}, network);
    expect(holders.isFull(network, 2)).toBe(true);
  }
  expect([holders.size, holders.ofSite("2001:db8:1:ffff::/64")]).toEqual([16, 16]);
  expect(holders.isFull("2001:db8:1:ffff::/64", 2)).toBe(true);
  expect(holders.isFull("2001:db8:2:0::/64", 2)).toBe(false);
});

test("a holder counts once, for the group that was said last, and for none once it is gone", () => {
  const holders = new GroupHolders<object>();
  const holder = {};
  for (const group of ["one", "one", "other"]) holders.put(holder, group);
  expect([holders.size, holders.ofSite("one"), holders.ofSite("other")]).toEqual([1, 0, 1]);
  for (let time = 0; time < 2; time++) holders.remove(holder);
  expect([holders.size, holders.ofSite("other")]).toEqual([0, 0]);
});
