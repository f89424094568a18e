import { RenderClock } from "@starwake/client/engine/render-clock.ts";
import { expect, test } from "vitest";

const TICK_MS = 20;
const FRAME_MS = 40;
const NETWORK_MS = 70;

/** A clock drawn 100 times a second that hears a frame every 40 ms, each as late as told. */
function hearing() {
  const clock = new RenderClock(1000 / TICK_MS, 2 * NETWORK_MS);
  const seen: { nowMs: number; tick: number }[] = [];
  let nowMs = 0;
  let arrivals: { atMs: number; tick: number }[] = [];
  const run = (ms: number, lateMs: () => number | undefined = () => 0) => {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      nowMs += 10;
      const late = nowMs % FRAME_MS === 0 ? lateMs() : undefined;
      if (late !== undefined) arrivals.push({ atMs: nowMs + NETWORK_MS + late, tick: nowMs / TICK_MS });
      for (const { tick } of arrivals.filter(({ atMs }) => atMs <= nowMs)) clock.hear(tick, nowMs);
      arrivals = arrivals.filter(({ atMs }) => atMs > nowMs);
      clock.advance(10, nowMs);
      if (clock.tick !== undefined) seen.push({ nowMs, tick: clock.tick });
    }
  };
  return { clock, seen, run };
}

test("there is nothing to draw before the first frame", () => {
  const { clock, run } = hearing();
  run(60);
  expect(clock.tick).toBeUndefined();
});

test("on a steady network it draws a frame behind, evenly, and never starves", () => {
  const { clock, seen, run } = hearing();
  run(15_000);
  const behindMs = seen.slice(-200).map(({ nowMs, tick }) => nowMs - NETWORK_MS - tick * TICK_MS);
  expect(Math.min(...behindMs)).toBeGreaterThanOrEqual(FRAME_MS);
  expect(Math.max(...behindMs)).toBeLessThan(FRAME_MS + 15);
  expect(clock.starvedMs).toBe(0);
});

test("at first it leaves room for a loss, and needs it no more when none came for ten seconds", () => {
  const { clock, run } = hearing();
  run(1_000);
  expect(clock.delayMs).toBeGreaterThan(FRAME_MS + NETWORK_MS);
  run(12_000);
  expect(clock.delayMs).toBeLessThan(FRAME_MS + 15);
});

test("the delay goes up within a second when frames come late", () => {
  const { clock, run } = hearing();
  run(15_000);
  const before = clock.delayMs;
  let frame = 0;
  run(1_000, () => (frame++ % 5 === 0 ? 60 : 0));
  expect(clock.delayMs - before).toBeGreaterThan(25);
});

test("a single frame that comes late is let go", () => {
  const { clock, run } = hearing();
  run(15_000);
  const before = clock.delayMs;
  let isFirst = true;
  run(3_000, () => {
    const late = isFirst ? 60 : 0;
    isFirst = false;
    return late;
  });
  expect(clock.delayMs - before).toBeLessThan(10);
});

test("and comes down within ten seconds", () => {
  const { clock, run } = hearing();
  run(15_000);
  const before = clock.delayMs;
  let frame = 0;
  run(2_000, () => (frame++ % 5 === 0 ? 60 : 0));
  expect(clock.delayMs - before).toBeGreaterThan(20);
  run(10_000);
  expect(clock.delayMs - before).toBeLessThan(8);
});

test("time is never drawn backwards, nor more than a tenth too fast or too slow", () => {
  const { seen, run } = hearing();
  let frame = 0;
  run(20_000, () => (frame++ * 37) % 90);
  const rates = seen.slice(1).map(({ tick }, index) => ((tick - seen[index].tick) * TICK_MS) / 10);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.9 - 1e-9);
  expect(Math.max(...rates)).toBeLessThanOrEqual(1.1 + 1e-9);
});

test("starvation is counted: the time for which there was nothing new to draw", () => {
  const { clock, run } = hearing();
  run(5_000);
  run(1_000, () => undefined);
  expect(clock.starvedMs).toBeGreaterThan(800);
  expect(clock.starvedMs).toBeLessThan(1_000);
  expect(clock.elapsedMs).toBeGreaterThan(5_500);
});

test("when the server has lost half a second or more, it draws where the frames are then", () => {
  const { clock, seen, run } = hearing();
  run(15_000);
  run(12_000, () => 700);
  const behindMs = seen.at(-1)!.nowMs - NETWORK_MS - 700 - seen.at(-1)!.tick * TICK_MS;
  expect(behindMs).toBeGreaterThanOrEqual(FRAME_MS);
  expect(behindMs).toBeLessThan(FRAME_MS + TICK_MS + 40);
  expect(clock.starvedMs).toBeLessThan(2_500);
});
