import { CommandClock } from "@starwake/client/engine/command-clock.ts";
import { expect, test } from "vitest";

const TICK_RATE = 50;
const STEP_MS = 4;
const FRAME_MS = 40;

/** What is on its way: something to be done at a time. */
type Underway = { readonly atMs: number; readonly margin: number };

/**
 * A clock against a server whose tick is simply the time, over a network of that delay each way. Frames tell the least
 * margin since the last one, as the server's do.
 */
function against(delayMs: () => number, serverTick = 0) {
  const clock = new CommandClock(TICK_RATE, serverTick, 2 * delayMs());
  const arriving: Underway[] = [];
  const telling: Underway[] = [];
  const rates: number[] = [];
  const margins: number[] = [];
  let nowMs = 0;
  let least: number | undefined;
  const step = () => {
    const before = clock.tick + clock.fraction;
    clock.advance(STEP_MS);
    nowMs += STEP_MS;
    rates.push((clock.tick + clock.fraction - before) / ((STEP_MS / 1000) * TICK_RATE));
    const sent = clock.tick + clock.fraction;
    const atMs = nowMs + delayMs();
    arriving.push({ atMs, margin: sent - (atMs / 1000) * TICK_RATE });
    for (const { margin } of due(arriving, nowMs)) {
      margins.push(margin);
      least = Math.min(least ?? margin, margin);
    }
    if (nowMs % FRAME_MS === 0 && least !== undefined) {
      telling.push({ atMs: nowMs + delayMs(), margin: least });
      least = undefined;
    }
    for (const { margin } of due(telling, nowMs)) {
      const at = clock.tick + clock.fraction;
      clock.hear(margin, nowMs, 2 * delayMs());
      jumps.push(clock.tick + clock.fraction - at);
    }
  };
  const jumps: number[] = [];
  const run = (ms: number) => {
    for (const endMs = nowMs + ms; nowMs < endMs; ) step();
  };
  return { clock, run, rates, margins, jumps };
}

function due(underway: Underway[], nowMs: number): Underway[] {
  const ready = underway.filter(({ atMs }) => atMs <= nowMs);
  for (const one of ready) underway.splice(underway.indexOf(one), 1);
  return ready;
}

const isLate = (margin: number) => margin < 0;

test.for([-6, -3, 0, 6, 9])(
  "on a steady network a clock whose server is %i ticks off comes to a margin below a tick in fifteen seconds, without a jump",
  (off) => {
    const { run, margins, jumps } = against(() => 50, off);
    run(15_000);
    const newest = margins.slice(-500);
    expect(Math.min(...newest)).toBeGreaterThan(0.25);
    expect(Math.max(...newest)).toBeLessThan(1);
    expect(jumps.every((jump) => jump === 0)).toBe(true);
  },
);

test("from the beginning commands are in time, even where some are held up by a round trip more", () => {
  let sent = 0;
  const { run, margins } = against(() => 50 + (sent++ % 100 === 50 ? 100 : 0));
  run(5_000);
  expect(margins.filter(isLate)).toEqual([]);
});

test("it is never slewed by more than 8 per cent", () => {
  const { run, rates, clock } = against(() => 50, 9);
  run(15_000);
  const most = Math.max(...rates.map((rate) => Math.abs(rate - 1)));
  expect(most).toBeLessThanOrEqual(0.08 + 1e-9);
  expect(most).toBeGreaterThan(0.05);
  expect(Math.abs(clock.currentSlew)).toBeLessThan(0.01);
});

test("who sleeps for a minute while it is slewed wakes where the server is, to some ticks", () => {
  const clock = new CommandClock(TICK_RATE, 0, 100);
  clock.hear(-2, 0, 100);
  expect(clock.currentSlew).not.toBe(0);
  const before = clock.tick;
  clock.advance(60_000);
  expect(Math.abs(clock.tick - before - 60 * TICK_RATE)).toBeLessThanOrEqual(3);
});

test.for([-60, -25, 60, 300])("a clock whose server is %i ticks off is set anew, once, and right", (off) => {
  const { run, margins, jumps } = against(() => 50, off);
  run(3_000);
  expect(jumps.filter((jump) => jump !== 0)).toHaveLength(1);
  expect(margins.at(-1)!).toBeGreaterThan(0);
  expect(margins.at(-1)!).toBeLessThan(10);
});

test("when the round trip grows, nothing comes late any more after two seconds; when it falls, the margin follows in twelve", () => {
  let delayMs = 30;
  const { run, margins } = against(() => delayMs);
  run(15_000);
  delayMs = 75;
  run(2_000);
  margins.length = 0;
  run(15_000);
  expect(margins.filter(isLate)).toEqual([]);
  delayMs = 30;
  run(12_000);
  expect(margins.at(-1)!).toBeLessThan(1);
});

test("what comes late now and then is worth a longer lead, until it is no more; what comes late once is not", () => {
  let everyNth = 50;
  let lateMs = 60;
  let sent = 0;
  const { run, margins } = against(() => 50 + (sent++ % everyNth === 0 ? lateMs : 0));
  run(10_000);
  margins.length = 0;
  run(10_000);
  expect(margins.filter(isLate)).toEqual([]);
  everyNth = Number.POSITIVE_INFINITY;
  run(15_000);
  expect(margins.at(-1)!).toBeLessThan(1);
  sent = 0;
  lateMs = 160;
  run(1_000);
  expect(margins.at(-1)!).toBeLessThan(1.5);
});
