/** Small levels as text, for control messages. */
import { levelsFromText, levelsToText, MAX_LEVEL } from "@starwake/shared/engine/level-text.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const level = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(MAX_LEVEL));
const sparse = fc
  .uint8Array({ maxLength: 0 })
  .chain(() => fc.array(level, { maxLength: 700 }).map((all) => Uint8Array.from(all)));
const full = fc.array(fc.nat(MAX_LEVEL), { maxLength: 700 }).map((all) => Uint8Array.from(all));

describe(`levels (SEED=${SEED})`, () => {
  test("are read as they were written, in a third of a character each at most", () => {
    const check = (levels: Uint8Array) => {
      const text = levelsToText(levels);
      expect(levelsFromText(text, levels.length)).toEqual(levels);
      expect(text.length).toBeLessThanOrEqual(Math.ceil(levels.length / 3));
      // No character takes more than a byte, in JSON, too.
      expect(Buffer.byteLength(JSON.stringify(text))).toBe(text.length + 2);
    };
    fc.assert(fc.property(fc.oneof(sparse, full), check), withSeed(500));
  });

  test("cannot be had from any other text: it is refused, or read as levels", () => {
    const check = (text: string, count: number) => {
      const levels = levelsFromText(text, count);
      if (levels === undefined) return;
      expect(levels).toHaveLength(count);
      expect(levels.every((one) => one <= MAX_LEVEL)).toBe(true);
    };
    fc.assert(fc.property(fc.string(), fc.nat(200), check), withSeed(2000));
  });
});

test("a text that tells of more levels than there are is refused", () => {
  const text = levelsToText(Uint8Array.of(0, 0, 0, 1));
  expect(levelsFromText(text, 4)).toEqual(Uint8Array.of(0, 0, 0, 1));
  expect(levelsFromText(text, 3)).toBeUndefined();
});
