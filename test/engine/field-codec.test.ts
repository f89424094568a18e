import { BitReader, BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import {
  bitsFor,
  correct,
  noCell,
  type Reference,
  readAlone,
  readDifference,
  readRough,
  readWhole,
  residual,
  roughened,
  writeAlone,
  writeResidual,
  writeRough,
  writeWhole,
} from "@starwake/shared/engine/field-codec.ts";
import { defineSchema, type Field } from "@starwake/shared/engine/schema.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const FIELDS = {
  plain: { min: -50, max: 1000 },
  fixed: { min: 7, max: 7 },
  small: { min: -3, max: 4000, wholeOrder: 1 },
  column: { min: 0, max: 2 ** 20, axis: "x" },
  row: { min: 0, max: 2 ** 20, axis: "y", residualOrder: 5, residualGrowth: 2 },
  bornAt: { min: -64, max: 2 ** 30 - 64, isTick: true },
  aim: { min: 0, max: 1023, wraps: true },
  widest: { min: -(2 ** 29), max: 2 ** 29 },
} as const satisfies Record<string, Field>;

const ROUGH_FIELDS = {
  plain: { min: -50, max: 1000, rough: { bits: 3 } },
  small: { min: -3, max: 4000, wholeOrder: 1, rough: { bits: 2 } },
  column: { min: 0, max: 2 ** 20, axis: "x", rough: { bits: 7 } },
  aim: { min: 0, max: 1023, wraps: true, rough: { bits: 5 } },
  speed: { min: -8191, max: 8191, rough: { bits: 8, order: 2 } },
} as const satisfies Record<string, Field>;

const CELL: Reference = { tick: 2 ** 30 - 64, originX: 4096, originY: 8192, nearSpan: 4096, nearSlack: 512 };

const fields = Object.values<Field>(FIELDS);
const withValues = (among: readonly Field[]) =>
  fc.constantFrom(...among).chain((field) => {
    const near = field.axis === undefined ? [] : [fc.integer({ min: 3500, max: 12000 })];
    const ends = fc.constantFrom(field.min, field.max);
    return fc.tuple(fc.constant(field), fc.oneof(fc.integer({ min: field.min, max: field.max }), ends, ...near));
  });
const fieldAndValue = withValues(fields);

function readResidual(reader: BitReader, field: Field, predicted: number, ticks: number): number {
  return correct(reader, field, predicted, readDifference(reader, field, ticks));
}

function carry(write: (writer: BitWriter) => void): BitReader {
  const writer = new BitWriter(new Uint8Array(64));
  write(writer);
  return new BitReader(writer.bytes.slice(0, writer.byteLength));
}

describe(`one field (SEED=${SEED})`, () => {
  test("travels whole, with a cell to stand in or without", () => {
    const check = ([field, value]: [Field, number], reference: Reference) => {
      const reader = carry((writer) => writeWhole(writer, field, value, reference));
      expect(readWhole(reader, field, reference)).toBe(value);
      expect(reader.failed).toBe(false);
      expect(reader.isSpent).toBe(true);
    };
    fc.assert(fc.property(fieldAndValue, fc.constantFrom(CELL, noCell(2 ** 30 - 64)), check), withSeed(3000));
  });

  test("travels roughly, less than a step away, at rest where it is and full where it is", () => {
    const check = ([field, value]: [Field, number], reference: Reference) => {
      const reader = carry((writer) => writeRough(writer, field, value, reference));
      const read = readRough(reader, field, reference);
      expect(read).toBe(roughened(field, value));
      expect(Math.abs(residual(field, read, value))).toBeLessThan(2 ** field.rough!.bits);
      expect(read >= field.min && read <= field.max).toBe(true);
      expect(reader.failed).toBe(false);
      expect(reader.isSpent).toBe(true);
    };
    const values = withValues(Object.values(ROUGH_FIELDS));
    fc.assert(fc.property(values, fc.constantFrom(CELL, noCell(2 ** 30 - 64)), check), withSeed(3000));
    expect(roughened(ROUGH_FIELDS.speed, 0)).toBe(0);
    expect(roughened(ROUGH_FIELDS.plain, 1000)).toBe(1000);
  });

  test("travels as what differs from any prediction that is in its range", () => {
    // A difference is a signed Golomb code, which carries less than 30 bits and a sign.
    const carried = fieldAndValue.filter(([field]) => field.max - field.min < 2 ** 29);
    const check = ([field, value]: [Field, number], guess: number, ticks: number) => {
      const predicted = field.min + (guess % (field.max - field.min + 1));
      const reader = carry((writer) => writeResidual(writer, field, residual(field, value, predicted), ticks));
      expect(readResidual(reader, field, predicted, ticks)).toBe(value);
      expect(reader.failed).toBe(false);
    };
    fc.assert(fc.property(carried, fc.nat(), fc.integer({ min: 1, max: 63 }), check), withSeed(3000));
  });

  test("read from any bytes is a whole number in its range, and nothing is thrown", () => {
    const check = (bytes: Uint8Array, field: Field, reference: Reference, guess: number) => {
      const predicted = field.min + (guess % (field.max - field.min + 1));
      for (const value of [
        readWhole(new BitReader(bytes), field, reference),
        readResidual(new BitReader(bytes), field, predicted, 1),
      ]) {
        expect(Number.isInteger(value) && value >= field.min && value <= field.max).toBe(true);
      }
    };
    const some = fc.constantFrom(CELL, noCell(0), noCell(2 ** 30 - 64));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(...fields), some, fc.nat(), check),
      withSeed(3000),
    );
  });
});

test("a value out of its field's range fails the reader", () => {
  const reader = carry((writer) => writer.bits(1051, 11));
  expect(readWhole(reader, FIELDS.plain, noCell(0))).toBe(FIELDS.plain.min);
  expect(reader.failed).toBe(true);
});

test("a field with one value costs no bit", () => {
  const writer = new BitWriter(new Uint8Array(4));
  writeWhole(writer, FIELDS.fixed, 7, noCell(0));
  expect(writer.bitLength).toBe(0);
});

test("a coordinate near its cell costs a bit and what cell and slack need", () => {
  const writer = new BitWriter(new Uint8Array(8));
  writeWhole(writer, FIELDS.column, CELL.originX - CELL.nearSlack, CELL);
  expect(writer.bitLength).toBe(1 + 12);
  writeWhole(writer, FIELDS.column, CELL.originX - CELL.nearSlack - 1, CELL);
  expect(writer.bitLength).toBe(1 + 12 + 1 + 21);
});

test("the last coordinate near a cell and the first beyond are both read back", () => {
  for (const near of [CELL.nearSpan - 1, CELL.nearSpan]) {
    const x = CELL.originX - CELL.nearSlack + near;
    const reader = carry((writer) => writeWhole(writer, FIELDS.column, x, CELL));
    expect(readWhole(reader, FIELDS.column, CELL)).toBe(x);
  }
});

test("a circle's residual is the short way around", () => {
  expect(residual(FIELDS.aim, 1, 1023)).toBe(2);
  expect(residual(FIELDS.aim, 1023, 1)).toBe(-2);
  expect(residual(FIELDS.aim, 512, 0)).toBe(-512);
});

test("bits for a span hold its largest number", () => {
  expect([0, 1, 2, 255, 256, 2 ** 31 - 1].map(bitsFor)).toEqual([0, 1, 2, 8, 9, 31]);
});

test("a record that travels alone is read back field by field, from its offset", () => {
  const schema = defineSchema("record", FIELDS);
  const rows = Int32Array.from([9, 9, -50, 7, 12, 2 ** 20, 0, 990, 1023, -(2 ** 29), 9]);
  const reader = carry((writer) => writeAlone(writer, schema, rows, 2, noCell(1000)));
  expect(readAlone(reader, schema, noCell(1000))).toEqual(rows.slice(2, 10));
  expect(reader.isSpent).toBe(true);
});
