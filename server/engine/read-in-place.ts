/**
 * Has what a TCP socket receives heard where it lies: in one piece of memory that all sockets read into. Node makes 64 KiB
 * for each read otherwise, cuts them to size and sends them through a stream, which costs more than all else that happens
 * to a packet of 30 bytes.
 *
 * Node offers this for sockets that it connects (`onread` of net.connect), not for those that a server accepts, so it is
 * asked of the socket's handle, as net asks it. The project brings its own Node; should another one have no such handle,
 * the first connection says so.
 */
import type { Socket } from "node:net";
import { ScratchMemory } from "./scratch-memory.ts";

/** What net knows of a socket's handle; there is no type of it. */
type Handle = {
  /** All that has been read so far. */
  readonly bytesRead: number;
  /** Called by the handle itself with what was read, at the end of the stream, and with errors. */
  onread: (this: Handle, bytes: ArrayBuffer | undefined) => unknown;
  reading: boolean;
  readStart(): void;
  readStop(): void;
  useUserBuffer(memory: Buffer): void;
};

/** As much as Node reads at once. */
const MEMORY_BYTES = 64 * 1024;
const memory = new ScratchMemory(Buffer.allocUnsafeSlow(MEMORY_BYTES));

/** @param hear is called with bytes that are good until it returns */
export function readInPlace(socket: Socket, hear: (bytes: Buffer) => void): void {
  const { _handle: handle } = socket as unknown as { _handle: Handle | null };
  // Closed already: there is nothing to hear.
  if (handle === null) return;
  if (typeof handle?.useUserBuffer !== "function")
    throw new Error(`the sockets of Node ${process.version} read otherwise: start with npm, or mend read-in-place.ts`);
  const { onread } = handle;
  let { bytesRead } = handle;
  handle.useUserBuffer(memory.bytes);
  handle.onread = function (bytes) {
    const count = this.bytesRead - bytesRead;
    bytesRead += count;
    // The end, and errors.
    if (count === 0) return onread.call(this, bytes);
    hear(memory.first(count));
    return undefined;
  };
}

/** Has bytes go the way that they would have gone: they are copied, and reading stops while nobody wants more. */
export function passOn(socket: Socket, bytes: Buffer): void {
  // Out of no pool: who keeps a few bytes of one keeps all of it.
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  if (!socket.push(copy)) readLater(socket);
}

/** Reads nothing until `readAgain`, unless somebody asks the socket for more: what comes waits in the kernel, and then at its sender. */
export function readLater(socket: Socket): void {
  const { _handle: handle } = socket as unknown as { _handle: Handle | null };
  if (handle === null) return;
  handle.reading = false;
  handle.readStop();
}

export function readAgain(socket: Socket): void {
  const { _handle: handle } = socket as unknown as { _handle: Handle | null };
  if (handle === null || handle.reading) return;
  handle.reading = true;
  handle.readStart();
}

/** Reads nothing any more, whatever others ask of the socket: what still comes is not even heard. */
export function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as unknown as { _handle: Handle | null };
  if (handle === null) return;
  handle.onread = function () {
    this.reading = false;
    this.readStop();
  };
  handle.reading = false;
  handle.readStop();
}
