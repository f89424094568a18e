/** The tests themselves: no verdict hangs on the machine's speed, and a time-out ends what hangs, and judges nothing. */
import { describe, expect, test } from "vitest";
import { ALLOWANCES, BENCHMARK } from "../support/clock-allowances.ts";
import { clockJudgementsIn, LEAST_TIMEOUT_MS } from "../support/clock-judgements.ts";
import { readSources } from "../support/source-tree.ts";

const sources = readSources("test").filter(({ path }) => !BENCHMARK.includes(path));
const found = sources.flatMap((source) => clockJudgementsIn(source));
const isAllowed = (path: string, problem: string) =>
  path in ALLOWANCES && ALLOWANCES[path].problems.split(" ").includes(problem);

test("the tests, and what they run, hold nothing against a clock", () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(found.filter(({ path, problem }) => !isAllowed(path, problem))).toEqual([]);
});

test("what is allowed is there", () => {
  const allowed = Object.entries(ALLOWANCES).flatMap(([file, { problems }]) =>
    problems.split(" ").map((name) => `${file} ${name}`),
  );
  const there = new Set(found.map(({ path, problem }) => `${path} ${problem}`));
  expect(allowed.filter((one) => !there.has(one))).toEqual([]);
  const files = readSources("test/bench").map(({ path }) => path);
  expect(files).toEqual(expect.arrayContaining([...BENCHMARK]));
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
  const others: Readonly<Record<string, string>> = {
    "./b.ts": "export const SHORT_MS = 5_000; export const LONG_MS = 48 * SHORT_MS;",
    "./c.ts": "export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));",
  };
  const read = (_: string, name: string) =>
    name in others ? { path: name.replace(".", "test"), source: others[name] } : undefined;
  const problemsOf = (source: string) =>
    clockJudgementsIn({ path: "test/a.test.ts", source }, read).map(({ problem }) => problem);

  test.for([
    ["a test's own time-out", 'test("a", { timeout: 120_000 }, () => {});', "timeout"],
    ["one behind the test", 'test("a", () => {}, 30_000);', "timeout"],
    ["a hook's", "beforeAll(() => {}, 5_000);", "timeout"],
    ["a poll's", "await expect.poll(() => 1, { timeout: 10_000 }).toBe(1);", "timeout"],
    ["one that has a name", "const POLL = { timeout: 30 * 1000, interval: 50 };", "timeout"],
    ["one by a name", "const SHORT_MS = 5_000; test('a', { timeout: SHORT_MS }, () => {});", "timeout"],
    ["one of a file", "vi.setConfig({ testTimeout: 120_000 });", "timeout"],
    [
      "one by a name from elsewhere",
      "import { SHORT_MS as A } from './b.ts'; test('a', { timeout: A }, () => {});",
      "timeout",
    ],
    ["a browser's", "page.setDefaultTimeout(30_000);", "timeout"],
    ["a wait's of vitest", "await vi.waitFor(() => {}, 1_000);", "timeout"],
    ["a sleep", "await new Promise((resolve) => setTimeout(resolve, 50));", "setTimeout"],
    ["a sleep of Node's", 'import { setTimeout as pause } from "node:timers/promises";', "node:timers/promises"],
    ["a beat", "setInterval(() => {}, 20);", "setInterval"],
    ["a sleep of the server's", "import { wait } from '@starwake/server/engine/stop-request.ts';", "wait"],
    ["a long pause without a name", "await pause(1_000);", "pause"],
    ["a browser's sleep", "await page.waitForTimeout(500);", "waitForTimeout"],
    ["a look at the time", "const beginMs = performance.now();", "performance.now"],
    ["at how long it runs", "const begin = process.uptime();", "process.uptime"],
    ["at a clock that is taken apart", "const { now } = performance;", "performance.now"],
    ["at the calendar", "const begin = Date.now();", "Date.now"],
    ["at the calendar's date", "const begin = new Date();", "new Date"],
    ["at the processor's time", "const begin = process.hrtime.bigint();", "process.hrtime"],
    ["at what it used", "const used = process.cpuUsage();", "process.cpuUsage"],
    ["a signal that comes by itself", "fetch(url, { signal: AbortSignal.timeout(50) });", "AbortSignal.timeout"],
  ])("%s", ([, source, problem]) => {
    expect(problemsOf(source)).toEqual([problem]);
  });

  test.for([
    ["a constant", "const FIRE_MS = 6_000;", "FIRE_MS"],
    ["one of seconds", "const FIRE_SECONDS = 6;", "FIRE_SECONDS"],
    ["a property", "const trial = { fireMs: 6 * 1000 };", "fireMs"],
    ["one from elsewhere", "import { SHORT_MS } from './b.ts'; const FIRE_MS = 2 * SHORT_MS;", "FIRE_MS"],
  ])("a short time that has a name, where there is a clock, or in what is imported: %s", ([, source, problem]) => {
    expect(problemsOf(`${source} performance.now();`)).toEqual(["performance.now", problem]);
    expect(problemsOf(`import { wait } from "./c.ts"; ${source}`)).toEqual([problem]);
    expect(problemsOf(source)).toEqual([]);
  });

  test.for([
    'test("a", { timeout: 240_000 }, () => {});',
    "await expect.poll(() => 1, { interval: 5 }).toBe(1);",
    'expect(source).toBe("performance.now()");',
    "vi.useFakeTimers(); vi.advanceTimersByTime(30_000);",
    "const options = { timeout: undefined };",
    "await pause(5);",
    "import { watchStarter } from '@starwake/server/engine/stop-request.ts';",
    "import { LONG_MS } from './b.ts'; test('a', { timeout: LONG_MS }, () => {});",
  ])("not %s", (source) => {
    expect(problemsOf(source)).toEqual([]);
  });
});
