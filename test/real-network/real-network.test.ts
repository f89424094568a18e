/** `npm run real-network` as it is run: for a moment, where it can run at all. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { SEARCH_PATH } from "../support/programs.ts";
import { lacking, lookAround } from "./surroundings.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const problem = lacking(lookAround(), "cubic");
if (problem !== undefined) console.warn(`\nSKIPPED, the run over a real network: ${problem}\n`);

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGTERM"));
  const written = { output: "", errors: "" };
  child.stdout.on("data", (part: Buffer) => (written.output += part));
  child.stderr.on("data", (part: Buffer) => (written.errors += part));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, ...written }));
  return { child, written, ended };
}

/** What a run has made and not removed. */
function leftBy(pid: number): string[] {
  const names = execFileSync("ip", ["netns", "list"], { encoding: "utf8", env: { PATH: SEARCH_PATH } }).split("\n");
  return names.filter((name) => name.startsWith(`starwake-${pid}-`));
}

test("with a bad option ends with code 1 and says where help is", async () => {
  const { code, errors } = await start(["D", "--seconds", "0"]).ended;
  expect(code).toBe(1);
  expect(errors).toMatch(/^D: .+\n--seconds: .+\nnpm run real-network -- --help lists the options\n$/);
});

test("where it cannot run, it says so in one line and ends with code 2", async () => {
  const { code, errors, output } = await start(["A", "--congestion", "none_such"]).ended;
  expect([code, output]).toEqual([2, ""]);
  expect(errors).toMatch(/^npm run real-network cannot run here: .+\n$/);
});

describe.skipIf(problem !== undefined)("over a real path", () => {
  test("players play, everything is measured, and nothing is left behind", async () => {
    const folder = await mkdtemp(join(tmpdir(), "starwake-real-network-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const out = join(folder, "report.json");
    const run = start(["A", "--seconds", "3", "--players", "2", "--out", out]);
    const { output, errors } = await run.ended;
    expect(errors).toMatch(/^1 run, about 1 min\nA: begins\ndone\n$/m);
    expect(output).toMatch(/^\| profile \|.*\n\|.*\n\| A \|.*\| 2 of 2, \d \|\n/m);
    const { figures } = JSON.parse(await readFile(out, "utf8"));
    expect(figures.A).toMatchObject({ players: 2, joined: 2 });
    // How well is the machine's doing; here, that the path is what it is told to be, and that all of it is seen.
    for (const { count } of [figures.A.sendToRenderMs, figures.A.joinMs]) expect(count).toBeGreaterThan(0);
    for (const way of [figures.A.down, figures.A.up]) expect(way.bytesPerSecond).toBeGreaterThan(0);
    // Four times through the path, each no shorter than its least, before anybody is in.
    expect(figures.A.joinMs.p50).toBeGreaterThan(4 * (60 - 20));
    expect(leftBy(run.child.pid!)).toEqual([]);
  });

  test("joins alone are measured", async () => {
    const run = start(["B", "--joins", "3"]);
    const { code, output } = await run.ended;
    expect(code).toBe(0);
    expect(output).toMatch(/^\| B \| 3 \| 0 \| .+ \|$/m);
    expect(leftBy(run.child.pid!)).toEqual([]);
  });

  test("Ctrl-C leaves nothing behind", async () => {
    const run = start(["A", "--seconds", "3600", "--players", "1"]);
    await expect.poll(() => leftBy(run.child.pid!)).toHaveLength(2);
    run.child.kill("SIGINT");
    expect((await run.ended).code).toBe(130);
    expect(leftBy(run.child.pid!)).toEqual([]);
  });
});
