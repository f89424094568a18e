/** `npm run replay`, as a process of its own: what it prints, and how it ends. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { ReplayRun } from "@starwake/shared/engine/replay-run.ts";
import { afterAll, describe, expect, test } from "vitest";
import { parseReplayCommand } from "../../server/replay-arguments.ts";
import { recordMatch } from "../support/recorded-match.ts";
import { STARWAKE, TICK_RATE } from "../support/recorded-room.ts";
import { replayBytes } from "../support/replay-bytes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "starwake-replays-"));
afterAll(() => rmSync(folder, { recursive: true }));

const replay = hashedMatch();
const bytes = replayBytes(STARWAKE, replay);

function hashedMatch() {
  const match = recordMatch({ ticks: 250, pilots: 3, seed: 5 });
  const run = new ReplayRun(STARWAKE, match);
  const hashes: { tick: number; hash: number }[] = [];
  while (!run.isAtEnd) {
    run.advance();
    if (run.tick % TICK_RATE === 0) hashes.push({ tick: run.tick, hash: run.hash() });
  }
  return { ...match, head: { ...match.head, protocol: protocolHash(STARWAKE) }, hashes };
}

function fileOf(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

type Ending = { readonly code: number; readonly output: string; readonly errors: string };

function run(...args: readonly string[]): Promise<Ending> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["server/replay.ts", ...args], { cwd: ROOT }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
    );
  });
}

/** Ends with code 1 and one line. */
async function refusalOf(...args: readonly string[]): Promise<string> {
  const { code, output, errors } = await run(...args);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toMatch(/^[^\n]+\n$/);
  return errors.trim();
}

describe("verify", () => {
  test("tells the seconds that are as recorded, and how fast it ran", async () => {
    const { code, output, errors } = await run("verify", fileOf("sound", bytes));
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toMatch(/: 4\.0 of 4\.2 s verified by 4 hashes, at \d+ times real time\n$/);
  });

  test("refuses a replay that differs, with the first tick that does", async () => {
    const hashes = replay.hashes.with(2, { tick: 180, hash: 1 });
    const path = fileOf("false", replayBytes(STARWAKE, { ...replay, hashes }));
    expect(await refusalOf("verify", path)).toBe(
      `${path}: The world differs at tick 180 (second 3.0); up to tick 120 it is as recorded.`,
    );
  });

  test("refuses one that breaks off, unless a part is enough", async () => {
    const path = fileOf("cut", bytes.subarray(0, bytes.length - 40));
    expect(await refusalOf("verify", path)).toBe(
      `${path}: The recording breaks off after 4.0 s; --partial verifies what there is of it.`,
    );
    const { code, output } = await run("verify", path, "--partial");
    expect(code).toBe(0);
    expect(output).toMatch(/: 4\.0 of 4\.0 s verified by 4 hashes, .+; the recording breaks off there\n$/);
  });

  test("refuses one with nothing to verify in it", async () => {
    const short = { ...replay, steps: replay.steps.slice(0, 30), hashes: [] };
    const path = fileOf("short", replayBytes(STARWAKE, short));
    expect(await refusalOf("verify", path)).toBe(`${path}: There is nothing to verify: it is shorter than a second.`);
  });

  test.for([
    ["no replay", "This is not a replay file.", () => new TextEncoder().encode("a letter")],
    [
      "damage, part or not",
      "The file is damaged at second ",
      () => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 4 : byte)),
    ],
    [
      "other rules",
      `This replay was recorded under version 0 of the rules; this program plays by version ${protocolHash(STARWAKE)}.`,
      () => replayBytes(STARWAKE, { ...replay, head: { ...replay.head, protocol: "0" } }),
    ],
  ] as const)("refuses %s", async ([name, problem, make]) => {
    const path = fileOf(name.slice(0, 5), make());
    expect(await refusalOf("verify", path, "--partial")).toContain(`${path}: ${problem}`);
  });
});

describe("info", () => {
  test("tells who played, where and when, and what came of it", async () => {
    const { code, output } = await run("info", fileOf("told", bytes));
    expect(code).toBe(0);
    expect(output).toMatch(/room +ABCDE, seed 5, map sized for 3 players/);
    expect(output).toMatch(/began +1970-01-01T00:00:00\.000Z/);
    expect(output).toMatch(/length +4\.2 s, 250 ticks at 60 a second/);
    expect(output).toMatch(/Pilot 2 \(pilot\) +score \d+, kills \d+, deaths \d+ +0\.0 s to the end/);
    expect(output).toMatch(/Pilot 3 \(pilot\) +score \d+, kills \d+, deaths \d+ +2\.1 s to the end/);
    expect(output).toMatch(/Pilot 1 \(pilot\) +score \d+, kills \d+, deaths \d+ +0\.0 s to 3\.1 s\n$/);
  });

  test("shows no name that could steer a terminal", async () => {
    const players = replay.players.map((player) => ({ ...player, name: "\x1b[31mred" }));
    const { output } = await run("info", fileOf("red", replayBytes(STARWAKE, { ...replay, players })));
    expect(output).toContain("?[31mred");
    expect(output).not.toContain("\x1b");
  });

  test("says when the recording breaks off", async () => {
    expect((await run("info", fileOf("off", bytes.subarray(0, bytes.length - 40)))).output).toContain(
      "; it breaks off",
    );
  });
});

describe("the command line", () => {
  test("of --help tells what there is", async () => {
    expect(await run("--help")).toMatchObject({ code: 0, output: expect.stringContaining("verify FILE"), errors: "" });
  });

  test("that is wrong ends with one line", async () => {
    expect(await refusalOf("verify")).toBe("verify: say which file (npm run replay -- --help)");
    expect(await refusalOf("info", join(folder, "nowhere"))).toContain("It cannot be read");
  });

  test.for([
    [[], "say what to do: verify or info"],
    [["play", "a"], '"play": there is verify and info only'],
    [["verify", "a", "b"], '"b": a stray word; one file at a time'],
    [["info", "a", "--partial"], "--partial is for verify only"],
    [["verify", "a", "--all"], "Unknown option '--all'"],
  ] as const)("%s is refused", ([argv, problem]) => {
    const parsed = parseReplayCommand(argv);
    expect(parsed).toMatchObject({ kind: "invalid", problem: expect.stringContaining(problem) });
  });
});
