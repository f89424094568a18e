/**
 * ShortMessages against long sequences of frames as fuzzers send them, right and broken, cut anywhere: what is taken and
 * what is passed on is the whole, in order, whoever decides what is taken, and however broken it is.
 */
import { ShortMessages } from "@starwake/server/engine/websocket-bytes.ts";
import { createRandom, nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { describe, expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { FuzzFrames } from "./fuzz-frames.ts";
import { cutAtRandom } from "./segments.ts";

const SEQUENCES = 100;
const MESSAGES = 40;
/** Header, mask and payload of a message that may be taken. */
const HEAD_BYTES = 6;
const SHORT = 126;

/** Messages' bytes, one after the other. */
function sequence(random: Random): Buffer[] {
  const frames = new FuzzFrames(random, "T".repeat(22));
  return Array.from({ length: MESSAGES }, () => frames.message().map(({ bytes }) => bytes)).flat();
}

/** Bytes of a message that was taken, found in the whole at a place: its payload unmasked is what was taken. */
function unmaskedAt(whole: Buffer, at: number, length: number): Buffer {
  const mask = whole.subarray(at + 2, at + HEAD_BYTES);
  return whole
    .subarray(at + HEAD_BYTES, at + HEAD_BYTES + length)
    .map((byte, index) => byte ^ mask[index & 3]) as Buffer;
}

/** Where frames begin, by RFC 6455 alone: told lengths are believed, however wrong they are. */
function beginningsIn(whole: Buffer): Set<number> {
  const beginnings = new Set<number>();
  for (let at = 0; at + 10 <= whole.length; ) {
    beginnings.add(at);
    const told = whole[at + 1] & 0x7f;
    const more = told === 127 ? 8 : told === 126 ? 2 : 0;
    const length = more === 8 ? Number(whole.readBigUInt64BE(at + 2)) : more === 2 ? whole.readUInt16BE(at + 2) : told;
    at += 2 + more + (whole[at + 1] & 0x80 ? 4 : 0) + length;
  }
  return beginnings;
}

/** Reads pieces, and follows what comes of them through the whole. @returns how far, and how much of it was taken */
function follow(whole: Buffer, pieces: readonly Buffer[], takes: () => boolean) {
  const beginnings = beginningsIn(whole);
  let at = 0;
  let taken = 0;
  const messages = new ShortMessages(
    {
      admits: () => true,
      crumbled: () => {},
      takes(payload) {
        if (!takes()) return false;
        if (at + 10 <= whole.length) expect(beginnings).toContain(at);
        expect(payload.length).toBeLessThan(SHORT);
        expect(Buffer.from(payload)).toEqual(Buffer.from(unmaskedAt(whole, at, payload.length)));
        at += HEAD_BYTES + payload.length;
        taken++;
        return true;
      },
    },
    (bytes) => {
      expect(bytes.equals(whole.subarray(at, at + bytes.length))).toBe(true);
      at += bytes.length;
    },
  );
  for (const piece of pieces) messages.read(Buffer.from(piece));
  return { at, taken };
}

const NEVER = () => false;

describe(`[seed ${SEED}]`, () => {
  test.for<[string, (random: Random) => boolean]>([
    ["everything is taken that may be", () => true],
    ["nothing is", NEVER],
    ["it is taken by chance", (random) => nextBelow(random, 2) === 0],
  ])("what is taken and what is passed on is the whole, in order, where %s", ([, takes]) => {
    let taken = 0;
    for (let number = 0; number < SEQUENCES; number++) {
      const random = createRandom(SEED, number);
      const parts = sequence(random);
      const whole = Buffer.concat(parts);
      const followed = follow(whole, cutAtRandom(random, parts), () => takes(random));
      taken += followed.taken;
      // A header of which the end is missing is not passed on before it comes.
      expect(whole.length - followed.at).toBeLessThan(10);
    }
    expect(taken > 0).toBe(takes !== NEVER);
  });
});
