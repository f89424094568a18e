import { TickTimes } from "@starwake/server/engine/tick-times.ts";
import { expect, test } from "vitest";

test("a tick is as old as the real time since it went out, however many ticks were dropped since", () => {
  const times = new TickTimes();
  times.note(10, 1_000);
  times.note(11, 3_000);
  expect([times.msSince(10, 3_005), times.msSince(11, 3_005)]).toEqual([2_005, 5]);
});

test("nothing is known of a tick that is to come, of one before the first, and of one long past", () => {
  const times = new TickTimes();
  for (let tick = 5; tick <= 300; tick++) times.note(tick, tick * 20);
  expect(times.msSince(301, 6_000)).toBeUndefined();
  expect(times.msSince(172, 6_000)).toBeUndefined();
  expect(times.msSince(173, 6_000)).toBe(6_000 - 173 * 20);
  expect(new TickTimes().msSince(0, 0)).toBeUndefined();
});
