import { defineSchema, isInRange, readRow, writeRow } from "@starwake/shared/engine/schema.ts";
import { describe, expect, test } from "vitest";

const buoy = defineSchema("buoy", {
  x: { min: 0, max: 1000 },
  drift: { min: -8, max: 7 },
  aim: { min: 0, max: 255, wraps: true },
});

describe("a declaration", () => {
  test("keeps the order of its fields, and says where each stands in a row", () => {
    expect(buoy.names).toEqual(["x", "drift", "aim"]);
    expect(buoy.at).toEqual({ x: 0, drift: 1, aim: 2 });
    expect(buoy.fields[buoy.at.drift]).toEqual({ min: -8, max: 7 });
  });

  test.for([
    ["a range that is upside down", { min: 1, max: 0 }],
    ["a fraction", { min: 0, max: 0.5 }],
    ["no number", { min: Number.NaN, max: 1 }],
    ["no end", { min: 0, max: Infinity }],
    ["a range above 2^30", { min: 0, max: 2 ** 30 + 1 }],
    ["a circle that is no power of two", { min: 0, max: 359, wraps: true }],
    ["a circle that does not start at 0", { min: 1, max: 256, wraps: true }],
  ] as const)("with %s is refused, and the field is named", ([, field]) => {
    expect(() => defineSchema("buoy", { odd: field })).toThrow(/^buoy\.odd: /);
  });

  test("may have the widest range that the codec carries", () => {
    expect(() =>
      defineSchema("buoy", { wide: { min: -(2 ** 29), max: 2 ** 29 }, one: { min: 5, max: 5 } }),
    ).not.toThrow();
  });
});

describe("a row", () => {
  test("gives back the record that was written, at its offset alone", () => {
    const rows = new Int32Array(9).fill(-1);
    writeRow(buoy, { x: 1000, drift: -8, aim: 255 }, rows, 3);
    const record = { x: 0, drift: 0, aim: 0 };
    readRow(buoy, rows, 3, record);
    expect(record).toEqual({ x: 1000, drift: -8, aim: 255 });
    expect([...rows]).toEqual([-1, -1, -1, 1000, -8, 255, -1, -1, -1]);
  });

  test.for([
    ["too large", 1001],
    ["too small", -1],
    ["a fraction", 0.5],
    ["NaN", Number.NaN],
    ["infinite", Infinity],
  ] as const)("is refused when a value is %s, and the field is named", ([, x]) => {
    expect(() => writeRow(buoy, { x, drift: 0, aim: 0 }, new Int32Array(3), 0)).toThrow(
      /^buoy\.x is .* from 0 to 1000$/,
    );
  });

  test("is refused when a value is missing", () => {
    expect(() => writeRow(buoy, { x: 1, drift: 0 }, new Int32Array(3), 0)).toThrow(/^buoy\.aim is undefined/);
  });
});

test("a record is in range when every value is a whole number within its field's limits", () => {
  expect(isInRange(buoy, { x: 0, drift: 7, aim: 0 })).toBe(true);
  for (const bad of [{ x: 1001 }, { drift: -9 }, { aim: 1.5 }, { aim: Number.NaN }, { x: Infinity }]) {
    expect(isInRange(buoy, { x: 0, drift: 0, aim: 0, ...bad })).toBe(false);
  }
  expect(isInRange(buoy, { x: 0, drift: 0 })).toBe(false);
});
