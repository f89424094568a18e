/**
 * A WebSocket client without a library, on a bare TCP socket: it says what it is told to say, in whatever pieces, reads or
 * does not, and never answers by itself.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

const UPGRADE_HEADERS = [
  "Host: x",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
];
export const UPGRADE_PATH = "/socket.io/?EIO=4&transport=websocket";

/** A request to upgrade, as bytes. */
export function upgradeRequest(path = UPGRADE_PATH, headers: readonly string[] = []): Buffer {
  return Buffer.from([`GET ${path} HTTP/1.1`, ...UPGRADE_HEADERS, ...headers, "", ""].join("\r\n"));
}

/** A frame from a client, masked with zeros: its payload stands as it is. */
export function frame(opcode: number, payload: string | Uint8Array = "", isFinal = true): Buffer {
  const bytes = Buffer.from(payload as string);
  const more = Buffer.alloc(bytes.length < 126 ? 0 : 2);
  if (more.length > 0) more.writeUInt16BE(bytes.length);
  const length = more.length > 0 ? 126 : bytes.length;
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | length]), more, Buffer.alloc(4), bytes]);
}

export const text = (words: string) => frame(1, words);

export type RawWire = {
  readonly socket: Socket;
  /** Everything that came, as Latin-1. */
  readonly heard: () => string;
  readonly isClosed: () => boolean;
  send(...parts: readonly Uint8Array[]): void;
};

/** Connects, and sends nothing yet. @param localAddress one of this machine's own, such as 127.0.0.7 */
export async function connectRaw(port: number, localAddress = "127.0.0.1"): Promise<RawWire> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  let heard = "";
  let isClosed = false;
  socket.setEncoding("latin1");
  socket.on("data", (some) => {
    heard += some;
  });
  socket.on("close", () => {
    isClosed = true;
  });
  await once(socket, "connect");
  return {
    socket,
    heard: () => heard,
    isClosed: () => isClosed,
    send: (...parts) => void socket.write(Buffer.concat(parts)),
  };
}

/** Connects and has the socket upgraded. */
export async function openRawWire(port: number, localAddress?: string): Promise<RawWire> {
  const wire = await connectRaw(port, localAddress);
  wire.send(upgradeRequest());
  // The answer, and engine.io's opening packet behind it.
  while (!wire.heard().includes('"sid"')) await once(wire.socket, "data");
  return wire;
}
