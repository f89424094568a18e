/** The laboratory's command line: what it takes, what it refuses, and what it makes of a scenario. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type LabCommandLine, lineToSeeAgain, loadScenario, parseLabOptions, settingOf } from "./lab-options.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

const WRITTEN: Scenario = {
  name: "written",
  summary: "as it was written",
  players: 4,
  seconds: 20,
  mapSize: 2000,
  network: { rttMs: 100, jitterMs: 10, loss: 0.02 },
  limits: ["skippedTicks<=0"],
};

describe("the command line", () => {
  test("has a default for the scenario, the seed and the number of runs", () => {
    const byDefault = { scenario: "brawl", seed: 1, seeds: 1, "no-rewind": false, limit: [] };
    expect(parseLabOptions([])).toEqual(byDefault);
  });

  test("takes every option that it lists", () => {
    const numbers = "--bots 6 --seconds 5 --map 4000 --rtt 90 --jitter 20 --loss 0.02 --seed 7 --seeds 3 --client 2";
    const others =
      "--scenario duel --profile B --no-rewind --json a.json --html a.html --limit slew=1 --limit joinMs=9";
    expect(parseLabOptions(`${numbers} ${others}`.split(" "))).toEqual({
      ...{ bots: 6, seconds: 5, map: 4000, rtt: 90, jitter: 20, loss: 0.02, seed: 7, seeds: 3, client: 2 },
      ...{ scenario: "duel", profile: "B", "no-rewind": true, json: "a.json", html: "a.html" },
      limit: [expect.objectContaining({ text: "slew=1" }), expect.objectContaining({ text: "joinMs=9" })],
    });
  });

  test("--help and --list go before everything else", () => {
    expect(parseLabOptions(["--bots", "none", "--help"])).toBe("help");
    expect(parseLabOptions(["--bots", "none", "--list"])).toBe("list");
  });

  test.for([
    ["--scenario", ""],
    ["--bots", "0"],
    ["--bots", "129"],
    ["--seconds", "1.5"],
    ["--seconds", ""],
    ["--map", "100"],
    ["--profile", "D"],
    ["--rtt", "-1"],
    ["--rtt", ""],
    ["--jitter", "some"],
    ["--loss", "5"],
    ["--seed", "-1"],
    ["--seeds", "0"],
    ["--client", "x"],
    ["--limit", "speed=1"],
    ["--json", ""],
    ["--html", ""],
  ])("%s %s is refused in one line, by name", ([name, value]) => {
    const parsed = parseLabOptions([`${name}=${value}`]);
    expect(parsed).toEqual({ problems: [expect.stringMatching(new RegExp(`^${name}: .+`))] });
  });

  test("an option that it does not know is refused by name", () => {
    expect(parseLabOptions(["--speed", "9"])).toEqual({ problems: [expect.stringContaining("--speed")] });
  });

  test("every bad value is told at once", () => {
    expect(parseLabOptions(["--bots", "0", "--limit", "a=1", "--limit", "b=1"])).toHaveProperty("problems.length", 3);
  });
});

describe("a scenario", () => {
  test("is found by its name", async () => {
    expect(await loadScenario("brawl")).toBe(SCENARIOS.brawl);
  });

  test("is loaded from a file's default export", async () => {
    const path = await scenarioFile(`export default ${JSON.stringify(WRITTEN)};`);
    expect(await loadScenario(path)).toEqual(WRITTEN);
  });

  test("that is not there is refused with the names that are", async () => {
    expect(await loadScenario("toString")).toEqual({
      problems: [expect.stringMatching(/"toString"; there are brawl,/)],
    });
    expect(await loadScenario("./none.ts")).toEqual({ problems: ["--scenario: there is no file ./none.ts"] });
  });

  test.for([
    ["without a default export", "export const scenario = 1;", /no scenario: its default export: /],
    ["without a network", `export default ${JSON.stringify({ ...WRITTEN, network: undefined })};`, /network: /],
    ["that cannot be run", "export default nothing;", /cannot be loaded: nothing is not defined/],
  ] as const)("from a file %s is refused in one line", async ([, source, line]) => {
    expect(await loadScenario(await scenarioFile(source))).toEqual({ problems: [expect.stringMatching(line)] });
  });
});

describe("a setting", () => {
  test("is the scenario, where the command line says nothing", () => {
    const { scenario, hasRewind } = setting();
    expect(scenario).toEqual({ ...WRITTEN, tickRate: 60, frameRate: 30 });
    expect(hasRewind).toBe(true);
  });

  test("takes players, seconds and map from the command line", () => {
    expect(setting("--bots=2", "--seconds=9", "--map=3000").scenario).toMatchObject({
      ...{ players: 2, seconds: 9, mapSize: 3000 },
    });
  });

  test.for([
    ["--profile=A", { rttMs: 60, jitterMs: 20, loss: 0.01 }],
    ["--profile=B", { rttMs: 150, jitterMs: 50, loss: 0 }],
    ["--profile=C", { rttMs: 150, jitterMs: 50, loss: 0.05 }],
    ["--rtt=200", { rttMs: 200, jitterMs: 10, loss: 0.02 }],
    ["--profile=C --loss=0", { rttMs: 150, jitterMs: 50, loss: 0 }],
    ["--profile=narrow", { rttMs: 150, jitterMs: 50, loss: 0, bytesPerSecond: 8_000 }],
    ["--profile=upward --loss=0.02", { rttMs: 150, jitterMs: 50, loss: 0.02, lossUp: 0.02 }],
  ] as const)("with %s is over that network", ([options, network]) => {
    expect(setting(...options.split(" ")).scenario.network).toEqual(network);
  });

  test.for([
    ["", ["skippedTicks<=0", "slew<=1"]],
    ["--seconds=30", ["skippedTicks<=0", "slew<=1"]],
    ["--rtt=100", ["skippedTicks<=0", "slew<=1"]],
    ["--rtt=101", ["slew<=1"]],
    ["--seconds=19", ["slew<=1"]],
    ["--bots=5", ["slew<=1"]],
    ["--map=3000", ["slew<=1"]],
    ["--no-rewind", ["slew<=1"]],
  ] as const)("with `%s` keeps the scenario's own limits only if it runs as written", ([options, limits]) => {
    const { limits: kept } = setting("--limit=slew<=1", ...options.split(" ").filter((option) => option !== ""));
    expect(kept.map(({ text }) => text)).toEqual(limits);
  });

  test.for([
    ["--jitter=101", "--jitter: at most the round trip, 100 ms"],
    ["--client=4", "--client: the clients are 0 to 3"],
    ["--seed=2147483647 --seeds=2", "--seeds: the last seed is 2147483647"],
  ] as const)("that %s makes impossible is refused", ([options, line]) => {
    expect(settingOf(WRITTEN, parsed(...options.split(" ")))).toEqual({ problems: [line] });
  });

  test("every scenario's own limits can be read", () => {
    for (const scenario of Object.values(SCENARIOS))
      expect(settingOf(scenario, parsed())).toHaveProperty("limits.length", scenario.limits?.length ?? 0);
  });
});

describe("the line to see something again", () => {
  test("has the options of the first, one seed, the seconds, the client and the limit", () => {
    const line = parsed(
      ..."--scenario duel --profile C --rtt 90 --seeds 9 --seconds 60 --no-rewind --json a".split(" "),
    );
    const again = lineToSeeAgain(line, { seed: 5, seconds: 7, client: 1, limit: "slew.max<=0.1" });
    expect(again).toBe(
      "npm run lab -- --scenario duel --profile C --rtt 90 --seed 5 --seconds 7 --client 1" +
        ' --limit "slew.max<=0.1" --no-rewind',
    );
  });

  test("is read as what it was made of", () => {
    const line = parsed("--bots=3", "--map=3000", "--loss=0.05", "--limit=slew<=1");
    const words = lineToSeeAgain(line, { seed: 1, seconds: 20, limit: "slew<=1" }).replaceAll('"', "").split(" ");
    expect(setting(...words.slice(4))).toEqual(setting("--bots=3", "--map=3000", "--loss=0.05", "--limit=slew<=1"));
  });

  test("keeps a file's name together", () => {
    const line = parsed("--scenario", "./my $own scenario.ts");
    expect(lineToSeeAgain(line, { seed: 1, seconds: 2 })).toContain('--scenario "./my \\$own scenario.ts" ');
  });
});

function parsed(...args: string[]): LabCommandLine {
  return parseLabOptions(args) as LabCommandLine;
}

function setting(...args: string[]) {
  const made = settingOf(WRITTEN, parsed(...args));
  if ("problems" in made) throw new Error(made.problems.join("\n"));
  return made;
}

async function scenarioFile(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "starwake-lab-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "scenario.mjs");
  await writeFile(path, source);
  return path;
}
