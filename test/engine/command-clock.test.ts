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
function against(delayMs: () => number, position: number) {
  const clock = new CommandClock(TICK_RATE, position);
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

test.for([-6, -3, 0, 6, 9])(
  "a clock that starts %i ticks off comes to its margin within ten seconds, without a jump",
  (off) => {
    const { clock, run, margins, jumps } = against(() => 50, 2.5 + off);
    run(10_000);
    const newest = margins.slice(-50);
    for (const margin of newest) expect(Math.abs(margin - clock.target)).toBeLessThan(0.25);
    expect(jumps.every((jump) => jump === 0)).toBe(true);
  },
);

test("it is never slewed by more than 8 per cent", () => {
  const { run, rates, clock } = against(() => 50, 11);
  run(10_000);
  expect(Math.max(...rates.map((rate) => Math.abs(rate - 1)))).toBeLessThanOrEqual(0.08 + 1e-9);
  expect(Math.max(...rates.map((rate) => Math.abs(rate - 1)))).toBeGreaterThan(0.05);
  expect(Math.abs(clock.currentSlew)).toBeLessThan(0.01);
});

test.for([-60, -15, 20, 300])("a clock that is %i ticks off is set anew, once, and right", (off) => {
  const { clock, run, margins, jumps } = against(() => 50, 2.5 + off);
  run(3_000);
  expect(jumps.filter((jump) => jump !== 0)).toHaveLength(1);
  expect(Math.abs(margins.at(-1)! - clock.target)).toBeLessThan(1);
});

test("the margin grows when commands come late now and then, until none does, and shrinks again within some seconds", () => {
  let spikeMs = 60;
  let sent = 0;
  const { clock, run, margins } = against(() => 50 + (sent++ % 200 === 0 ? spikeMs : 0), 4);
  run(10_000);
  const { target } = clock;
  expect(target).toBeGreaterThan(3);
  margins.length = 0;
  run(10_000);
  expect(margins.filter((margin) => margin < 0)).toEqual([]);
  spikeMs = 0;
  run(15_000);
  expect(clock.target).toBeLessThan(1.3);
});
