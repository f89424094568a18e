import { KeyIndex } from "@starwake/server/engine/key-index.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

test("what a key has is told in the order in which it was added, and counted", () => {
  const index = new KeyIndex<number>();
  for (const value of [3, 1, 2]) index.add("a", value);
  index.add("b", 4);
  expect([[...index.of("a")], index.firstOf("a"), index.countOf("a")]).toEqual([[3, 1, 2], 3, 3]);
  expect([index.delete("a", 3), index.delete("a", 3), index.firstOf("a")]).toEqual([true, false, 1]);
  expect([index.firstOf("nobody"), index.countOf("nobody"), index.delete("nobody", 1)]).toEqual([undefined, 0, false]);
});

test("the key that has most is found, of those that have more than so many", () => {
  const index = new KeyIndex<number>();
  expect(index.largest(0)).toBeUndefined();
  for (const [key, value] of [
    ["a", 1],
    ["b", 1],
    ["b", 2],
    ["c", 1],
  ] as const)
    index.add(key, value);
  expect([index.largest(0), index.largest(1), index.largest(2)]).toEqual(["b", "b", undefined]);
  index.delete("b", 1);
  index.delete("b", 2);
  expect(index.largest(0)).toBe("a");
});

test(`the key that has most is one that a look at all finds, whatever comes and goes (seed ${SEED})`, () => {
  const change = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    value: fc.integer({ min: 1, max: 5 }),
    comes: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const index = new KeyIndex<number>();
      for (const { key, value, comes } of changes) {
        if (comes) index.add(key, value);
        else index.delete(key, value);
        const most = Math.max(...["a", "b", "c"].map((each) => index.countOf(each)));
        const found = index.largest(0);
        expect(found === undefined ? 0 : index.countOf(found)).toBe(most);
        expect(index.largest(most)).toBeUndefined();
      }
    }),
    withSeed(300),
  );
});
