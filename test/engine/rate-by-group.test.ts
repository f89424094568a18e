import { RateByGroup } from "@starwake/server/engine/rate-by-group.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";

const takeAll = (rate: RateByGroup, group: string, most = 1_000) => {
  let taken = 0;
  while (taken < most && rate.take(group)) taken++;
  return taken;
};

test("each group has a burst and a rate of its own", () => {
  const clock = createHandClock();
  const rate = new RateByGroup(10, 30, clock);
  expect([takeAll(rate, "a"), takeAll(rate, "b")]).toEqual([30, 30]);
  clock.advance(500);
  expect([takeAll(rate, "a"), takeAll(rate, "c")]).toEqual([5, 30]);
});

test("however many groups come, none that has used up its burst has it again", () => {
  const clock = createHandClock();
  const rate = new RateByGroup(10, 30, clock);
  takeAll(rate, "a");
  for (let group = 0; group < 50_000; group++) rate.take(`group ${group}`);
  expect(rate.take("a")).toBe(false);
});

test("groups that rest are forgotten", () => {
  const clock = createHandClock();
  const rate = new RateByGroup(10, 30, clock);
  for (let group = 0; group < 100_000; group++) {
    rate.take(`group ${group}`);
    clock.advance(1);
  }
  expect(rate.size).toBeLessThan(5_000);
});

test("what is spent without asking makes the next ones wait", () => {
  const clock = createHandClock();
  const rate = new RateByGroup(10, 30, clock);
  rate.spend("a", 40);
  clock.advance(1_000);
  expect(rate.take("a")).toBe(false);
  clock.advance(100);
  expect(rate.take("a")).toBe(true);
});

test("no limit is no limit", () => {
  const rate = new RateByGroup(0, 0, createHandClock());
  rate.spend("a", 1_000);
  expect(takeAll(rate, "a")).toBe(1_000);
});
