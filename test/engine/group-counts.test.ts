import { GroupCounts } from "@starwake/server/engine/group-counts.ts";
import { expect, test } from "vitest";

test("a group is full with as many as it may have, and its networks' site with those of eight", () => {
  const counts = new GroupCounts();
  const network = (index: number) => `2001:db8:1:${index}::/64`;
  for (let index = 0; index < 16; index++) {
    expect(counts.isFull(network(index), 2)).toBe(false);
    counts.add(network(index));
  }
  expect(counts.isFull(network(16), 2)).toBe(true);
  expect(counts.isFull("2001:db8:2:1::/64", 2)).toBe(false);
  counts.remove(network(3));
  expect(counts.isFull(network(16), 2)).toBe(false);
});

test("an IPv4 address is counted once, and what was not added cannot go", () => {
  const counts = new GroupCounts();
  counts.add("192.0.2.7");
  expect([counts.of("192.0.2.7"), counts.isFull("192.0.2.7", 2), counts.isFull("192.0.2.7", 1)]).toEqual([
    1,
    false,
    true,
  ]);
  counts.remove("192.0.2.7");
  expect(() => counts.remove("192.0.2.7")).toThrow("once too often");
});
