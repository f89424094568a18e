/** A WebSocket with nothing above it, counted. */
import { WebSocket } from "ws";
import type { Traffic } from "../traffic.ts";

const OPEN_TIMEOUT_MS = 15_000;
/** A server may limit what one address asks for: as real players do, these come from many. */
const PLAYERS_PER_ADDRESS = 100;

/** Told of each message; text comes as bytes, too. */
export type Listener = (message: Buffer, isBinary: boolean, socket: WebSocket) => void;

/** Resolves once it is open. */
export function openSocket(url: string, place: number, traffic: Traffic, listen: Listener): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handshakeTimeout: OPEN_TIMEOUT_MS,
    localAddress: `127.0.0.${2 + Math.floor(place / PLAYERS_PER_ADDRESS)}`,
  });
  socket.on("message", (data, isBinary) => {
    const message = data as Buffer;
    traffic.bytes += message.length;
    listen(message, isBinary, socket);
  });
  socket.on("close", () => traffic.lost++);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => resolve(socket));
  });
}
