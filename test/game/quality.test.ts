import { Quality } from "@starwake/client/game/views/quality.ts";
import { describe, expect, test } from "vitest";

const BEST = new Quality(true, false).level;

/** Draws for some seconds. @param frameMs what each frame takes at a level, which may be another each time */
function draw(quality: Quality, seconds: number, frameMs: (level: Quality["level"], frame: number) => number): void {
  let frame = 0;
  for (let ms = 0; ms < seconds * 1000; ) {
    const thisMs = frameMs(quality.level, frame++);
    ms += thisMs;
    quality.noteFrame(thisMs);
  }
}

test("a display of 240 or 60 Hz draws all there is", () => {
  for (const hertz of [240, 60]) {
    const quality = new Quality(false, false);
    draw(quality, 60, () => 1000 / hertz);
    expect(quality.level).toEqual(BEST);
  }
});

test("frames that are quicker with less to draw are drawn with less", () => {
  const quality = new Quality(false, false);
  draw(quality, 20, ({ pixelRatio }) => 10 * pixelRatio + 9);
  expect(quality.level.pixelRatio).toBeLessThan(BEST.pixelRatio);
  expect(10 * quality.level.pixelRatio + 9).toBeLessThan(22);
});

describe("a display of 30 Hz", () => {
  const atPace = () => 1000 / 30;

  test("is found to be the display, and all is drawn on it", () => {
    const quality = new Quality(false, false);
    draw(quality, 20, atPace);
    expect(quality.level).toEqual(BEST);
    draw(quality, 60, atPace);
    expect(quality.level).toEqual(BEST);
  });

  test("draws less when it becomes slower than that", () => {
    const quality = new Quality(false, false);
    draw(quality, 20, atPace);
    draw(quality, 10, ({ pixelRatio }) => 34 + 20 * pixelRatio);
    expect(quality.level.pixelRatio).toBeLessThan(BEST.pixelRatio);
  });
});

test("what is as slow with less to draw, but not at one pace, stays with less", () => {
  const quality = new Quality(false, false);
  draw(quality, 20, (_, frame) => (frame % 2 === 0 ? 20 : 60));
  expect(quality.level).not.toEqual(BEST);
});
