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

const knownIn = (interest: Interest) =>
  new Map(interest.window.map((region, place) => [region, interest.knownAt(place)]));

test("nothing is known at first, and then each region as of the tick that it was brought to", () => {
  const interest = lookingAt(500, 300);
  interest.bring(0, 0);
  expect([interest.knownAt(0), interest.knownAt(1)]).toEqual([0, undefined]);
  interest.bring(0, 12);
  expect(interest.knownAt(0)).toBe(12);
});

test("what falls out of the window is forgotten, what stays in it is not", () => {
  const interest = lookingAt(500, 300);
  const before = [...interest.window];
  for (const place of before.keys()) interest.bring(place, before[place] + 7);
  interest.look(600, 300);
  for (const [region, known] of knownIn(interest)) expect(known).toBe(before.includes(region) ? region + 7 : undefined);
  expect(before.some((region) => interest.window.includes(region))).toBe(true);
  interest.look(500, 300);
  expect([...knownIn(interest).values()]).toContain(undefined);
});

test("who starts anew knows nothing", () => {
  const interest = lookingAt(500, 300);
  interest.bring(0, 7);
  interest.forgetAll();
  interest.look(500, 300);
  expect(interest.knownAt(0)).toBeUndefined();
});
