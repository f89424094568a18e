/** The command line of `npm run real-network`. */
import { expect, test } from "vitest";
import { HELP, parseRealNetworkOptions } from "./options.ts";
import { PROFILE_NAMES } from "./profiles.ts";

test("measures every profile for a minute, unless it is told otherwise", () => {
  expect(parseRealNetworkOptions([])).toEqual({
    ...{ profiles: PROFILE_NAMES, seconds: 60, players: 6, repeats: 1, congestion: "cubic", seed: 1 },
  });
});

test("takes profiles by their names, and every option that it lists", () => {
  const args = "C narrow --seconds 20 --players 3 --repeats 2 --joins 40 --congestion bbr --seed 7 --out o.json";
  expect(parseRealNetworkOptions(args.split(" "))).toEqual({
    ...{ profiles: ["C", "narrow"], seconds: 20, players: 3, repeats: 2, joins: 40 },
    ...{ congestion: "bbr", seed: 7, out: "o.json" },
  });
});

test("the help tells of every profile and of every option", () => {
  const options = ["seconds", "players", "repeats", "joins", "congestion", "seed", "out", "help"];
  for (const name of PROFILE_NAMES) expect(HELP).toMatch(new RegExp(`^  ${name}  +\\S`, "m"));
  for (const name of options) expect(HELP).toMatch(new RegExp(`^  --${name}\\b`, "m"));
});

test("--help goes before everything else", () => {
  expect(parseRealNetworkOptions(["D", "--seconds", "none", "--help"])).toBe("help");
});

test.for([
  ["--seconds", "2"],
  ["--seconds", "1.5"],
  ["--players", "0"],
  ["--players", "33"],
  ["--repeats", "0"],
  ["--joins", "none"],
  ["--congestion", "b br"],
  ["--seed", "-1"],
  ["--out", ""],
])("%s %s is refused by name", ([name, value]) => {
  expect(parseRealNetworkOptions([`${name}=${value}`])).toEqual({
    problems: [expect.stringMatching(new RegExp(`^${name}: .+`))],
  });
});

test("a profile that is none is refused by name, with those that there are", () => {
  expect(parseRealNetworkOptions(["A", "D"])).toEqual({
    problems: [`D: the profiles are ${PROFILE_NAMES.join(", ")}`],
  });
});

test("an option that it does not know is refused by name", () => {
  expect(parseRealNetworkOptions(["--speed", "9"])).toEqual({ problems: [expect.stringContaining("--speed")] });
});
