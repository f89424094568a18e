/** The steered entity's row at the end of a frame: from its region, from the last frame, or whole. */
import { BitReader, BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { defineKind } from "@starwake/shared/engine/entity-kind.ts";
import { readSteered, writeNoneSteered, writeSteered } from "@starwake/shared/engine/steered-row.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const boat = defineKind("boat", {
  x: { min: 0, max: 2 ** 20, axis: "x" },
  fuel: { min: 0, max: 5000, isPrivate: true, residualOrder: 4 },
  launchedAt: { min: 0, max: 2 ** 30, isTick: true },
  reload: { min: 0, max: 40, isPrivate: true, countsDown: true },
});
const TICK = 70_000;

const rows = fc.tuple(fc.nat(2 ** 20), fc.nat(5000), fc.nat(TICK), fc.nat(40)).map((values) => Int32Array.from(values));
/** What a reader of others' rows is told of one. */
const publicOf = ([x, , launchedAt]: Int32Array) => Int32Array.from([x, 0, launchedAt, 0]);

function written(row: Int32Array, isInRegion: boolean, before: Int32Array | undefined, ticks: number): Uint8Array {
  const writer = new BitWriter(new Uint8Array(64));
  const last = before && { rows: Int32Array.from([9, 9, 9, 9, ...before]), offset: 4 };
  writeSteered(writer, boat, { rows: Int32Array.from([7, ...row]), offset: 1 }, TICK, isInRegion, last, ticks);
  return writer.bytes.slice(0, writer.byteLength);
}

const told = fc.record({
  row: rows,
  before: fc.option(rows, { nil: undefined }),
  isInRegion: fc.boolean(),
  ticks: fc.integer({ min: 1, max: 60 }),
});

describe(`the steered row (SEED=${SEED})`, () => {
  test("is read as it was written, wherever its parts come from", () => {
    const check = ({ row, before, isInRegion, ticks }: typeof told extends fc.Arbitrary<infer T> ? T : never) => {
      const reader = new BitReader(written(row, isInRegion, before, ticks));
      const known = isInRegion ? publicOf(row) : undefined;
      expect(readSteered(reader, boat, TICK, known, before, ticks)).toEqual(row);
      expect(reader.failed).toBe(false);
      expect(reader.isSpent).toBe(true);
    };
    fc.assert(fc.property(told, check), withSeed(2000));
  });

  test("fails its reader where it leans on what that does not know", () => {
    const check = (row: Int32Array, before: Int32Array) => {
      for (const [isInRegion, known] of [
        [true, undefined],
        [false, publicOf(row)],
      ] as const) {
        const reader = new BitReader(written(row, isInRegion, before, 2));
        readSteered(reader, boat, TICK, known, undefined, 2);
        expect(reader.failed).toBe(true);
      }
    };
    fc.assert(fc.property(rows, rows, check), withSeed(300));
  });

  test("is in range or fails its reader, whatever bit is flipped and wherever it is cut", () => {
    const check = (row: Int32Array, before: Int32Array, isInRegion: boolean) => {
      const bytes = written(row, isInRegion, before, 2);
      const spoilt = [...bytes.keys()].map((length) => bytes.slice(0, length));
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        spoilt.push(flipped);
      }
      for (const some of spoilt) {
        const read = readSteered(new BitReader(some), boat, TICK, publicOf(row), before, 2);
        for (const [at, { min, max }] of boat.fields.entries())
          if (read !== undefined) expect(read[at] >= min && read[at] <= max).toBe(true);
      }
    };
    fc.assert(fc.property(rows, rows, fc.boolean(), check), withSeed(100));
  });
});

test("who goes on as foretold in a region that is told costs a bit for each private field", () => {
  const [before, row] = [Int32Array.from([5, 800, 3, 7]), Int32Array.from([90, 800, 3, 5])];
  expect(written(row, true, before, 2).length).toBe(1);
});

test("a row that is as it was in the last frame is not told again", () => {
  const row = Int32Array.from([5, 800, 3, 0]);
  expect(written(row, false, row, 2).length).toBe(1);
});

test("who steers nothing is told so", () => {
  const writer = new BitWriter(new Uint8Array(1));
  writeNoneSteered(writer);
  expect(readSteered(new BitReader(writer.bytes), boat, TICK, undefined, undefined, 1)).toBeUndefined();
});
