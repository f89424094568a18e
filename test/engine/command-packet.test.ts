import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import {
  COMMAND_TAG,
  type CommandPacket,
  MAX_COMMANDS_PER_PACKET,
  MAX_LOOK_AGE,
  MAX_PACKET_BYTES,
  readCommandPacket,
  writeCommandPacket,
} from "@starwake/shared/engine/command-packet.ts";
import { defineSchema, isInRange, type RecordOf } from "@starwake/shared/engine/schema.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const schema = defineSchema("helm", {
  rudder: { min: -5, max: 5 },
  sails: { min: 0, max: 2 },
  aim: { min: 0, max: 1023, wraps: true },
});

type Helm = RecordOf<typeof schema>;

const NEAR = 100_000;

const command: fc.Arbitrary<Helm> = fc.record({
  rudder: fc.integer({ min: -5, max: 5 }),
  sails: fc.nat(2),
  aim: fc.nat(1023),
});
const commands = fc
  .array(fc.tuple(command, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: MAX_COMMANDS_PER_PACKET })
  .map((runs) => runs.flatMap(([one, times]) => Array<Helm>(times).fill(one)).slice(0, MAX_COMMANDS_PER_PACKET));
const tick = fc.integer({ min: NEAR - 2000, max: NEAR + 2000 });
const packet: fc.Arbitrary<CommandPacket<Helm>> = fc.record({
  ackTick: fc.option(tick, { nil: undefined }),
  lookAge: fc.nat(MAX_LOOK_AGE),
  firstTick: tick,
  commands,
});

function encode(of: CommandPacket<Helm>): Uint8Array {
  const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  writeCommandPacket(writer, schema, of);
  return writer.bytes.slice(0, writer.byteLength);
}

function decode(bytes: Uint8Array): CommandPacket<Helm> | undefined {
  return readCommandPacket(bytes, schema, NEAR);
}

/** Refused, or a packet whose every value the game can take as it is. */
function isHarmless(read: CommandPacket<Helm> | undefined): boolean {
  if (read === undefined) return true;
  const ticks = [read.firstTick, read.ackTick ?? NEAR];
  return (
    read.commands.length >= 1 &&
    read.commands.length <= MAX_COMMANDS_PER_PACKET &&
    read.commands.every((one) => isInRange(schema, one)) &&
    ticks.every((one) => Number.isInteger(one) && Math.abs(one - NEAR) <= 2 ** 15) &&
    read.lookAge >= 0 &&
    read.lookAge <= MAX_LOOK_AGE
  );
}

const sample: CommandPacket<Helm> = {
  ackTick: NEAR - 3,
  lookAge: 5,
  firstTick: NEAR + 2,
  commands: [
    { rudder: -5, sails: 2, aim: 1023 },
    { rudder: -5, sails: 2, aim: 1023 },
    { rudder: 5, sails: 0, aim: 0 },
  ],
};

describe(`a command packet (SEED=${SEED})`, () => {
  test("is read as it was written", () => {
    const check = (of: CommandPacket<Helm>) => {
      expect(decode(encode(of))).toEqual(of);
    };
    fc.assert(fc.property(packet, check), withSeed(1000));
  });

  test("is refused at every truncation", () => {
    const check = (of: CommandPacket<Helm>) => {
      const bytes = encode(of);
      for (let length = 0; length < bytes.length; length++) expect(decode(bytes.slice(0, length))).toBeUndefined();
    };
    fc.assert(fc.property(packet, check), withSeed(300));
  });

  test("is refused or harmless with any bit flipped", () => {
    const check = (of: CommandPacket<Helm>) => {
      const bytes = encode(of);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        expect(isHarmless(decode(flipped)), `bit ${bit} of ${bytes}`).toBe(true);
      }
    };
    fc.assert(fc.property(packet, check), withSeed(200));
  });

  test("is refused or harmless when it is any bytes at all", () => {
    const check = (bytes: Uint8Array) => {
      expect(isHarmless(decode(Uint8Array.of(COMMAND_TAG, ...bytes)))).toBe(true);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), check), withSeed(5000));
  });

  test("is refused with a byte too many", () => {
    const check = (of: CommandPacket<Helm>, more: number) => {
      expect(decode(Uint8Array.of(...encode(of), more))).toBeUndefined();
    };
    fc.assert(fc.property(packet, fc.nat(255), check), withSeed(300));
  });
});

test("a command that repeats the one before costs one bit", () => {
  const bytesOf = (count: number) =>
    encode({ ...sample, commands: Array<Helm>(count).fill(sample.commands[0]) }).length;
  expect(bytesOf(16) - bytesOf(8)).toBe(1);
});

test("a first command that repeats nothing is refused", () => {
  const bytes = encode({ ...sample, ackTick: undefined, commands: sample.commands.slice(0, 1) });
  const repeatBit = 8 + 1 + 6 + 16 + 4;
  bytes[repeatBit >> 3] |= 1 << (repeatBit & 7);
  expect(decode(bytes)).toBeUndefined();
});

test("a command out of its schema's range is refused", () => {
  const bytes = encode({ ...sample, commands: [{ rudder: 5, sails: 3, aim: 0 }] });
  expect(decode(bytes)).toBeUndefined();
});

test("a packet without a tag, or with a frame's, is refused", () => {
  expect(decode(new Uint8Array(0))).toBeUndefined();
  expect(decode(Uint8Array.of(1, ...encode(sample).slice(1)))).toBeUndefined();
});

test("a packet longer than any can be is refused unread", () => {
  const bytes = new Uint8Array(MAX_PACKET_BYTES + 1);
  bytes.set(encode(sample));
  expect(decode(bytes)).toBeUndefined();
});

test("a look age beyond what travels is the nearest that does", () => {
  expect(decode(encode({ ...sample, lookAge: 500 }))?.lookAge).toBe(MAX_LOOK_AGE);
  expect(decode(encode({ ...sample, lookAge: -2 }))?.lookAge).toBe(0);
});
