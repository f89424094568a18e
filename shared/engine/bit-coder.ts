/**
 * Bit coders: one function, given one of these, writes a value or reads it, so that writing and reading cannot drift
 * apart. A writing coder writes what it is given and gives it back; a reading one gives what was written, whatever it
 * is given.
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";

export type BitCoder = {
  bit(value: boolean): boolean;
  bits(value: number, count: number): number;
  golomb(value: number, k: number): number;
  signedGolomb(value: number, k: number): number;
  /**
   * Something that holds for all that is ever written. Where it does not hold, a reader has failed.
   * @throws when it does not hold for what is to be written, with `rule`
   */
  check(holds: boolean, rule: string): void;
};

export function writingCoder(writer: BitWriter): BitCoder {
  return {
    bit(value) {
      writer.bit(value);
      return value;
    },
    bits(value, count) {
      writer.bits(value, count);
      return value;
    },
    golomb(value, k) {
      writer.golomb(value, k);
      return value;
    },
    signedGolomb(value, k) {
      writer.signedGolomb(value, k);
      return value;
    },
    check(holds, rule) {
      if (!holds) throw new Error(rule);
    },
  };
}

export function readingCoder(reader: BitReader): BitCoder {
  return {
    bit: () => reader.bit(),
    bits: (_, count) => reader.bits(count),
    golomb: (_, k) => reader.golomb(k),
    signedGolomb: (_, k) => reader.signedGolomb(k),
    check(holds) {
      if (!holds) reader.failed = true;
    },
  };
}
