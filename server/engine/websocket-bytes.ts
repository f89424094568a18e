/**
 * WebSocket messages as they are on the wire (RFC 6455, 5.2), for what comes and goes thousands of times a second; all
 * else is left to ws.
 *
 *   1 final · 3 zeros · 4 opcode · 1 masked? · 7 length; 126: 16 more bits hold it; 127: 64 more bits
 *   if masked 32 mask · payload
 */
import type { Writable } from "node:stream";
import { ScratchMemory } from "./scratch-memory.ts";

export const Opcode = { Text: 0x1, Binary: 0x2 } as const;

const FINAL = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;
/** A length beyond these stands in so many more bytes. */
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;
const MOST_HEAD_BYTES = 10;
/** Nearly all messages fit into so much. */
const MEMORY_BYTES = 8 * 1024;
/** What has no longer a length needs but two bytes and the mask before it. */
const SHORT_HEAD_BYTES = 2 + MASK_BYTES;

/** A whole message from a server, header and payload in one piece so that it is one write; it is not masked. */
export function toMessage(opcode: number, payload: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(headBytesOf(payload.length) + payload.length);
  putMessage(message, opcode, payload);
  return message;
}

function headBytesOf(length: number): number {
  return length < LENGTH_IN_2 ? 2 : length < 2 ** 16 ? 4 : 10;
}

/** @returns the message's bytes */
function putMessage(message: Buffer, opcode: number, payload: Uint8Array): number {
  const { length } = payload;
  const headBytes = headBytesOf(length);
  message[0] = FINAL | opcode;
  message[1] = headBytes === 2 ? length : headBytes === 4 ? LENGTH_IN_2 : LENGTH_IN_8;
  if (headBytes === 4) message.writeUInt16BE(length, 2);
  if (headBytes === 10) message.writeBigUInt64BE(BigInt(length), 2);
  message.set(payload, headBytes);
  return headBytes + length;
}

/**
 * Writes messages out of memory that is used again as soon as the kernel has taken one, which it nearly always does at
 * once: what is thrown away thousands of times a second costs more than it takes to fill.
 */
export class MessageWriter {
  private memory = new ScratchMemory(Buffer.allocUnsafeSlow(MEMORY_BYTES));

  write(stream: Writable, opcode: number, payload: Uint8Array): void {
    if (stream.writableLength > 0 || payload.length > MEMORY_BYTES - MOST_HEAD_BYTES) {
      stream.write(toMessage(opcode, payload));
      return;
    }
    stream.write(this.memory.first(putMessage(this.memory.bytes, opcode, payload)));
    // The kernel has not taken all of it: the stream may have it.
    if (stream.writableLength > 0) this.memory = new ScratchMemory(Buffer.allocUnsafeSlow(MEMORY_BYTES));
  }
}

/** Where short messages are unmasked. */
const unmasked = new ScratchMemory(Buffer.allocUnsafeSlow(LENGTH_IN_2));

const NOTHING = Buffer.alloc(0);

/** Who may want a message. */
export type Taker = {
  /** @returns false: it is to go its usual way. The bytes are good until it returns. */
  takes(bytes: Buffer, isBinary: boolean): boolean;
};

/**
 * Takes the short messages out of a client's bytes and passes the rest on, in order. What comes in parts is passed on, too:
 * this is for what fits into one packet, as nearly all of them do.
 */
export class ShortMessages {
  private readonly taker: Taker;
  private readonly pass: (bytes: Buffer) => void;
  /** The beginning of a header that came in two pieces. */
  private held: Uint8Array = NOTHING;
  /** What is still to come of a message whose beginning was passed on. */
  private missingBytes = 0;

  /**
   * The bytes given are those from the beginning of a message on.
   * @param pass is called with bytes that are good until it returns
   */
  constructor(taker: Taker, pass: (bytes: Buffer) => void) {
    this.taker = taker;
    this.pass = pass;
  }

  /** @param chunk is good until this returns */
  read(chunk: Buffer): void {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.held = NOTHING;
    let passed = 0;
    let at = this.missingBytes;
    while (at < bytes.length) {
      const end = at + lengthAt(bytes, at);
      if (Number.isNaN(end)) break;
      if (end <= bytes.length && isShort(bytes, at)) {
        if (at > passed) this.pass(bytes.subarray(passed, at));
        passed = this.taker.takes(unmask(bytes, at), bytes[at] === (FINAL | Opcode.Binary)) ? end : at;
      }
      at = end;
    }
    const isHeaderCut = at < bytes.length;
    this.missingBytes = isHeaderCut ? 0 : at - bytes.length;
    const known = isHeaderCut ? at : bytes.length;
    if (known > passed) this.pass(passed === 0 && !isHeaderCut ? bytes : bytes.subarray(passed, known));
    if (isHeaderCut) this.held = new Uint8Array(bytes.subarray(at));
  }
}

/** The bytes of the message at some place, header and all; NaN: its header is not there whole. */
function lengthAt(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return Number.NaN;
  const said = bytes[at + 1] & ~MASKED;
  const moreBytes = said === LENGTH_IN_8 ? 8 : said === LENGTH_IN_2 ? 2 : 0;
  if (at + 2 + moreBytes > bytes.length) return Number.NaN;
  const payload =
    moreBytes === 0 ? said : moreBytes === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return 2 + moreBytes + (bytes[at + 1] & MASKED ? MASK_BYTES : 0) + payload;
}

function isShort(bytes: Buffer, at: number): boolean {
  const first = bytes[at];
  const second = bytes[at + 1];
  const isWhole = first === (FINAL | Opcode.Binary) || first === (FINAL | Opcode.Text);
  return isWhole && second >= MASKED && second < (MASKED | LENGTH_IN_2);
}

function unmask(bytes: Buffer, at: number): Buffer {
  const length = bytes[at + 1] & ~MASKED;
  const mask = at + 2;
  const payload = at + SHORT_HEAD_BYTES;
  const to = unmasked.bytes;
  for (let index = 0; index < length; index++) to[index] = bytes[payload + index] ^ bytes[mask + (index & 3)];
  return unmasked.first(length);
}
