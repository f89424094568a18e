/** Time passes by hand here, Node's timers, immediates and all. */
import { SystemClock } from "@starwake/server/engine/system-clock.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** A clock, what rang, and time that passes while Node is busy with packets and comes to no timer. */
function start() {
  const failures: unknown[] = [];
  const clock = new SystemClock((error) => failures.push(error));
  let busyMs = 0;
  vi.spyOn(clock, "now").mockImplementation(() => performance.now() + busyMs);
  const rang: string[] = [];
  const set = (name: string, delayMs: number) => clock.after(delayMs, () => void rang.push(name));
  const beBusy = (ms: number) => {
    busyMs += ms;
  };
  return { clock, rang, failures, set, beBusy };
}

test("what is set rings at its time, the earliest first, and once", () => {
  const { rang, set } = start();
  set("late", 30);
  set("early", 10);
  set("as early", 10);
  vi.advanceTimersByTime(9);
  expect(rang).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(rang).toEqual(["early", "as early"]);
  vi.advanceTimersByTime(100);
  expect(rang).toEqual(["early", "as early", "late"]);
});

test("between packets rings what is due, in the same order, and Node's loop does not ring it again", () => {
  const { clock, rang, set, beBusy } = start();
  set("later", 20);
  set("due", 10);
  set("as due", 10);
  clock.ringDue();
  expect(rang).toEqual([]);
  beBusy(12);
  clock.ringDue();
  clock.ringDue();
  expect(rang).toEqual(["due", "as due"]);
  vi.advanceTimersByTime(100);
  expect(rang).toEqual(["due", "as due", "later"]);
});

test("what sets itself again while it rings between packets waits for those that have come", () => {
  const { clock, beBusy } = start();
  const rangMs: number[] = [];
  const ring = () => {
    rangMs.push(clock.now());
    clock.after(0, ring);
  };
  clock.after(10, ring);
  beBusy(10);
  for (let packet = 0; packet < 5; packet++) clock.ringDue();
  expect(rangMs.length).toBe(1);
  // The packets are taken, and Node comes to its immediates: from now on it may ring between the next ones.
  vi.runAllTicks();
  vi.advanceTimersByTime(0);
  const before = rangMs.length;
  beBusy(20);
  for (let packet = 0; packet < 5; packet++) clock.ringDue();
  expect(rangMs.length).toBe(before + 1);
});

test("what was taken back does not ring, neither between packets nor by the loop, nor if another one takes it back", () => {
  const { clock, rang, set, beBusy } = start();
  const takeBack = set("one", 10);
  takeBack();
  clock.after(10, () => takeBackOther());
  const takeBackOther = set("other", 10);
  beBusy(10);
  clock.ringDue();
  vi.advanceTimersByTime(100);
  expect(rang).toEqual([]);
});

test("what is set earlier than all else rings in time", () => {
  const { rang, set } = start();
  set("late", 50);
  set("early", 5);
  vi.advanceTimersByTime(5);
  expect(rang).toEqual(["early"]);
});

test("an alarm that throws is told of, and keeps no other from ringing", () => {
  const { clock, rang, failures, set, beBusy } = start();
  const broken = new Error("broken");
  const breakAfter = (ms: number) =>
    clock.after(ms, () => {
      throw broken;
    });
  for (const ms of [10, 30]) breakAfter(ms);
  for (const ms of [10, 30]) set(`at ${ms}`, ms);
  vi.advanceTimersByTime(10);
  beBusy(20);
  expect(() => clock.ringDue()).not.toThrow();
  expect(rang).toEqual(["at 10", "at 30"]);
  expect(failures).toEqual([broken, broken]);
});
