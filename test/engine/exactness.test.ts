/** The simulation gives the same bits on every machine, so its sources use nothing that could differ between two. */
import { cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { describe, expect, test } from "vitest";
import { ALLOWANCES, idleAllowances, inexactUses, isExact } from "../support/exactness.ts";
import { readSources } from "../support/source-tree.ts";

const sources = ["shared", "server"].flatMap(readSources).filter(({ path }) => isExact(path));

describe("the sources that decide the world's bits", () => {
  test.for(["shared/engine/", "shared/game/", "server/game/"])("%s holds files to look at", (folder) => {
    expect(sources.filter(({ path }) => path.startsWith(folder)).length).toBeGreaterThan(0);
  });

  test("use nothing whose answer a machine may choose", () => {
    expect(sources.flatMap(inexactUses)).toEqual([]);
  });

  test("make use of every allowance", () => {
    expect(idleAllowances(sources)).toEqual([]);
  });
});

describe("the ban", () => {
  const banned = [
    ["Math.sin(1)", "Math.sin"],
    ["Math.hypot(1, 2)", "Math.hypot"],
    ["Math.pow(2, 0.5)", "Math.pow"],
    ["Math.random()", "Math.random"],
    ['Math["cos"](1)', "Math.cos"],
    ["Math[name](1)", "Math.[…]"],
    ["(({ sin }) => sin(1))(Math)", "Math as a value"],
    ["Date.now()", "Date"],
    ["new Date()", "Date"],
    ["performance.now()", "performance"],
    ["new Intl.NumberFormat()", "Intl"],
    ["name.toLocaleUpperCase()", "toLocaleUpperCase"],
    ['name.localeCompare("b")', "localeCompare"],
    ["setTimeout(() => {}, 1)", "setTimeout"],
    ["setInterval(() => {}, 1)", "setInterval"],
    ["name ** 2", "** with a base or exponent that is not fixed"],
    ["2 ** 0.5", "** with a base or exponent that is not fixed"],
    ["10 ** name", "** with a base or exponent that is not fixed"],
  ] as const;

  test.for(banned)("%s is reported", ([expression, use]) => {
    const source = `export const value = ${expression};`;
    expect(inexactUses({ path: "shared/game/a.ts", source })).toEqual([
      { path: "shared/game/a.ts", line: 1, problem: `uses ${use}` },
    ]);
  });

  test("for…in and **= are reported", () => {
    const source =
      "export function sum(of: number[]) { let all = 1; for (const key in of) all **= of[key]; return all; }";
    expect(inexactUses({ path: "server/game/a.ts", source }).map(({ problem }) => problem)).toEqual([
      "uses for…in",
      "uses **=",
    ]);
  });

  test("what IEEE 754 fixes is let through", () => {
    const source =
      "export const f = (x: number) => Math.sqrt(x) + Math.imul(x, 3) - Math.round(x / 2) * 2 ** 31 + 2 ** x;";
    expect(inexactUses({ path: "shared/game/a.ts", source })).toEqual([]);
  });

  test.for(ALLOWANCES)("$uses is let through in $path alone, for $because", ({ path, uses }) => {
    const source = `export const value = ${uses};`;
    expect(inexactUses({ path, source })).toEqual([]);
    expect(inexactUses({ path: "shared/game/a.ts", source })).toHaveLength(1);
  });
});

describe("the table of directions", () => {
  const ENTRY_STEPS = 2 ** 14;

  test("has no entry within 1e-6 of a tie, so that no machine's sine can round it the other way", () => {
    const distances = Array.from({ length: TURN }, (_, angle) => {
      const scaled = Math.abs(Math.sin((angle * 2 * Math.PI) / TURN)) * ENTRY_STEPS;
      return Math.abs(scaled - Math.floor(scaled) - 0.5);
    });
    expect(Math.min(...distances)).toBeGreaterThan(1e-6);
  });

  test("holds multiples of 2^-14 that lie nearest to the sine and the cosine", () => {
    for (let angle = 0; angle < TURN; angle++) {
      const radians = (angle * 2 * Math.PI) / TURN;
      expect(Number.isInteger(sine(angle) * ENTRY_STEPS) && Number.isInteger(cosine(angle) * ENTRY_STEPS)).toBe(true);
      expect(Math.abs(sine(angle) - Math.sin(radians))).toBeLessThanOrEqual(0.5 / ENTRY_STEPS);
      expect(Math.abs(cosine(angle) - Math.cos(radians))).toBeLessThanOrEqual(0.5 / ENTRY_STEPS);
    }
  });
});
