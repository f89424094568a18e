import { expect, test } from "vitest";
import { Entropy } from "./entropy.ts";

test("four symbols that are equally frequent take two bits each, one that never changes takes none", () => {
  const even = new Entropy();
  const still = new Entropy();
  for (let index = 0; index < 400; index++) {
    even.note(index % 4);
    still.note("same");
  }
  expect([even.bits, still.bits]).toEqual([800, 0]);
});

test("what follows from its context takes no bits", () => {
  const blind = new Entropy();
  const told = new Entropy();
  for (let index = 0; index < 100; index++) {
    blind.note(index % 2);
    told.note(index % 2, index % 2);
  }
  expect([blind.bits, told.bits, told.count]).toEqual([100, 0, 100]);
});
