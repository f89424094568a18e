/**
 * WebSocket frames (RFC 6455) as a load generator needs them: written in one piece, read where they lie. Messages in
 * several frames are not understood: no server that is measured sends any.
 */

export const Opcode = { Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;
const OPCODE_BITS = 0x0f;
const LENGTH_BITS = 0x7f;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
/** Clients must mask; that their masks are chosen by chance protects proxies, of which there are none here. */
const MASK = [0x5a, 0xc3, 0x96, 0x3c] as const;

/** A frame from a client to a server; up to 65,535 bytes. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const isLong = payload.length >= LENGTH_IN_16_BITS;
  const start = isLong ? 8 : 6;
  const frame = Buffer.allocUnsafe(start + payload.length);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (isLong ? LENGTH_IN_16_BITS : payload.length);
  if (isLong) frame.writeUInt16BE(payload.length, 2);
  frame.set(MASK, start - MASK.length);
  for (let index = 0; index < payload.length; index++) frame[start + index] = payload[index] ^ MASK[index & 3];
  return frame;
}

/** Reads a server's frames out of a stream's chunks. */
export class FrameReader {
  /** The beginning of a frame whose rest has not come. */
  private rest: Buffer | undefined;

  /** Calls `take` with each whole payload, which lies in the chunk: it is good until `take` returns. */
  read(chunk: Buffer, take: (opcode: number, payload: Buffer) => void): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    let offset = 0;
    while (bytes.length - offset >= 2) {
      const start = payloadStart(bytes, offset);
      if (bytes.length < start) break;
      const end = start + payloadLength(bytes, offset);
      if (bytes.length < end) break;
      take(bytes[offset] & OPCODE_BITS, bytes.subarray(start, end));
      offset = end;
    }
    // A copy: the chunk's memory is used again.
    this.rest = offset === bytes.length ? undefined : Buffer.from(bytes.subarray(offset));
  }
}

function payloadStart(bytes: Buffer, offset: number): number {
  const length = bytes[offset + 1] & LENGTH_BITS;
  return offset + (length === LENGTH_IN_64_BITS ? 10 : length === LENGTH_IN_16_BITS ? 4 : 2);
}

function payloadLength(bytes: Buffer, offset: number): number {
  const length = bytes[offset + 1] & LENGTH_BITS;
  if (length === LENGTH_IN_64_BITS) return Number(bytes.readBigUInt64BE(offset + 2));
  return length === LENGTH_IN_16_BITS ? bytes.readUInt16BE(offset + 2) : length;
}
