import { BitReader, BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const BUFFER_BYTES = 2048;

/** One thing written, and how it is read back. */
type Piece =
  | { readonly code: "bits"; readonly value: number; readonly count: number }
  | { readonly code: "golomb" | "signedGolomb"; readonly value: number; readonly order: number };

const bits = fc.integer({ min: 0, max: 32 }).chain((count) =>
  fc.record({
    code: fc.constant("bits" as const),
    count: fc.constant(count),
    value: fc.integer({ min: 0, max: 2 ** count - 1 }),
  }),
);
const order = fc.integer({ min: 0, max: 12 });
const golomb = fc.record({
  code: fc.constant("golomb" as const),
  order,
  value: fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1 - 2 ** 12)),
});
const signedGolomb = fc.record({
  code: fc.constant("signedGolomb" as const),
  order,
  value: fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -(2 ** 30) + 4096, max: 2 ** 30 - 4096 })),
});
const pieces = fc.array<Piece>(fc.oneof(bits, golomb, signedGolomb), { maxLength: 60 });

function write(writer: BitWriter, piece: Piece): void {
  if (piece.code === "bits") writer.bits(piece.value, piece.count);
  else writer[piece.code](piece.value, piece.order);
}

function read(reader: BitReader, piece: Piece): number {
  return piece.code === "bits" ? reader.bits(piece.count) : reader[piece.code](piece.order);
}

function written(all: readonly Piece[], lead = 0): BitWriter {
  const writer = new BitWriter(new Uint8Array(BUFFER_BYTES).fill(0xff));
  for (let bit = 0; bit < lead; bit++) writer.bit(false);
  for (const piece of all) write(writer, piece);
  return writer;
}

describe(`bit streams (SEED=${SEED})`, () => {
  test("what was written is read back, and leaves less than a byte of zeros", () => {
    const check = (all: Piece[]) => {
      const writer = written(all);
      const reader = new BitReader(writer.bytes.slice(0, writer.byteLength));
      expect(all.map((piece) => read(reader, piece))).toEqual(all.map(({ value }) => value));
      expect(reader.failed).toBe(false);
      expect(reader.position).toBe(writer.bitLength);
      expect(reader.isSpent).toBe(true);
    };
    fc.assert(fc.property(pieces, check), withSeed(500));
  });

  test("a stream that was cut short fails, gives zeros and never throws", () => {
    const check = (all: Piece[], cut: number) => {
      const writer = written([...all, { code: "bits", value: 1, count: 1 }]);
      const reader = new BitReader(writer.bytes.slice(0, cut % writer.byteLength));
      for (const piece of all) read(reader, piece);
      reader.bit();
      expect(reader.failed).toBe(true);
      expect([reader.bits(32), reader.golomb(0), reader.signedGolomb(3), reader.bit()]).toEqual([0, 0, 0, false]);
    };
    fc.assert(fc.property(pieces, fc.nat(), check), withSeed(500));
  });

  test("any bytes can be read as anything: whole numbers in range come out, and nothing is thrown", () => {
    const check = (bytes: Uint8Array, all: Piece[]) => {
      const reader = new BitReader(bytes);
      for (const piece of all) {
        const value = read(reader, piece);
        const [low, high] =
          piece.code === "bits" ? [0, 2 ** piece.count - 1] : [piece.code === "golomb" ? 0 : -(2 ** 31), 2 ** 32];
        expect(Number.isInteger(value) && value >= low && value <= high).toBe(true);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), pieces, check), withSeed(500));
  });

  test("appended bits read as if they had been written there", () => {
    const check = (all: Piece[], before: number, lead: number) => {
      const source = written(all, lead);
      const writer = written([], before);
      writer.append(source.bytes, lead, source.bitLength - lead);
      const reader = new BitReader(writer.bytes.slice(0, writer.byteLength));
      reader.bits(before);
      expect(all.map((piece) => read(reader, piece))).toEqual(all.map(({ value }) => value));
      expect(writer.bitLength).toBe(before + source.bitLength - lead);
    };
    fc.assert(fc.property(pieces, fc.nat(31), fc.nat(31), check), withSeed(300));
  });
});

test("bits lie least significant first", () => {
  const writer = new BitWriter(new Uint8Array(2));
  writer.bits(0b101, 3);
  writer.bits(0b111111110, 9);
  expect([...writer.bytes]).toEqual([0b11110101, 0b1111]);
});

test("small numbers are short in Golomb code", () => {
  const lengthOf = (value: number, k: number) => written([{ code: "golomb", value, order: k }]).bitLength;
  expect([0, 1, 2, 3, 6, 7].map((value) => lengthOf(value, 0))).toEqual([1, 3, 3, 5, 5, 7]);
  expect([0, 3, 4, 11, 12].map((value) => lengthOf(value, 2))).toEqual([3, 3, 5, 5, 7]);
});

test("a Golomb code of more zeros than any number needs is refused", () => {
  for (const zeros of [32, 40, 300]) {
    const reader = new BitReader(written([{ code: "bits", value: 1, count: 1 }], zeros).bytes);
    expect(reader.golomb(0)).toBe(0);
    expect(reader.failed).toBe(true);
  }
});

test("a writer that was given too much says that it is full, and throws nothing", () => {
  const writer = new BitWriter(new Uint8Array(1));
  writer.bits(255, 8);
  expect(writer.isFull).toBe(false);
  writer.bit(true);
  expect(writer.isFull).toBe(true);
});

test("a rewound writer writes over what was there", () => {
  const writer = written([{ code: "bits", value: 0b1111_1111, count: 8 }]);
  writer.rewind(4);
  writer.bits(0, 4);
  expect([writer.bytes[0], writer.bitLength]).toEqual([0b1111, 8]);
});

test("a reader with whole bytes or set bits left over is not spent", () => {
  const reader = new BitReader(Uint8Array.of(0b1, 0));
  reader.bits(4);
  expect(reader.isSpent).toBe(false);
  reader.bits(4);
  expect(reader.isSpent).toBe(false);
  reader.bits(1);
  expect(reader.isSpent).toBe(true);
  const dirty = new BitReader(Uint8Array.of(0b1000_0000));
  dirty.bits(4);
  expect(dirty.isSpent).toBe(false);
});
