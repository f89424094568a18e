/**
 * WebSocket messages as they are on the wire (RFC 6455, 5.2), for what comes and goes thousands of times a second; all
 * else is left to ws.
 *
 *   1 final · 3 zeros · 4 opcode · 1 masked? · 7 length; 126: 16 more bits hold it; 127: 64 more bits
 *   if masked 32 mask · payload
 */
import type { Writable } from "node:stream";
import { ScratchMemory } from "./scratch-memory.ts";

export const Opcode = { Text: 0x1, Binary: 0x2, Close: 0x8 } as const;

const FINAL = 0x80;
/** A binary message in one frame. */
const PACKET = FINAL | Opcode.Binary;
const OPCODE_BITS = 0x0f;
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

/**
 * A whole message from a server, header and payload in one piece so that it is one write; it is not masked. Its memory is its
 * own: out of Node's pool, each small message that waits for a slow peer would keep 64 KB with it.
 */
export function toMessage(opcode: number, payload: Uint8Array): Buffer {
  const message = Buffer.allocUnsafeSlow(headBytesOf(payload.length) + payload.length);
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

/** What a frame is: a whole binary message, a closing frame, or anything else, such as texts and pings. */
export type FrameKind = "packet" | "closing" | "talk";

/** Who is asked about what a client sends. */
export type Taker = {
  /**
   * Asked for each frame as soon as its header is there, before anybody reads it; false: it is dropped.
   * @param bytes of the whole frame, header and mask among them
   */
  admits(bytes: number, kind: FrameKind): boolean;
  /** Told of each piece of bytes in which no frame begins: a frame that comes in many is read as many times. */
  crumbled(): void;
  /** @returns false: it is to go its usual way. The bytes are good until it returns. */
  takes(bytes: Buffer, isBinary: boolean): boolean;
};

/**
 * Has every frame of a client charged, takes the short messages out of the bytes and passes the rest on, in order. What
 * comes in parts is passed on, too: this is for what fits into one packet, as nearly all messages do.
 */
export class ShortMessages {
  /** The peer has sent the whole of a closing frame. */
  isClosing = false;
  private readonly taker: Taker;
  private readonly pass: (bytes: Buffer) => void;
  /** The beginning of a header that came in two pieces. */
  private held: Uint8Array = NOTHING;
  /** What is still to come of a frame whose beginning was passed on, or dropped. */
  private missingBytes = 0;
  private isDropping = false;
  /** A message came in fragments, and its last one has not come: until then no other message may begin. */
  private isFragmented = false;
  private hasCloseBegun = false;

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
    // What stands before `done` is taken, dropped or passed on; from there to `at` it is still to be passed on.
    let at = Math.min(this.missingBytes, bytes.length);
    let done = this.isDropping ? at : 0;
    this.missingBytes -= at;
    let hasBegun = false;
    while (this.missingBytes === 0 && at < bytes.length) {
      const length = lengthAt(bytes, at);
      if (Number.isNaN(length)) break;
      const end = Math.min(at + length, bytes.length);
      this.missingBytes = at + length - end;
      hasBegun = true;
      this.isDropping = !this.taker.admits(length, kindOf(bytes[at]));
      const mayTake = !this.isDropping && this.missingBytes === 0 && !this.isFragmented && isShort(bytes, at);
      if (this.isDropping || mayTake) {
        if (at > done) this.pass(bytes.subarray(done, at));
        const isDone = this.isDropping || this.taker.takes(unmask(bytes, at), bytes[at] === PACKET);
        done = isDone ? end : at;
      } else this.noteHeader(bytes[at]);
      at = end;
    }
    if (!hasBegun) this.taker.crumbled();
    if (at > done) this.pass(done === 0 && at === bytes.length ? bytes : bytes.subarray(done, at));
    if (at < bytes.length) this.held = new Uint8Array(bytes.subarray(at));
    this.isClosing = this.hasCloseBegun && this.missingBytes === 0;
  }

  /** Follows what the frames that are passed on mean to ws. */
  private noteHeader(first: number): void {
    const opcode = first & OPCODE_BITS;
    if (opcode === Opcode.Close) this.hasCloseBegun = true;
    if (opcode <= Opcode.Binary) this.isFragmented = (first & FINAL) === 0;
  }
}

function kindOf(first: number): FrameKind {
  if (first === PACKET) return "packet";
  return (first & OPCODE_BITS) === Opcode.Close ? "closing" : "talk";
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
  const isWhole = first === PACKET || first === (FINAL | Opcode.Text);
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
