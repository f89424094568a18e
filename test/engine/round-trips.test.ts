import { RoundTrips } from "@starwake/server/engine/round-trips.ts";
import { expect, test } from "vitest";

test("before anything was noted, nothing is known of them", () => {
  const trips = new RoundTrips();
  expect([trips.least, trips.usualMost]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test("the least one of the last ten seconds counts, and is let go when they are over", () => {
  const trips = new RoundTrips();
  trips.note(3, 100);
  for (let second = 101; second < 110; second++) trips.note(9, second);
  expect(trips.least).toBe(3);
  trips.note(9, 110);
  expect(trips.least).toBe(9);
});

test("what was late in one second only is let go, what is late in two is usual", () => {
  const trips = new RoundTrips();
  for (let second = 0; second < 10; second++) trips.note(4, second);
  trips.note(40, 10);
  expect(trips.usualMost).toBe(4);
  trips.note(12, 11);
  expect(trips.usualMost).toBe(12);
});

test("in the first seconds the greatest so far is usual", () => {
  const trips = new RoundTrips();
  trips.note(4, 7);
  trips.note(6, 7);
  expect([trips.least, trips.usualMost]).toEqual([4, 6]);
  trips.note(5, 8);
  expect(trips.usualMost).toBe(6);
});

test("after a silence of more than ten seconds only what came since is known", () => {
  const trips = new RoundTrips();
  trips.note(2, 5);
  trips.note(30, 6);
  trips.note(8, 1000);
  expect([trips.least, trips.usualMost]).toEqual([8, 8]);
});
