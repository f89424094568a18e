/** What packets hold besides messages, in bytes. */
const IP = 20;
/** With the time stamps that every current system sends. */
const TCP = 20 + 12;

export const HEADER_BYTES = {
  segment: IP + TCP,
  /** An acknowledgement by itself; which bytes came out of order is told in a few more, not counted here. */
  ack: IP + TCP,
  /** A SYN and its answer announce what each end can do. */
  syn: IP + 40,
  datagram: IP + 8,
} as const;

const SHORT_BYTES = 126;
const MASK_BYTES = 4;

/** WebSocket's header of a message: up to 64 KB, two or four bytes, and a mask on all that a client sends. */
export function webSocketHeaderBytes(bytes: number, direction: "up" | "down"): number {
  return (bytes < SHORT_BYTES ? 2 : 4) + (direction === "up" ? MASK_BYTES : 0);
}
