import { TickLoop } from "@starwake/server/engine/tick-loop.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { createTally } from "../support/tally.ts";

const TICK_MS = 20;

/** A loop at 50 Hz whose ticks take as long as `takeMs` says, and what it reported. */
function started(takeMs: (tick: number) => number = () => 0) {
  const clock = createHandClock();
  const tally = createTally();
  const startedMs: number[] = [];
  const loop = new TickLoop(
    clock,
    1000 / TICK_MS,
    () => {
      startedMs.push(clock.now());
      const durationMs = takeMs(startedMs.length);
      if (durationMs > 0) clock.advance(durationMs);
    },
    tally.meter,
    (error) => {
      throw error;
    },
  );
  loop.start();
  return { clock, tally, loop, startedMs };
}

test("ticks begin at their times, however coarsely time passes", () => {
  const { clock, tally, startedMs } = started();
  for (const ms of [5, 30, 3, 62]) clock.advance(ms);
  expect(startedMs).toEqual([20, 40, 60, 80, 100]);
  expect(tally.latenessMs).toEqual([0, 0, 0, 0, 0]);
});

test("after an overrun the ticks that are due run at once, and their lateness is told", () => {
  const { clock, tally, startedMs } = started((tick) => (tick === 1 ? 70 : 0));
  clock.advance(100);
  expect(startedMs).toEqual([20, 90, 90, 90, 100]);
  expect(tally.latenessMs).toEqual([0, 50, 30, 10, 0]);
  expect(tally.ticksDropped).toBe(0);
});

test("at most five ticks are caught up, the rest is dropped and counted, and time goes on from there", () => {
  const { clock, tally, startedMs } = started((tick) => (tick === 1 ? 1000 : 0));
  clock.advance(20);
  expect(startedMs).toEqual([20, 1020, 1020, 1020, 1020]);
  expect(tally.ticksDropped).toBe(45);
  clock.advance(60);
  expect(startedMs.slice(5)).toEqual([1020, 1040, 1060, 1080]);
});

test("a loop whose every tick takes too long drops ticks instead of falling behind for ever", () => {
  const { clock, tally } = started(() => 30);
  while (clock.now() < 1000) clock.advance(1);
  expect(tally.ticks).toBeGreaterThan(10);
  expect(tally.ticksDropped).toBeGreaterThan(0);
  expect(Math.max(...tally.latenessMs)).toBeLessThanOrEqual(6 * TICK_MS);
});

test("a loop that was stopped runs no more, even when it is stopped by its own tick", () => {
  const { clock, loop, startedMs } = started((tick) => {
    if (tick === 2) loop.stop();
    return 0;
  });
  clock.advance(1000);
  expect(startedMs).toEqual([20, 40]);
});

test("the time until the next tick is told in ticks, and is negative when that is overdue", () => {
  const seen: number[] = [];
  const { clock, loop } = started((tick) => {
    if (tick === 1) clock.advance(30);
    seen.push(loop.ticksUntilNext());
    return 0;
  });
  clock.advance(5);
  expect(loop.ticksUntilNext()).toBe(0.75);
  clock.advance(15);
  expect(seen[0]).toBe(-0.5);
});

test.for(["tick", "observer"])("a %s that throws stops the loop, and is told of once", (what) => {
  const clock = createHandClock();
  const { meter } = createTally();
  const broken = () => {
    throw new Error(what);
  };
  const failures: unknown[] = [];
  const observer = what === "observer" ? { ...meter, ran: broken } : meter;
  const loop = new TickLoop(clock, 50, what === "tick" ? broken : () => {}, observer, (error) => failures.push(error));
  loop.start();
  clock.advance(1_000);
  expect(failures).toEqual([new Error(what)]);
});
