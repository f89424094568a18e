/** `npm run bench`: its command line. */
import { describe, expect, test } from "vitest";
import { type BenchOptions, HELP, parseBenchOptions } from "./bench-options.ts";
import { expectedSeconds } from "./duration.ts";

function parsed(...args: string[]): BenchOptions {
  const options = parseBenchOptions(args);
  if (options === "help" || "problems" in options) throw new Error(JSON.stringify(options));
  return options;
}

describe("without options", () => {
  test("four numbers of players are measured against every peer", () => {
    expect(parsed()).toEqual({
      players: [200, 400, 800, 1158],
      against: ["ws", "colyseus", "colyseus-all", "json"],
      rooms: undefined,
      trials: [],
      floorPairs: 0,
      findLimit: false,
      most: 2048,
      seconds: 20,
      warmUpSeconds: 5,
      others: 40,
      seed: 1,
      json: undefined,
      html: undefined,
      check: false,
      profile: false,
    });
  });

  test("--check alone measures all that it judges, against the peers that marks speak of", () => {
    expect(parsed("--check")).toMatchObject({
      players: [100, 200, 400, 800, 1158],
      against: ["ws", "colyseus"],
      rooms: { rooms: 100, players: 10 },
      trials: ["step", "wire", "crowd", "client", "page", "cuts"],
      floorPairs: 4,
      findLimit: true,
      profile: true,
    });
    expect(parsed("--check", "--against", "json").against).toEqual(["json"]);
  });
});

describe("what is chosen", () => {
  test("is measured and nothing else", () => {
    expect(parsed("--rooms", "20x5", "--check")).toMatchObject({ players: [], rooms: { rooms: 20, players: 5 } });
    expect(parsed("--find-limit")).toMatchObject({ players: [], findLimit: true, rooms: undefined });
    expect(parsed("--floor-pairs", "3", "--check")).toMatchObject({ players: [], floorPairs: 3, findLimit: false });
    expect(parsed("--players", "100", "--check")).toMatchObject({ players: [100], findLimit: false, trials: [] });
    expect([parsed("--rooms", "20x5").profile, parsed("--rooms", "20x5", "--profile").profile]).toEqual([false, true]);
    expect(parsed("--trials", "wire,crowd", "--check")).toMatchObject({ players: [], trials: ["wire", "crowd"] });
  });

  test("takes lists, and none for no peer", () => {
    expect(parsed("--players", "10, 20", "--against", "json,ws")).toMatchObject({
      players: [10, 20],
      against: ["json", "ws"],
    });
    expect(parsed("--against", "none").against).toEqual([]);
    expect(parsed("--trials", "none").trials).toEqual([]);
  });
});

test("--check takes no density but that of its marks", () => {
  expect(parseBenchOptions(["--check", "--others", "20"])).toEqual({
    problems: ["--others: the marks speak of 40: leave it out with --check"],
  });
  expect(parsed("--players", "100", "--others", "20").others).toBe(20);
});

test("--help goes before everything else, and names every option", () => {
  expect(parseBenchOptions(["--seconds", "none", "--help"])).toBe("help");
  for (const name of [
    "players",
    "against",
    "rooms",
    "trials",
    "floor-pairs",
    "find-limit",
    "most",
    "seconds",
    "warm-up",
    "others",
    "seed",
    "json",
    "html",
    "check",
  ])
    expect(HELP).toContain(`--${name} `);
});

test.for([
  ["--players", "1"],
  ["--players", "2049"],
  ["--players", "some"],
  ["--players", ","],
  ["--against", "unity"],
  ["--trials", "speed"],
  ["--rooms", "100"],
  ["--rooms", "201x2"],
  ["--rooms", "200x200"],
  ["--floor-pairs", "101"],
  ["--most", "2049"],
  ["--seconds", "0"],
  ["--warm-up", "-1"],
  ["--others", "1.5"],
  ["--seed", "x"],
  ["--json", ""],
])("%s %s is refused by name", ([name, value]) => {
  expect(parseBenchOptions([`${name}=${value}`])).toEqual({
    problems: [expect.stringMatching(new RegExp(`^${name}: .+`))],
  });
});

test("an option that it does not know is refused by name", () => {
  expect(parseBenchOptions(["--speed", "9"])).toEqual({ problems: [expect.stringContaining("--speed")] });
});

describe("the time that a run takes", () => {
  test("grows with each thing that is measured", () => {
    const seconds = (...args: string[]) => expectedSeconds(parsed(...args));
    expect(seconds("--trials", "wire")).toBeLessThan(seconds("--trials", "wire,page"));
    expect(seconds("--players", "100", "--against", "none")).toBeLessThan(
      seconds("--players", "100", "--against", "ws"),
    );
    expect(seconds("--floor-pairs", "2")).toBeLessThan(seconds("--floor-pairs", "3"));
    expect(seconds("--players", "100", "--profile")).toBeGreaterThan(seconds("--players", "100"));
    expect(seconds("--players", "100", "--seconds", "60")).toBeGreaterThan(seconds("--players", "100"));
    expect(seconds("--check")).toBeGreaterThan(seconds("--find-limit", "--against", "ws,colyseus"));
  });
});
