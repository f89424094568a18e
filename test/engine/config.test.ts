import { describe, expect, test } from "vitest";
import { type Config, parseConfig } from "../../server/config.ts";

const SEED = 4_000_000_000;
const parse = (argv: readonly string[] = [], env: Record<string, string> = {}) => parseConfig(argv, env, () => SEED);

function configOf(argv: readonly string[], env: Record<string, string> = {}): Config {
  const parsed = parse(argv, env);
  if (parsed.kind !== "run") throw new Error(`not to be run: ${JSON.stringify(parsed)}`);
  return parsed.config;
}

function problemsOf(argv: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const parsed = parse(argv, env);
  return parsed.kind === "invalid" ? parsed.problems : [];
}

/** Every option but the switch: the flag, its variable, the field, and a good value with what it means. */
const OPTIONS = [
  ["--port", "PORT", "port", "8080", 8080],
  ["--host", "HOST", "host", "127.0.0.1", "127.0.0.1"],
  ["--seed", "SEED", "seed", "4294967295", 4294967295],
  ["--pilots", "PILOTS", "pilots", "0", 0],
  ["--capacity", "CAPACITY", "capacity", "2048", 2048],
  ["--map-size", "MAP_SIZE", "mapSize", "32512", 32512],
  ["--tick-rate", "TICK_RATE", "tickRate", "120", 120],
  ["--frame-rate", "FRAME_RATE", "frameRate", "60", 60],
  ["--peer-timeout", "PEER_TIMEOUT", "peerTimeout", "20", 20],
  ["--log-level", "LOG_LEVEL", "logLevel", "silent", "silent"],
  ["--allow-origin", "ALLOW_ORIGIN", "allowOrigin", "https://a.example", ["https://a.example"]],
  ["--record", "RECORD", "record", "replays", "replays"],
] as const;

const BAD_VALUES = [
  ["--port", ["-1", "65536", "1e3", "0x50", "3000.5", " 3000", "NaN", "99999999999"], "a whole number from 0 to 65535"],
  ["--host", ["a b", "localhost:3000", "http://localhost"], "an address or a host name"],
  ["--seed", ["-1", "4294967296", "luck"], "a whole number from 0 to 4294967295, or random"],
  ["--pilots", ["-1", "2049", "many"], "a whole number from 0 to 2048"],
  ["--capacity", ["0", "2049"], "a whole number from 1 to 2048"],
  ["--map-size", ["1", "1279", "32513"], "0 or a whole number from 1280 to 32512"],
  ["--tick-rate", ["19", "121"], "a whole number from 20 to 120"],
  ["--frame-rate", ["0", "121"], "a whole number from 1 to 120"],
  ["--peer-timeout", ["0", "601", "4s"], "a whole number from 1 to 600"],
  ["--log-level", ["loud", "INFO"], "one of trace, debug, info, warn, error, fatal, silent"],
  [
    "--allow-origin",
    ["example.org", "https://a.example/", "https://a.example/x", "ftp://a.example", "null"],
    "an origin",
  ],
] as const;

describe("what is not set has a default", () => {
  test("nothing set gives the defaults and a drawn seed", () => {
    expect(configOf([])).toEqual({
      ...{ port: 3000, host: "0.0.0.0", seed: SEED, pilots: 12, capacity: 64, mapSize: 0, tickRate: 60, frameRate: 30 },
      ...{ peerTimeout: 4, logLevel: "info", allowOrigin: [], record: "", noBuild: false },
    });
  });

  test("without a drawn seed each parse draws a 32-bit one of its own", () => {
    const seeds = Array.from({ length: 20 }, () => parseConfig([], {})).map(
      (parsed) => parsed.kind === "run" && parsed.config.seed,
    );
    expect(new Set(seeds).size).toBeGreaterThan(1);
    for (const seed of seeds)
      expect(seed).toSatisfy((value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 32);
  });

  test("a default that would exceed another option is lowered to it", () => {
    expect(configOf(["--capacity", "4"]).pilots).toBe(4);
    expect(configOf(["--tick-rate", "20"]).frameRate).toBe(20);
  });

  test("an empty variable counts as none", () => {
    expect(configOf([], { PORT: "", ALLOW_ORIGIN: "" })).toEqual(configOf([]));
  });
});

describe("flags and variables", () => {
  test.each(OPTIONS)("%s and %s both set the option", (flag, variable, field, text, value) => {
    expect(configOf([flag, text])[field]).toEqual(value);
    expect(configOf([`${flag}=${text}`])[field]).toEqual(value);
    expect(configOf([], { [variable]: text })[field]).toEqual(value);
  });

  test("a flag beats its variable, even where the variable is bad", () => {
    expect(configOf(["--port", "1"], { PORT: "2" }).port).toBe(1);
    expect(configOf(["--port", "1"], { PORT: "x" }).port).toBe(1);
  });

  test("of a flag given twice the last counts", () => {
    expect(configOf(["--port", "1", "--port", "2"]).port).toBe(2);
  });

  test("origins add up, as flags and as a list", () => {
    const origins = ["https://a.example", "http://b.example:8080", "*"];
    expect(configOf(origins.flatMap((origin) => ["--allow-origin", origin])).allowOrigin).toEqual(origins);
    expect(configOf([], { ALLOW_ORIGIN: origins.join(" , ") }).allowOrigin).toEqual(origins);
  });

  test("--no-build is a switch, and NO_BUILD says true or false", () => {
    expect(configOf(["--no-build"]).noBuild).toBe(true);
    expect(configOf([], { NO_BUILD: "1" }).noBuild).toBe(true);
    expect(configOf([], { NO_BUILD: "false" }).noBuild).toBe(false);
    expect(problemsOf(["--no-build=yes"])).toEqual(['--no-build: takes no value, and was given "yes"']);
    expect(problemsOf([], { NO_BUILD: "maybe" })).toEqual(['NO_BUILD "maybe": must be true or false']);
  });
});

describe("what is wrong is told", () => {
  const cases = BAD_VALUES.flatMap(([flag, values, allowed]) => values.map((value) => [flag, value, allowed] as const));
  test.each(cases)("%s %j is refused, and what is allowed is named", (flag, value, allowed) => {
    const variable = flag.slice(2).replaceAll("-", "_").toUpperCase();
    const told = `${JSON.stringify(value)}: must be ${allowed}`;
    expect(problemsOf([`${flag}=${value}`])).toEqual([expect.stringContaining(`${flag} ${told}`)]);
    expect(problemsOf([], { [variable]: value })).toEqual([expect.stringContaining(`${variable} ${told}`)]);
  });

  test("a flag without its value, an unknown flag and a stray word are told", () => {
    expect(problemsOf(["--port"])).toEqual(["--port: needs a value: a whole number from 0 to 65535"]);
    expect(problemsOf(["--port", "--no-build"])).toEqual(["--port: needs a value: a whole number from 0 to 65535"]);
    expect(problemsOf(["--prot=1"])).toEqual(["--prot: there is no such option; --help lists all"]);
    expect(problemsOf(["-p"])).toEqual(["-p: there is no such option; --help lists all"]);
    expect(problemsOf(["now"])).toEqual(['"now": a stray word; options begin with --']);
  });

  test("names of an object's own machinery are no options", () => {
    for (const name of ["__proto__", "constructor", "toString"]) expect(problemsOf([`--${name}=1`])).toHaveLength(1);
  });

  test("a given value may not exceed the option that limits it", () => {
    expect(problemsOf(["--pilots", "5", "--capacity", "4"])).toEqual([
      "--pilots 5: must be at most --capacity, which is 4",
    ]);
    expect(problemsOf([], { FRAME_RATE: "61" })).toEqual(["FRAME_RATE 61: must be at most --tick-rate, which is 60"]);
  });

  test("all problems come at once, each on one line", () => {
    const problems = problemsOf(["--port", "x\ny", "--bogus", "--pilots", "65"], { SEED: "y".repeat(10_000) });
    expect(problems.map((problem) => problem.split(/[ :]/)[0])).toEqual(["--bogus", "--port", "SEED", "--pilots"]);
    for (const problem of problems) expect(problem).toMatch(/^.{1,200}$/);
  });
});

describe("the help", () => {
  test.each(["--help", "-h"])("%s is given even where other things are wrong", (flag) => {
    expect(parse(["--port", "x", flag]).kind).toBe("help");
  });

  test("each option has a line with its variable and its default", () => {
    const parsed = parse(["--help"]);
    const lines = parsed.kind === "help" ? parsed.text.split("\n") : [];
    for (const [flag, variable] of [...OPTIONS, ["--no-build", "NO_BUILD"]] as const) {
      expect(lines.filter((line) => line.startsWith(`  ${flag} `) && line.includes(` ${variable} `))).toHaveLength(1);
    }
    expect(lines.find((line) => line.includes("--port"))).toMatch(/ 3000 .* from 0 to 65535/);
  });
});
