import { LoopUse } from "@starwake/server/engine/loop-use.ts";
import { expect, test } from "vitest";

function work(): void {
  let sum = 0;
  for (let number = 0; number < 3_000_000; number++) sum += Math.sqrt(number);
  expect(sum).toBeGreaterThan(0);
}

test("an event loop that waits for nothing is at work all the time", () => {
  const use = new LoopUse();
  work();
  expect(use.lately(0)).toBe(1);
  work();
  expect(use.lately(500)).toBe(1);
});

test("one that waits between two looks is at work for a part of the time, and asked again at once says the same", async () => {
  const use = new LoopUse();
  expect(use.lately(0)).toBeGreaterThanOrEqual(0);
  // Answered by another thread, for which the loop has to wait.
  const { stat } = await import("node:fs/promises");
  for (let look = 0; look < 50; look++) await stat(".");
  const part = use.lately(500);
  expect(part).toBeLessThan(1);
  work();
  expect(use.lately(999)).toBe(part);
});
