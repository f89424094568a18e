import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

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

test.runIf(process.platform === "linux")("V8's helpers get the lowest priority, and no other thread does", () => {
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
  expect(helpers.every(({ priority }) => priority === 19)).toBe(true);
  expect(threads.filter(({ name }) => name !== "V8Worker").every(({ priority }) => priority === own)).toBe(true);
});
