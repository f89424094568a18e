/**
 * The backlog: what waits in this process for peers that read more slowly than they are sent, or not at all. What waits for
 * all of them together is bounded, and what may wait for one is a part of what is left (the dynamic threshold of Choudhury
 * and Hahne, 1998, as in fair-share.ts): the more waits, the less may wait for each, so that no number of peers fills it.
 */
import type { Writable } from "node:stream";

/** What may wait for all peers of a server together. */
const MOST_BYTES = 64 * 1024 * 1024;
/** One peer may have this part of what is left: 128 KB where nothing else waits, 12 KB where it does for 5,000 of them. */
const LARGEST_PART = 1 / 512;
/** What a write that waits takes beside its bytes, whatever it holds: measured were 370, of all memory, where they are its own. */
export const WAITING_WRITE_BYTES = 384;

export class Backlog {
  private bytes = 0;

  /** What waits for some peer has become more by so much; less, if negative. */
  add(bytes: number): void {
    this.bytes += bytes;
  }

  /** What may wait for one peer, with all that waits counted in. */
  get share(): number {
    return (MOST_BYTES - this.bytes) * LARGEST_PART;
  }
}

/** What Node keeps about a stream's writes; it has no type. */
type WriteState = { readonly pendingcb: number };

/**
 * What a stream holds that the kernel has not taken: its bytes, and what each write takes beside them. Only the stream knows
 * all writes, those of libraries among them: a pong takes 3 bytes and two writes.
 */
export function bytesWaitingIn(stream: Writable): number {
  const bytes = stream.writableLength;
  if (bytes === 0) return 0;
  const { pendingcb } = (stream as unknown as { _writableState: WriteState })._writableState;
  return bytes + pendingcb * WAITING_WRITE_BYTES;
}
