import { execFileSync } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { lowerHelperThreads, whenWarm } from "@starwake/server/engine/helper-threads.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";

/** Each thread's name and priority in a process of its own that has lowered its helpers. */
const SCRIPT = `
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { lowerHelperThreads } from "./server/engine/helper-threads.ts";
const lowered = lowerHelperThreads();
const threads = readdirSync("/proc/self/task").map((thread) => ({
  name: readFileSync("/proc/self/task/" + thread + "/comm", "utf8").trim(),
  priority: getPriority(Number(thread)),
}));
console.log(JSON.stringify({ lowered, threads, own: getPriority() }));
`;

test.runIf(process.platform === "linux")("V8's helpers get a low priority, and no other thread does", () => {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", SCRIPT], { cwd, encoding: "utf8" });
  const { lowered, threads, own } = JSON.parse(printed) as {
    lowered: number;
    threads: { name: string; priority: number }[];
    own: number;
  };
  const helpers = threads.filter(({ name }) => name === "V8Worker");
  expect(helpers.length).toBeGreaterThan(0);
  expect(lowered).toBe(helpers.length);
  expect(helpers.every(({ priority }) => priority === constants.priority.PRIORITY_BELOW_NORMAL)).toBe(true);
  expect(threads.filter(({ name }) => name !== "V8Worker").every(({ priority }) => priority === own)).toBe(true);
});

test("a process is warm when it has taken five seconds of processor time, and says so once", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const used = vi.spyOn(process, "cpuUsage");
  onTestFinished(() => used.mockRestore());
  const then = vi.fn();
  whenWarm(then);
  used.mockReturnValue({ user: 3_000_000, system: 1_999_999 });
  vi.advanceTimersByTime(60_000);
  expect(then).not.toHaveBeenCalled();
  used.mockReturnValue({ user: 3_000_000, system: 2_000_000 });
  vi.advanceTimersByTime(60_000);
  expect(then).toHaveBeenCalledOnce();
});

describe("a system that refuses is nothing", () => {
  const refuse = (): never => {
    throw Object.assign(new Error("setPriority failed"), { code: "ERR_SYSTEM_ERROR" });
  };
  const willing = {
    cpuUsage: () => ({ user: 5_000_000, system: 0 }),
    threads: () => ["1", "2", "3"],
    nameOf: (thread: string) => (thread === "1" ? "node" : "V8Worker"),
    setPriority: () => {},
  };

  test("each helper counts that gave way", () => {
    expect(lowerHelperThreads(willing)).toBe(2);
  });

  test.each(["threads", "nameOf", "setPriority"] as const)("%s may fail, and no thread gives way", (call) => {
    expect(lowerHelperThreads({ ...willing, [call]: refuse })).toBe(0);
  });

  test("a thread that has ended meanwhile keeps no other from giving way", () => {
    const setPriority = (thread: number) => (thread === 2 ? refuse() : undefined);
    expect(lowerHelperThreads({ ...willing, setPriority })).toBe(1);
  });

  test("a process that may not ask what it has used is never called warm", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const then = vi.fn();
    whenWarm(then, { cpuUsage: refuse });
    vi.advanceTimersByTime(60_000);
    expect(then).not.toHaveBeenCalled();
  });
});
