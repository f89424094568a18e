import { Interest } from "@starwake/server/engine/interest.ts";
import { regionsInView } from "@starwake/shared/engine/cell-grid.ts";
import { expect, test } from "vitest";
import { toyGrid } from "../support/toy-space.ts";

function lookingAt(x: number, y: number): Interest {
  const interest = new Interest(toyGrid);
  interest.look(x, y);
  return interest;
}

test("a session is sent the window of its view and nothing else", () => {
  const window: number[] = [];
  regionsInView(toyGrid, 500, 300, window);
  expect(lookingAt(500, 300).window).toEqual(window);
});

test("nothing is known at first, and then each region as of the tick that it was brought to", () => {
  const interest = lookingAt(500, 300);
  const [near, next] = interest.window;
  interest.bring(near, 0);
  expect([interest.knownAt(near), interest.knownAt(next)]).toEqual([0, undefined]);
  interest.bring(near, 12);
  expect(interest.knownAt(near)).toBe(12);
});

test("what falls out of the window is forgotten, what stays in it is not", () => {
  const interest = lookingAt(500, 300);
  for (const region of interest.window) interest.bring(region, 7);
  const before = [...interest.window];
  interest.look(600, 300);
  for (const region of before) expect(interest.knownAt(region)).toBe(interest.window.includes(region) ? 7 : undefined);
  expect(before.some((region) => interest.window.includes(region))).toBe(true);
  interest.look(500, 300);
  expect(before.filter((region) => interest.knownAt(region) === undefined)).not.toEqual([]);
});

test("who starts anew knows nothing", () => {
  const interest = lookingAt(500, 300);
  const [near] = interest.window;
  interest.bring(near, 7);
  interest.forgetAll();
  interest.look(500, 300);
  expect(interest.knownAt(near)).toBeUndefined();
});
