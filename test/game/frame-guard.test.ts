import { FrameGuard } from "@starwake/client/game/frame-guard.ts";
import { beforeEach, expect, test, vi } from "vitest";

const said = vi.spyOn(console, "error").mockImplementation(() => {});
beforeEach(() => said.mockClear());

/** A guard with a clock that a test moves, and the errors after which it gave up. */
function makeGuard() {
  const clock = { nowMs: 0 };
  const broken: unknown[] = [];
  const guard = new FrameGuard(
    () => clock.nowMs,
    (error) => broken.push(error),
  );
  const fail = (text = "made") =>
    guard.run(() => {
      throw new Error(text);
    });
  return { clock, broken, guard, fail };
}

test("a frame that throws is said once, and the next one runs", () => {
  const { broken, guard, fail } = makeGuard();
  const frame = vi.fn();
  for (let times = 0; times < 60; times++) fail();
  guard.run(frame);
  expect(frame).toHaveBeenCalledOnce();
  expect(said).toHaveBeenCalledTimes(1);
  fail("another");
  expect(said).toHaveBeenCalledTimes(2);
  expect(broken).toEqual([]);
});

test("two seconds of nothing but throwing frames give up, once, with the newest error", () => {
  const { clock, broken, fail } = makeGuard();
  fail();
  clock.nowMs = 1_900;
  fail();
  expect(broken).toEqual([]);
  clock.nowMs = 2_000;
  fail("newest");
  fail();
  expect(broken).toEqual([new Error("newest")]);
});

test("a frame that does not throw begins the count anew", () => {
  const { clock, broken, guard, fail } = makeGuard();
  fail();
  clock.nowMs = 1_900;
  guard.run(() => {});
  clock.nowMs = 3_000;
  fail();
  expect(broken).toEqual([]);
});
