import { SmoothClock } from "@starwake/client/engine/smooth-clock.ts";
import { describe, expect, test } from "vitest";

/** A browser's clock that tells the time in steps, and frames that come when a test says. */
function makeClock(stepMs: number) {
  const time = { ms: 0 };
  const clock = new SmoothClock(() => Math.floor(time.ms / stepMs) * stepMs);
  const frames = (times: number, everyMs: number): number[] =>
    Array.from({ length: times }, () => {
      time.ms += everyMs;
      return clock.frame();
    });
  return { time, clock, frames };
}

function steps(times: readonly number[]): number[] {
  return times.slice(1).map((timeMs, frame) => timeMs - times[frame]);
}

describe("where the browser tells the time in steps of 100 ms", () => {
  test.each([30, 60, 240])("frames at %i Hz are equally long once a second has passed", (hertz) => {
    const { frames } = makeClock(100);
    frames(hertz * 2, 1000 / hertz);
    for (const stepMs of steps(frames(hertz, 1000 / hertz))) {
      expect(stepMs).toBeGreaterThan(0.4 * (1000 / hertz));
      expect(stepMs).toBeLessThan(1.6 * (1000 / hertz));
    }
  });

  test("the clock stays with the browser's, within its coarseness", () => {
    const { time, frames } = makeClock(100);
    frames(60, 1000 / 60);
    for (let second = 0; second < 60; second++) {
      const shownMs = frames(60, 1000 / 60).at(-1)!;
      expect(Math.abs(shownMs - time.ms)).toBeLessThan(110);
    }
  });

  test("it never goes back, and follows a page that stood still", () => {
    const { time, clock, frames } = makeClock(100);
    const before = frames(120, 1000 / 60);
    time.ms += 5_000;
    const after = frames(120, 1000 / 60);
    expect(Math.min(...steps([...before, ...after]))).toBeGreaterThanOrEqual(0);
    expect(Math.abs(clock.now() - time.ms)).toBeLessThan(200);
  });
});

describe("a fine clock", () => {
  test.each([0.005, 1])("of %f ms is taken as it is, also where two frames fall together", (stepMs) => {
    const { time, clock, frames } = makeClock(stepMs);
    frames(100, 1000 / 60);
    expect(frames(1, 0)[0]).toBe(Math.floor(time.ms / stepMs) * stepMs);
    time.ms += 7;
    expect(clock.now()).toBe(Math.floor(time.ms / stepMs) * stepMs);
  });
});
