/** The tests themselves: no verdict hangs on the machine's speed, and a time-out ends what hangs, and judges nothing. */
import { describe, expect, test } from "vitest";
import { clockJudgementsIn, LEAST_TIMEOUT_MS } from "../support/clock-judgements.ts";
import { readSources } from "../support/source-tree.ts";

/** Where a test may look at the time, sleep or time out, and why no verdict hangs on it. */
const ALLOWED: Readonly<Record<string, string>> = {
  "test/support/still-player.ts performance.now": "the clock of a client that plays in real time",
  "test/engine/system-clock.test.ts performance.now": "stands for a time that is moved by hand",
  "test/engine/wire-parser.test.ts Date.now": "draws a seed",
  "test/engine/heartbeat-clock.test.ts Date.now": "the calendar's clock is what is set anew",
};

const sources = readSources("test").filter(({ path }) =>
  /\.test\.ts$|^test\/(support|game|engine|browser)\//.test(path),
);

test("the tests hold nothing against a clock", () => {
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.flatMap(clockJudgementsIn).filter(({ path, problem }) => !(`${path} ${problem}` in ALLOWED));
  expect(found).toEqual([]);
});

test("what is allowed is there", () => {
  const found = sources.flatMap(clockJudgementsIn).map(({ path, problem }) => `${path} ${problem}`);
  expect(Object.keys(ALLOWED).filter((allowed) => !found.includes(allowed))).toEqual([]);
});

test("the runner gives every test, hook and poll four minutes or more", async () => {
  const { default: config } = await import("../../vitest.config.ts");
  for (const project of config.test!.projects!) {
    const { testTimeout, hookTimeout, expect: { poll } = {} } = (project as { test: typeof config.test }).test!;
    for (const timeoutMs of [testTimeout, hookTimeout, poll?.timeout])
      expect(timeoutMs).toBeGreaterThanOrEqual(LEAST_TIMEOUT_MS);
  }
});

describe("seen is", () => {
  test.for([
    ["a test's own time-out", 'test("a", { timeout: 120_000 }, () => {});', "timeout"],
    ["one behind the test", 'test("a", () => {}, 30_000);', "timeout"],
    ["a hook's", "beforeAll(() => {}, 5_000);", "timeout"],
    ["a poll's", "await expect.poll(() => 1, { timeout: 10_000 }).toBe(1);", "timeout"],
    ["one that has a name", "const POLL = { timeout: 30 * 1000, interval: 50 };", "timeout"],
    ["one by a name", "const SHORT_MS = 5_000; test('a', { timeout: SHORT_MS }, () => {});", "timeout"],
    ["a browser's", "page.setDefaultTimeout(30_000);", "timeout"],
    ["a wait's of vitest", "await vi.waitFor(() => {}, 1_000);", "timeout"],
    ["a sleep", "await new Promise((resolve) => setTimeout(resolve, 50));", "setTimeout"],
    ["a sleep of Node's", 'import { setTimeout as pause } from "node:timers/promises";', "node:timers/promises"],
    ["a browser's sleep", "await page.waitForTimeout(500);", "waitForTimeout"],
    ["a look at the time", "const beginMs = performance.now();", "performance.now"],
    ["at the calendar", "const begin = Date.now();", "Date.now"],
    ["at the calendar's date", "const begin = new Date();", "new Date"],
    ["at the processor's time", "const begin = process.hrtime.bigint();", "process.hrtime"],
    ["at what it used", "const used = process.cpuUsage();", "process.cpuUsage"],
    ["a signal that comes by itself", "fetch(url, { signal: AbortSignal.timeout(50) });", "AbortSignal.timeout"],
  ])("%s", ([, source, problem]) => {
    expect(clockJudgementsIn({ path: "test/a.test.ts", source }).map((found) => found.problem)).toEqual([problem]);
  });

  test.for([
    'test("a", { timeout: 240_000 }, () => {});',
    "await expect.poll(() => 1, { interval: 5 }).toBe(1);",
    'expect(source).toBe("performance.now()");',
    "vi.useFakeTimers(); vi.advanceTimersByTime(30_000);",
    "const options = { timeout: undefined };",
  ])("not %s", (source) => {
    expect(clockJudgementsIn({ path: "test/a.test.ts", source })).toEqual([]);
  });
});
