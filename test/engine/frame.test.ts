import { BitReader, BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { MOST_PARTS_TOLD, SKETCH_PARTS, type SketchParts } from "@starwake/shared/engine/chunk-sketch.ts";
import {
  expectedGap,
  FRAME_TAG,
  type FrameHead,
  MAX_GAP,
  readExpectedRun,
  readFrameHead,
  readSparseness,
  readSurprise,
  writeExpectedRun,
  writeFrameHead,
  writeSparseness,
  writeSurprise,
} from "@starwake/shared/engine/frame.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const NEAR = 70_000;

const tick = fc.integer({ min: NEAR - 5000, max: NEAR + 5000 });
const view = fc.record({ x: fc.nat(2 ** 24 - 1), y: fc.nat(2 ** 24 - 1), shape: fc.nat(7) });
const margin = fc.integer({ min: -1023, max: 1023 }).map((sixteenths) => sixteenths / 16);
const head: fc.Arbitrary<FrameHead> = fc.record({
  tick,
  commandMargin: fc.option(margin, { nil: undefined }),
  usualGap: fc.nat(MAX_GAP),
  view: fc.option(view, { nil: undefined }),
});

function encode(of: FrameHead): BitWriter {
  const writer = new BitWriter(new Uint8Array(128));
  writeFrameHead(writer, of);
  return writer;
}

function decode(bytes: Uint8Array): { head: FrameHead; reader: BitReader } {
  const reader = new BitReader(bytes, 1);
  return { head: readFrameHead(reader, NEAR), reader };
}

function bytesOf(writer: BitWriter): Uint8Array {
  return writer.bytes.slice(0, writer.byteLength);
}

describe(`a frame's head (SEED=${SEED})`, () => {
  test("is read as it was written", () => {
    const check = (of: FrameHead) => {
      const bytes = bytesOf(encode(of));
      const { head, reader } = decode(bytes);
      expect(bytes[0]).toBe(FRAME_TAG);
      expect(head).toEqual(of);
      expect(reader.failed).toBe(false);
      expect(reader.isSpent).toBe(true);
    };
    fc.assert(fc.property(head, check), withSeed(1000));
  });

  test("fails its reader at every truncation, and throws nothing", () => {
    const check = (of: FrameHead) => {
      const bytes = bytesOf(encode(of));
      for (let length = 1; length < bytes.length; length++)
        expect(decode(bytes.slice(0, length)).reader.failed).toBe(true);
    };
    fc.assert(fc.property(head, check), withSeed(300));
  });
});

test.for([
  ["early", 1e6, 1023 / 16],
  ["late", -1e6, -1023 / 16],
  ["early by a part of a sixteenth", 0.1, 2 / 16],
])("a command margin that is too %s for the wire is the nearest that it can say", ([, given, read]) => {
  const commandMargin = Number(given);
  const bytes = bytesOf(encode({ tick: NEAR, commandMargin, usualGap: 2, view: undefined }));
  expect(decode(bytes).head.commandMargin).toBe(read);
});

test("a surprise is read as it was written: no chunk, one from the usual gap or from any other", () => {
  for (let usualGap = 0; usualGap <= MAX_GAP; usualGap += 7) {
    for (const gap of [undefined, 0, 1, usualGap, MAX_GAP]) {
      for (const isBusy of [true, false]) {
        if (gap === expectedGap(isBusy, usualGap)) continue;
        const writer = new BitWriter(new Uint8Array(2));
        writeSurprise(writer, gap, isBusy, usualGap);
        expect(writer.bitLength).toBe(gap === undefined || (!isBusy && gap === usualGap) ? 1 : 7);
        expect(readSurprise(new BitReader(writer.bytes), isBusy, usualGap)).toBe(gap);
      }
    }
  }
});

test("whether all fits, and what sketches tell of where not, is read as it was written", () => {
  const told = { first: fc.nat(SKETCH_PARTS - 1), count: fc.integer({ min: 1, max: MOST_PARTS_TOLD }) };
  const check = (parts: SketchParts | undefined) => {
    const writer = new BitWriter(new Uint8Array(2));
    writeSparseness(writer, true, parts);
    expect(readSparseness(new BitReader(writer.bytes))).toEqual({ isSparse: true, parts });
  };
  fc.assert(fc.property(fc.option(fc.record(told), { nil: undefined }), check), withSeed(300));
  const writer = new BitWriter(new Uint8Array(1));
  writeSparseness(writer, false, undefined);
  expect(writer.bitLength).toBe(1);
  expect(readSparseness(new BitReader(writer.bytes))).toEqual({ isSparse: false, parts: undefined });
});

test("a window in which all comes as expected costs a byte", () => {
  const writer = new BitWriter(new Uint8Array(2));
  writeExpectedRun(writer, 26);
  expect(writer.bitLength).toBe(8);
  expect(readExpectedRun(new BitReader(writer.bytes))).toBe(26);
});
