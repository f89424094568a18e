/** The command line of `npm run fuzz`. */
import { describe, expect, test } from "vitest";
import { parseFuzzOptions } from "./options.ts";

test("there is a default for everything but the seed, which is drawn", () => {
  expect(parseFuzzOptions([])).toEqual({ frames: 1_000_000, connections: 200 });
});

test("every option that help lists is taken", () => {
  const args = "--frames 5000 --seed 7 --connections 3 --conversation 12 --json out.json".split(" ");
  const options = { frames: 5_000, seed: 7, connections: 3, conversation: 12, json: "out.json" };
  expect(parseFuzzOptions(args)).toEqual(options);
});

test("--help goes before everything else", () => {
  expect(parseFuzzOptions(["--frames", "none", "--help"])).toBe("help");
});

describe("it is said what is wrong with", () => {
  test.for([["--frames=0"], ["--seed=-1"], ["--connections=201"], ["--conversation=x"], ["--speed=9"], ["stray"]])(
    "%s",
    ([word]) => {
      const name = word.split("=")[0];
      expect(parseFuzzOptions([word])).toEqual({ problems: [expect.stringContaining(name)] });
    },
  );
});
