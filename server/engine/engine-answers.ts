/** engine.io's own answers: what it says to requests that it does not take goes out with the headers of all other answers. */
import type { EventEmitter } from "node:events";
import { type IncomingMessage, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { securityHeadersFor, setSecurityHeaders } from "./security-headers.ts";

/** What is used of engine.io's server. */
type Engine = EventEmitter & {
  use(middleware: (request: IncomingMessage, response: unknown, next: () => void) => void): void;
};
type ConnectionError = {
  readonly req: IncomingMessage & { readonly websocket?: unknown };
  readonly code: number;
  readonly message: string;
  readonly context?: { readonly message?: string };
};

/** engine.io's number for what allowRequest refused. */
const FORBIDDEN = 4;

/** To be called once, when the engine has been made. */
export function dressAnswers(engine: Engine): void {
  /** Requests that have no response to set headers on: engine.io writes its refusal to the socket. */
  const upgrades = new WeakSet<IncomingMessage>();
  engine.use((request, response, next) => {
    if (response instanceof ServerResponse) setSecurityHeaders(request, response);
    else upgrades.add(request);
    next();
  });
  // engine.io says so before it writes, and writes nothing where the socket has been ended by then.
  engine.on("connection_error", ({ req, code, message, context }: ConnectionError) => {
    if (!upgrades.delete(req)) return;
    // A WebSocket already: words of HTTP have no place in it.
    if (req.websocket !== undefined) req.socket.destroy();
    else refuseUpgrade(req, code === FORBIDDEN ? 403 : 400, context?.message ?? message);
  });
}

/** @param reason is this server's own words */
function refuseUpgrade(request: IncomingMessage, status: number, reason: string): void {
  const socket: Duplex = request.socket;
  if (!socket.writable) return;
  const headers = {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(reason),
    ...securityHeadersFor(request),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${reason}`);
}
