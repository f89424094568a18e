/** WebSocket frames as the load generator reads and writes them. */
import { describe, expect, test } from "vitest";
import { clientFrame, FrameReader, Opcode } from "./websocket-frames.ts";

/** A frame as a server sends it: not masked. */
function serverFrame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : payload.length < 65_536
        ? Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 255])
        : Buffer.from([
            0x80 | opcode,
            127,
            0,
            0,
            0,
            0,
            0,
            payload.length >> 16,
            (payload.length >> 8) & 255,
            payload.length & 255,
          ]);
  return Buffer.concat([head, payload]);
}

const payloadOf = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7) & 255));
const LENGTHS = [0, 1, 125, 126, 300, 65_535, 70_000];

describe("a reader", () => {
  test.for([1, 2, 3, 1000, 1_000_000])("reads frames of every length, in pieces of %i bytes", (size) => {
    const stream = Buffer.concat(LENGTHS.map((length) => serverFrame(Opcode.Binary, payloadOf(length))));
    const reader = new FrameReader();
    const read: Buffer[] = [];
    // One piece of memory for all chunks, as a socket has it.
    const memory = Buffer.alloc(size);
    const isSlow = size < 100;
    const end = isSlow ? stream.length - 70_010 - 65_539 : stream.length;
    for (let offset = 0; offset < end; offset += size) {
      const chunk = memory.subarray(0, stream.copy(memory, 0, offset, Math.min(end, offset + size)));
      reader.read(chunk, (_, payload) => void read.push(Buffer.from(payload)));
    }
    expect(read.map(({ length }) => length)).toEqual(isSlow ? LENGTHS.slice(0, 5) : LENGTHS);
    for (const payload of read) expect(payload.equals(payloadOf(payload.length))).toBe(true);
  });

  test("tells what kind a frame is of", () => {
    const kinds: number[] = [];
    const frames = [Opcode.Text, Opcode.Ping, Opcode.Close].map((opcode) => serverFrame(opcode, payloadOf(2)));
    new FrameReader().read(Buffer.concat(frames), (opcode) => void kinds.push(opcode));
    expect(kinds).toEqual([Opcode.Text, Opcode.Ping, Opcode.Close]);
  });
});

test.for([0, 5, 125, 126, 4_000])("a client's frame of %i bytes is final, masked, and says its length", (length) => {
  const payload = payloadOf(length);
  const frame = clientFrame(Opcode.Binary, payload);
  const start = length < 126 ? 2 : 4;
  expect(frame[0]).toBe(0x82);
  expect(frame[1] & 0x80).toBe(0x80);
  expect(start === 2 ? frame[1] & 0x7f : frame.readUInt16BE(2)).toBe(length);
  const mask = frame.subarray(start, start + 4);
  expect(mask.some((byte) => byte !== 0)).toBe(true);
  const unmasked = frame.subarray(start + 4).map((byte, index) => byte ^ mask[index & 3]);
  expect([...unmasked]).toEqual([...payload]);
});
