import { PaintWatch, UNPAINTED_MS } from "@starwake/client/game/paint-watch.ts";
import { expect, test } from "vitest";

/** A watch whose clock a test moves. */
function makeWatch(isHidden = false) {
  const seen = { nowMs: 0 };
  const watch = new PaintWatch(
    () => seen.nowMs,
    () => isHidden,
  );
  const tickAt = (ms: number) => {
    seen.nowMs = ms;
    watch.tick();
    return watch.isDue;
  };
  return { seen, watch, tickAt };
}

test("a visible page that stalled is not unpainted, though a timer or a message comes before its next frame", () => {
  const { seen, watch, tickAt } = makeWatch();
  watch.painted();
  // A tick just before the stall, and the one that waited for its end.
  expect([tickAt(5), tickAt(5_000)]).toEqual([false, false]);
  watch.painted();
  seen.nowMs = 9_999;
  expect(watch.isDue).toBe(false);
});

test("a visible page without frames is unpainted after three ticks, and moves on no more often than they come", () => {
  const { seen, watch, tickAt } = makeWatch();
  const due = [1, 2, 3].map((tick) => tickAt(tick * UNPAINTED_MS));
  expect(due).toEqual([false, false, true]);
  watch.moved();
  seen.nowMs += UNPAINTED_MS - 1;
  expect(watch.isDue).toBe(false);
  seen.nowMs += 1;
  expect(watch.isDue).toBe(true);
});

test("a hidden page is unpainted as soon as a frame is overdue", () => {
  const { watch, tickAt } = makeWatch(true);
  watch.painted();
  expect([tickAt(UNPAINTED_MS - 1), tickAt(UNPAINTED_MS)]).toEqual([false, true]);
});

test("a frame ends it", () => {
  const { watch, tickAt } = makeWatch();
  for (let tick = 1; tick <= 5; tick++) tickAt(tick * UNPAINTED_MS);
  watch.painted();
  expect(tickAt(7 * UNPAINTED_MS)).toBe(false);
});
