/**
 * Replay files: how a replay lies on a disk. A file is written as the match goes, block by block, so that whatever ends
 * the writing leaves a file that is whole but for its last block.
 *
 *   file    8 bytes "SWREPLAY" · 1 byte format version · blocks: the head, then steps, then the end mark
 *   block   1 byte kind · 4 tick · 4 length of the body · 4 CRC-32 of these nine bytes · body · 4 CRC-32 of the body
 *
 *   kind of block   tick                                  body
 *   head            0                                     JSON in ASCII: the head of the replay
 *   steps           the tick that its first step is for   deflated: half a second of steps, see replay-step-codec.ts
 *   end mark        how many steps there are              none
 *
 * Numbers are unsigned, low byte first. Each block's own head has a check of its own, so that a length that was damaged
 * is never mistaken for a file that breaks off.
 *
 * Next: replay-writer.ts, which makes the blocks; replay-reader.ts, which reads them.
 */
import * as z from "zod/mini";
import { crc32 } from "./crc32.ts";
import { MAX_PLAYER_ID } from "./game-definition.ts";
import type { ReplayHead } from "./replay.ts";
import type { Tick } from "./tick.ts";

export const FORMAT_VERSION = 2;
export const BlockKind = { Head: 0, Steps: 1, End: 2 } as const;

/** No body is longer, as it is and inflated: a small file that would fill the memory is refused. */
const MAX_BODY_BYTES = 1 << 20;
export const MAX_INFLATED_BYTES = 1 << 22;

const MAGIC = ascii("SWREPLAY");
const BLOCK_HEAD_BYTES = 9;
const CRC_BYTES = 4;
const MAX_TICK_RATE = 1000;
const MAX_MAP_SIZE = 1 << 16;

export type Block = { readonly kind: number; readonly tick: Tick; readonly body: Uint8Array<ArrayBuffer> };

const headSchema = z.object({
  game: z.string(),
  protocol: z.string(),
  room: z.string(),
  startedAtMs: z.number(),
  setup: z.object({
    seed: z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1)),
    tickRate: z.int().check(z.minimum(1), z.maximum(MAX_TICK_RATE)),
    capacity: z.int().check(z.minimum(1), z.maximum(MAX_PLAYER_ID)),
    mapSize: z.int().check(z.minimum(0), z.maximum(MAX_MAP_SIZE)),
  }),
});

/** What a file begins with. */
export function fileStart(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...MAGIC, FORMAT_VERSION);
}

/** How a file begins: as far as it is there, as one of this format version, as one of another, or as no replay. */
export function readFileStart(bytes: Uint8Array): "replay" | "no-replay" | { readonly otherVersion: number } {
  const isReplay = bytes.length > MAGIC.length && MAGIC.every((byte, index) => bytes[index] === byte);
  if (!isReplay) return "no-replay";
  const version = bytes[MAGIC.length];
  return version === FORMAT_VERSION ? "replay" : { otherVersion: version };
}

/** The body of the head block. What is not ASCII is escaped, so that no text encoding is needed. */
export function headBody(head: ReplayHead): Uint8Array<ArrayBuffer> {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return ascii(JSON.stringify(z.parse(headSchema, head)).replace(/[^ -~]/g, escaped));
}

/** Undefined: it is no head. */
export function readHead(body: Uint8Array): ReplayHead | undefined {
  try {
    const text = Array.from(body, (byte) => String.fromCharCode(byte)).join("");
    return z.safeParse(headSchema, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function blockBytes({ kind, tick, body }: Block): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK_HEAD_BYTES + CRC_BYTES + body.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, tick, true);
  view.setUint32(5, body.length, true);
  view.setUint32(BLOCK_HEAD_BYTES, crc32(bytes.subarray(0, BLOCK_HEAD_BYTES)), true);
  bytes.set(body, BLOCK_HEAD_BYTES + CRC_BYTES);
  view.setUint32(bytes.length - CRC_BYTES, crc32(body), true);
  return bytes;
}

/** Reads blocks one after the other. */
export class BlockReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = MAGIC.length + 1;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** The next block; "cut-off" when the file breaks off before its end. */
  next(): Block | "cut-off" | "damaged" {
    const { at, bytes, view } = this;
    const bodyAt = at + BLOCK_HEAD_BYTES + CRC_BYTES;
    if (bodyAt > bytes.length) return "cut-off";
    const [kind, tick, length] = [view.getUint8(at), view.getUint32(at + 1, true), view.getUint32(at + 5, true)];
    if (!this.isSound(at, BLOCK_HEAD_BYTES) || length > MAX_BODY_BYTES) return "damaged";
    const end = bodyAt + length + CRC_BYTES;
    if (end > bytes.length) return "cut-off";
    if (!this.isSound(bodyAt, length)) return "damaged";
    this.at = end;
    return { kind, tick, body: new Uint8Array(bytes.subarray(bodyAt, bodyAt + length)) };
  }

  /** Whether so many bytes are what their check, which follows them, says. */
  private isSound(at: number, length: number): boolean {
    return this.view.getUint32(at + length, true) === crc32(this.bytes.subarray(at, at + length));
  }
}

function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
