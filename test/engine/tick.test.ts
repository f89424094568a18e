import { fromWireTick, toWireTick } from "@starwake/shared/engine/tick.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const tick = fc.nat(2 ** 30);
const HALF_RANGE = 2 ** 15;

describe(`wire ticks (SEED=${SEED})`, () => {
  test("a tick within half the range of the reader's is known from its 16 bits", () => {
    const check = (near: number, away: number) => {
      expect(fromWireTick(toWireTick(near + away), near)).toBe(near + away);
    };
    fc.assert(fc.property(tick, fc.integer({ min: 1 - HALF_RANGE, max: HALF_RANGE }), check), withSeed(2000));
  });

  test("any 16 bits are the tick nearest to the reader's that has them", () => {
    const check = (wireTick: number, near: number) => {
      const found = fromWireTick(wireTick, near);
      expect(toWireTick(found)).toBe(wireTick);
      expect(Math.abs(found - near)).toBeLessThanOrEqual(HALF_RANGE);
    };
    fc.assert(fc.property(fc.nat(65535), tick, check), withSeed(2000));
  });
});

test("the wrap of 16 bits is crossed both ways", () => {
  expect(fromWireTick(toWireTick(65_536), 65_535)).toBe(65_536);
  expect(fromWireTick(toWireTick(65_535), 65_536)).toBe(65_535);
});

test("soon after the start a tick of the past is negative, not far ahead", () => {
  expect(fromWireTick(65_535, 3)).toBe(-1);
});
