/** The command line of `npm run attack`, and the list of attacks. */
import { describe, expect, test } from "vitest";
import { ATTACKS } from "./attacks.ts";
import { attackersAddresses } from "./field.ts";
import { parseAttackOptions } from "./options.ts";

test("an attack has a default for everything else", () => {
  const byDefault = { seconds: 120, addresses: 1, honest: 20, seed: 1 };
  expect(parseAttackOptions(["hello-twice"])).toEqual({ attack: "hello-twice", ...byDefault });
});

test("all attacks mixed take ten minutes", () => {
  expect(parseAttackOptions(["mixed"])).toMatchObject({ seconds: 600 });
});

test("every option that help lists is taken", () => {
  const args = "never-join --seconds 10 --addresses 100 --honest 5 --seed 7 --json out.json".split(" ");
  const options = { attack: "never-join", seconds: 10, addresses: 100, honest: 5, seed: 7, json: "out.json" };
  expect(parseAttackOptions(args)).toEqual(options);
});

test("--help and --list go before everything else", () => {
  expect(parseAttackOptions(["nothing", "--help"])).toBe("help");
  expect(parseAttackOptions(["--list", "--seconds", "0"])).toBe("list");
});

describe("it is said what is wrong with", () => {
  test.for([
    [[], "say which attack"],
    [["nothing"], "nothing: there is no such attack"],
    [["hello-twice", "never-join"], "one attack at a time"],
    [["hello-twice", "--seconds=0"], "--seconds"],
    [["hello-twice", "--addresses=201"], "--addresses"],
    [["hello-twice", "--speed=9"], "--speed"],
  ] as const)("%j", ([args, words]) => {
    expect(parseAttackOptions(args)).toEqual({ problems: [expect.stringContaining(words)] });
  });
});

test("every attack says in a line what it does", () => {
  for (const { name, does } of ATTACKS.values()) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(does).toMatch(/^[^\n]{10,120}$/);
  }
});

test("attackers come from as many addresses as asked, none of them a bot's", () => {
  const addresses = attackersAddresses(200);
  expect(new Set(addresses).size).toBe(200);
  for (const address of addresses) expect(address).toMatch(/^127\.66\.\d+\.\d+$/);
});
