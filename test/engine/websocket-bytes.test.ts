import { Writable } from "node:stream";
import {
  type FrameKind,
  MessageWriter,
  Opcode,
  ShortMessages,
  toMessage,
} from "@starwake/server/engine/websocket-bytes.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const FINAL = 0x80;
const MASKED = 0x80;
const CONTINUATION = 0;
const PING = 0x9;

type Message = {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly mask: readonly number[];
  readonly payload: Buffer;
};

/** What becomes of bytes. */
type Kind = "packet" | "text" | "passed";

/** What a client may send, and what it may not; its payloads hold what looks like messages. */
const message: fc.Arbitrary<Message> = fc.record({
  isFinal: fc.boolean(),
  opcode: fc.constantFrom(Opcode.Binary, Opcode.Binary, Opcode.Text, CONTINUATION, PING, Opcode.Close),
  mask: fc.oneof(fc.constant([]), fc.constant([0, 0, 0, 0]), fc.array(fc.nat(255), { minLength: 4, maxLength: 4 })),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 140 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 120, max: 130 }).map((length) => Buffer.alloc(length, MASKED | Opcode.Binary)),
    fc.constantFrom(65_535, 65_536).map((length) => Buffer.alloc(length, 7)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => {
      const payload = Buffer.from(bytes);
      return encode({ isFinal: true, opcode: Opcode.Binary, mask: [1, 2, 3, 4], payload });
    }),
  ),
});

/** RFC 6455, 5.2. */
function encode({ isFinal, opcode, mask, payload }: Message): Buffer {
  const { length } = payload;
  const more = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (more.length === 2) more.writeUInt16BE(length);
  if (more.length === 8) more.writeBigUInt64BE(BigInt(length));
  const said = more.length === 0 ? length : more.length === 2 ? 126 : 127;
  const head = [(isFinal ? FINAL : 0) | opcode, (mask.length > 0 ? MASKED : 0) | said];
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from(head), more, Buffer.from(mask), masked]);
}

function kindOf({ isFinal, opcode }: Message): FrameKind {
  if (opcode === Opcode.Close) return "closing";
  return isFinal && opcode === Opcode.Binary ? "packet" : "talk";
}

/** What it is taken as; undefined: it is passed on. */
function takenAs({ isFinal, opcode, mask, payload }: Message): Kind | undefined {
  if (!isFinal || mask.length === 0 || payload.length >= 126) return undefined;
  return opcode === Opcode.Binary ? "packet" : opcode === Opcode.Text ? "text" : undefined;
}

/** Frames of a message that came in fragments are passed on, and so is what stands between them: it is for ws to judge. */
function takenOf(messages: readonly Message[]): (Kind | undefined)[] {
  let isFragmented = false;
  return messages.map((one) => {
    const kind = takenAs(one);
    if (isFragmented || kind === undefined) {
      if (one.opcode <= Opcode.Binary) isFragmented = !one.isFinal;
      return undefined;
    }
    return kind;
  });
}

/** What becomes of bytes that come in pieces: in order, payloads that were taken and bytes that were passed on. */
function read(
  bytes: Buffer,
  cuts: readonly number[],
  isTaking = true,
  admits: (bytes: number, kind: FrameKind) => boolean = () => true,
  crumbled = () => {},
) {
  const events: { readonly kind: Kind; readonly bytes: Buffer }[] = [];
  const messages = new ShortMessages(
    {
      admits,
      crumbled,
      takes(payload, isBinary) {
        if (isTaking) events.push({ kind: isBinary ? "packet" : "text", bytes: Buffer.from(payload) });
        return isTaking;
      },
    },
    (some) => void events.push({ kind: "passed", bytes: Buffer.from(some) }),
  );
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  // Where pieces lie, the next ones will.
  const memory = Buffer.alloc(bytes.length);
  ends.reduce((from, to) => {
    bytes.copy(memory, 0, from, to);
    messages.read(memory.subarray(0, to - from));
    memory.fill(0xff);
    return to;
  }, 0);
  return events;
}

describe(`[seed ${SEED}]`, () => {
  test("short messages are taken, packets and texts, and all else is passed on, in order and unchanged", () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        const kinds = takenOf(messages);
        const expected = messages.map((one, index) => {
          const kind = kinds[index];
          return kind === undefined ? { kind: "passed", bytes: encode(one) } : { kind, bytes: one.payload };
        });
        expect(joined(read(Buffer.concat(messages.map(encode)), []))).toEqual(joined(expected));
      }),
      withSeed(200),
    );
  });

  test("however the bytes are cut, nothing is lost, doubled, or taken that is not a message", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
        const events = read(Buffer.concat(messages.map(encode)), cuts);
        let passed: Buffer = Buffer.alloc(0);
        const kinds = takenOf(messages);
        for (const [index, one] of messages.entries()) {
          const isTaken = passed.length === 0 && events[0] !== undefined && events[0].kind === kinds[index];
          if (isTaken) {
            expect(events.shift()!.bytes).toEqual(one.payload);
            continue;
          }
          const whole = encode(one);
          while (passed.length < whole.length && events[0]?.kind === "passed")
            passed = Buffer.concat([passed, events.shift()!.bytes]);
          expect(passed.subarray(0, whole.length)).toEqual(whole);
          passed = passed.subarray(whole.length);
        }
        expect(events).toEqual([]);
      }),
      withSeed(200),
    );
  });

  test("what is not taken is passed on as it came", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(encode));
        expect(Buffer.concat(read(bytes, cuts, false).map((event) => event.bytes))).toEqual(bytes);
      }),
      withSeed(200),
    );
  });

  test("every frame is charged once, by its header and with its whole length, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
        const charged: (readonly [number, FrameKind])[] = [];
        const admits = (bytes: number, kind: FrameKind) => charged.push([bytes, kind]) > 0;
        read(Buffer.concat(messages.map(encode)), cuts, true, admits);
        expect(charged).toEqual(messages.map((one) => [encode(one).length, kindOf(one)]));
      }),
      withSeed(200),
    );
  });

  test("every piece is charged, too, in which no frame begins", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const bytes = Buffer.concat(messages.map(encode));
        let charges = 0;
        const admits = () => ++charges > 0;
        const everywhere = Array.from(bytes, (_, at) => at + 1).slice(0, -1);
        read(bytes, everywhere, true, admits, () => void charges++);
        expect(charges).toBe(Math.max(1, bytes.length));
      }),
      withSeed(50),
    );
  });

  test("a frame that is not admitted is dropped whole, and the others are as they were", () => {
    const some = fc.array(fc.tuple(message, fc.boolean()), { maxLength: 8 });
    fc.assert(
      fc.property(some, fc.array(fc.nat(), { maxLength: 12 }), (messages, cuts) => {
        const answers = messages.map(([, isAdmitted]) => isAdmitted);
        const events = read(Buffer.concat(messages.map(([one]) => encode(one))), cuts, false, () => answers.shift()!);
        const kept = messages.filter(([, isAdmitted]) => isAdmitted).map(([one]) => encode(one));
        expect(Buffer.concat(events.map((event) => event.bytes))).toEqual(Buffer.concat(kept));
      }),
      withSeed(200),
    );
  });

  test("bytes that are no messages at all are passed on, too", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 12 }), (noise, cuts) => {
        const bytes = Buffer.from(noise);
        const passed = Buffer.concat(read(bytes, cuts, false).map((event) => event.bytes));
        // A header of which the end is missing is not passed on before it comes.
        expect(bytes.length - passed.length).toBeLessThan(10);
        expect(bytes.subarray(0, passed.length)).toEqual(passed);
      }),
      withSeed(200),
    );
  });
});

test.for([0, 1, 125, 126, 65_535, 65_536])("a message of %i bytes is one final frame, not masked", (length) => {
  const payload = Buffer.alloc(length, 5);
  const expected = encode({ isFinal: true, opcode: Opcode.Binary, mask: [], payload });
  expect(toMessage(Opcode.Binary, payload)).toEqual(expected);
});

test("a message keeps no memory but its own, however long it waits", () => {
  const message = toMessage(Opcode.Binary, Buffer.alloc(20));
  expect(message.buffer.byteLength).toBe(message.length);
});

test("messages are written out of the same memory, but for what a stream has not got rid of yet", () => {
  const written: { readonly chunk: Buffer; readonly at: Buffer }[] = [];
  const take = (chunk: Buffer) => written.push({ chunk, at: Buffer.from(chunk) });
  const swift = new Writable({
    write(chunk, _encoding, done) {
      take(chunk);
      done();
    },
  });
  const finished: (() => void)[] = [];
  const slow = new Writable({
    write(chunk, _encoding, done) {
      take(chunk);
      finished.push(done);
    },
  });
  const writer = new MessageWriter();
  const send = (stream: Writable, byte: number, length = 3) =>
    writer.write(stream, Opcode.Binary, Buffer.alloc(length, byte));
  send(swift, 1);
  send(slow, 2);
  send(slow, 3);
  send(swift, 4);
  send(swift, 5, 70_000);
  while (finished.length > 0) finished.shift()!();
  const sent = [1, 2, 4, 5, 3].map((byte) => toMessage(Opcode.Binary, Buffer.alloc(byte === 5 ? 70_000 : 3, byte)));
  expect(written.map(({ at }) => at)).toEqual(sent);
  // What the slow stream had to keep is still as it was; what the swift one was given is of no more use.
  expect(written[1].chunk).toEqual(sent[1]);
  expect(written[4].chunk).toEqual(sent[4]);
  expect(written[1].chunk.buffer).toBe(written[0].chunk.buffer);
  expect(written[2].chunk.buffer).not.toBe(written[0].chunk.buffer);
});

/** Bytes that are passed on one after the other, as one. */
function joined(events: readonly { readonly kind: string; readonly bytes: Buffer }[]): unknown[] {
  const all: { kind: string; bytes: Buffer }[] = [];
  for (const { kind, bytes } of events) {
    const last = all.at(-1);
    if (kind === "passed" && last?.kind === "passed") last.bytes = Buffer.concat([last.bytes, bytes]);
    else all.push({ kind, bytes });
  }
  return all;
}
