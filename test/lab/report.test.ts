/** The laboratory's report: its figures, its sameness, and `npm run lab` from end to end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LabSetting } from "./lab-options.ts";
import { Laboratory, type LabResult } from "./laboratory.ts";
import { type Limit, parseLimit } from "./limits.ts";
import { type MeasureName, Samples } from "./measures.ts";
import { type LabReport, measuredIn, Sweep } from "./report.ts";
import { brokenLimitLine } from "./report-lines.ts";
import { tableOf } from "./report-table.ts";

const SCENARIO: LabSetting["scenario"] = {
  name: "small",
  summary: "a few players for a few seconds",
  players: 4,
  seconds: 5,
  mapSize: 2000,
  network: { rttMs: 60, jitterMs: 20, loss: 0.01 },
  tickRate: 60,
  frameRate: 30,
};

describe("a report", () => {
  test("of the same seed is the same to the byte", async () => {
    const [one, other] = [await played(5), await played(5)];
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    expect(Object.keys(one.measures).length).toBeGreaterThan(15);
    expect(JSON.stringify(await played(6))).not.toBe(JSON.stringify(one));
  });

  test("has all that the run follows from", () => {
    const { options, seeds } = report(["slew<=1"], run(7, {}));
    const room = { players: 4, seconds: 5, mapSize: 2000, tickRate: 60, frameRate: 30, hasRewind: true };
    const { network } = SCENARIO;
    expect(options).toEqual({ ...room, network, happeningsAtSeconds: [], limits: ["slew<=1"] });
    expect(seeds).toEqual([7]);
  });

  test("cuts figures to six digits, and leaves whole numbers whole", () => {
    const { measures, seeds } = report([], run(1_234_567_890, { joinBytes: [12_345_678, 12_345_678 + 1 / 3] }));
    expect(measures.joinBytes).toMatchObject({ min: 12_345_678, max: 12_345_700, mean: 12_345_700 });
    expect(seeds).toEqual([1_234_567_890]);
  });

  test("of a sweep has the figures of all samples together, and the counts added up", () => {
    const [one, other] = [run(1, { settleMs: [1, 2, 3] }), run(2, { settleMs: [10] })];
    const { measures, counts, seeds } = report([], { ...one, counts: { hits: 2 } }, { ...other, counts: { hits: 3 } });
    expect(measures.settleMs).toMatchObject({ count: 4, mean: 4, min: 1, max: 10 });
    expect(counts).toEqual({ hits: 5 });
    expect(seeds).toEqual([1, 2]);
  });

  test("names the seed of each violation", () => {
    const violations = [{ rule: "ids-rest", tick: 9, client: 1, detail: "again" }] as const;
    expect(report([], run(1, {}), { ...run(2, {}), violations }).violations).toEqual([{ seed: 2, ...violations[0] }]);
  });
});

describe("a limit of a sweep", () => {
  test("is held against all samples together, and names the worst seed", () => {
    const runs = [run(1, { settleMs: [5] }), run(2, { settleMs: [9, 10] }), run(3, { settleMs: [1] })];
    expect(report(["settleMs.mean<=4"], ...runs).brokenLimits).toEqual([
      {
        limit: "settleMs.mean<=4",
        value: 6.25,
        worst: { seed: 2, value: 9.5, first: { tick: 0, seconds: 0, client: 0 } },
      },
    ]);
    expect(report(["settleMs.mean<=7"], ...runs).brokenLimits).toEqual([]);
  });

  test("on a count is about each run", () => {
    const runs = [run(1, { shotsAfterDeath: [1, 1] }), run(2, { shotsAfterDeath: [1, 1, 1] })];
    expect(report(["shotsAfterDeath<=3"], ...runs).brokenLimits).toEqual([]);
    expect(report(["shotsAfterDeath<=1"], ...runs).brokenLimits).toMatchObject([{ value: 3, worst: { seed: 2 } }]);
  });

  test("prefers a seed in which something was measured as the worst", () => {
    const runs = [run(1, {}), run(2, { settleMs: [9] })];
    expect(report(["settleMs<=1"], ...runs).brokenLimits).toMatchObject([{ value: 9, worst: { seed: 2, value: 9 } }]);
    expect(report(["joinMs<=1"], ...runs).brokenLimits).toMatchObject([{ worst: { seed: 1 } }]);
  });

  test("tells both figures where they differ", () => {
    const both = report(["settleMs.mean<=4"], run(1, { settleMs: [5] }), run(2, { settleMs: [6] }));
    expect(both.brokenLimits.map(brokenLimitLine)).toEqual([
      "settleMs.mean<=4 is broken: 5.5; 6 in seed 2, first at tick 0 (0 s), client 0",
    ]);
  });
});

describe("the table", () => {
  test("shows only what tells something of a measure, in aligned columns", () => {
    const { samples } = run(1, { commandsOnTime: [1, 1, 1, 0], settleMs: [1, 2, 3], shotsAfterDeath: [1] });
    expect(tableOf(measuredIn(samples)).split("\n")).toEqual([
      "measure          unit  mean  min  p50  p95  p99  max  samples",
      "commandsOnTime   %       75                                 4",
      "settleMs         ms       2         2              3        3",
      "shotsAfterDeath                                             1",
    ]);
  });

  test("of one client has that client's figures alone", () => {
    const samples = new Samples();
    samples.add("joinMs", 0, 0, 10);
    samples.add("joinMs", 0, 1, 20);
    expect(measuredIn(samples, 1)).toMatchObject({ joinMs: { count: 1, mean: 20 } });
    expect(measuredIn(samples, 2)).toEqual({});
  });
});

describe("npm run lab", () => {
  test("ends with code 1 when a limit is broken, and says how to see just that again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "starwake-lab-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [json, html] = [join(folder, "a.json"), join(folder, "a.html")];
    const args = ["--bots=3", "--seconds=5", "--rtt=80", "--seed=4", "--limit=joinMs<=1", `--json=${json}`];
    const first = await lab(...args, `--html=${html}`);
    expect(first).toMatchObject({ code: 1, errors: "" });
    expect(first.output).toMatch(/^joinMs<=1 is broken: .* in seed 4, first at tick \d+ \(.* s\), client \d$/m);
    const again = /again: npm run lab -- (.*)$/m.exec(first.output)![1];
    expect(again).toMatch(/^--scenario brawl --bots 3 --rtt 80 --seed 4 --seconds 2 --client \d --limit "joinMs<=1"$/);
    const { brokenLimits } = JSON.parse(await readFile(json, "utf8")) as LabReport;
    expect(brokenLimits).toMatchObject([{ limit: "joinMs<=1", worst: { seed: 4 } }]);
    expect(await readFile(html, "utf8")).toContain("joinMs&lt;=1 is broken");
    const second = await lab(...again.replaceAll('"', "").split(" "));
    expect(second.output).toContain(/^joinMs<=1 is broken.*$/m.exec(first.output)![0]);
  });

  test("ends with code 1 and a line each for what it cannot run", async () => {
    const { code, output, errors } = await lab("--bots=0", "--limit=speed=1");
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors.trim().split("\n")).toEqual([
      expect.stringMatching(/^--bots: a whole number from 1/),
      expect.stringMatching(/^--limit: there is no measure "speed"/),
      "npm run lab -- --help lists the options",
    ]);
  });
});

async function played(seed: number): Promise<LabReport> {
  return report(["ownErrorUnits.max<=0"], await new Laboratory({ scenario: SCENARIO, seed }).run());
}

function report(limits: readonly string[], ...runs: LabResult[]): LabReport {
  const read = limits.map((limit) => parseLimit(limit) as Limit);
  const sweep = new Sweep({ scenario: SCENARIO, hasRewind: true, limits: read });
  for (const result of runs) sweep.add(result);
  return sweep.report();
}

/** A run of which these values were measured, one a tick, all of client 0. */
function run(seed: number, measured: Partial<Record<MeasureName, readonly number[]>>): LabResult {
  const samples = new Samples();
  for (const [name, values] of Object.entries(measured))
    values.forEach((value, tick) => samples.add(name as MeasureName, tick, 0, value));
  return { seed, samples, violations: [], counts: {} };
}

async function lab(...args: string[]) {
  const program = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, output, errors };
}
