/**
 * What an HTTP connection may do, whatever is asked over it: how much may come in one piece, how many answers may wait, and
 * how it ends where it does too much or cannot be read.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { HttpLimits } from "./http-limits.ts";
import { answerRaw } from "./raw-answer.ts";
import { setSecurityHeaders } from "./security-headers.ts";

const RETRY_AFTER_SECONDS = 5;
const UNREADABLE = "This is no request that can be read.\n";

/** What fails for one connection ends it, and nothing else. */
export function attempt(socket: Socket, step: () => void): void {
  try {
    step();
  } catch {
    socket.destroy();
  }
}

/** More than a connection may have waiting. */
const MOST_HEADS_AT_ONCE = 20;
const END_OF_HEAD = "\r\n\r\n";

/**
 * Ends a connection before what comes over it is parsed: where its address has sent too much, and where a heap of requests
 * comes in one piece. Node makes objects for each of the two thousand that fit a read, and an error for each when the
 * connection ends, which is 50 ms for 64 KB.
 * @param taken is called after each piece, whatever became of it
 */
export function guardParser(socket: Socket, limits: HttpLimits, taken: () => void): void {
  const [parse, ...others] = socket.listeners("data");
  if (parse === undefined || others.length > 0)
    throw new Error(
      'not Node\'s parser alone listens to "data" of an HTTP connection any more: mend http-connection.ts',
    );
  socket.removeListener("data", parse as () => void);
  const guard = (bytes: Buffer) => {
    attempt(socket, () => {
      const heads = countHeads(bytes);
      if (heads > MOST_HEADS_AT_ONCE || !limits.mayRead(socket, bytes.length, heads)) socket.destroy();
      else parse.call(socket, bytes);
    });
    taken();
  };
  // By this name Node's emitters know a listener that stands in for another: an upgrade takes the parser's away.
  socket.on("data", Object.assign(guard, { listener: parse }));
}

/** How many requests' heads end in a piece; those of a heap are not counted to the last. */
function countHeads(bytes: Buffer): number {
  let heads = 0;
  let at = bytes.indexOf(END_OF_HEAD, 0, "latin1");
  while (at >= 0 && heads <= MOST_HEADS_AT_ONCE) {
    heads++;
    at = bytes.indexOf(END_OF_HEAD, at + 1, "latin1");
  }
  return heads;
}

/** Answers that a connection has still to send: one is under way, the others wait for their turn. */
const unsent = new WeakMap<object, number>();
const unsentOf = (socket: object) => unsent.get(socket) ?? 0;

/** To be called for each request, before anything else. */
export function noteAnswer({ socket }: IncomingMessage, response: ServerResponse): void {
  unsent.set(socket, unsentOf(socket) + 1);
  response.once("close", () => unsent.set(socket, unsentOf(socket) - 1));
}

/** What Node's parser and its time limits object to, by the code of their errors; all else is no request at all. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** To be called with what Node cannot make a request of; Node answers nothing then. */
export function answerUnreadable({ code = "" }: NodeJS.ErrnoException, stream: Duplex): void {
  const socket = stream as Socket;
  // Another answer would stand in the middle of the one that is under way.
  if (code === "ECONNRESET" || unsentOf(socket) > 0) socket.destroySoon();
  else answerRaw(socket, STATUS_OF_ERROR[code] ?? 400, UNREADABLE, undefined);
}

/** Connections that were told to wait; what else was asked over them already is not answered. */
const refused = new WeakSet<object>();

/** Tells a peer to wait, once for each connection. */
export function refuseHaste(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (refused.has(socket)) return void socket.destroy();
  refused.add(socket);
  setSecurityHeaders(request, response);
  response.writeHead(429, { Connection: "close", "Content-Length": 0, "Retry-After": RETRY_AFTER_SECONDS });
  response.end();
}

/** The same for a request to upgrade; when everybody asks too much there is no time for answers. */
export function refuseHastyUpgrade(request: IncomingMessage, socket: Socket, problem: "too-often" | "busy"): void {
  // Node listens to it no more.
  socket.on("error", () => {});
  if (problem === "busy") socket.destroy();
  else answerRaw(socket, 429, "", request.headers.host, { "Retry-After": RETRY_AFTER_SECONDS });
}

/** Requests that may wait on one connection for the answers before theirs; one more ends it. Browsers send none ahead. */
const MAX_WAITING = 16;

/**
 * Calls `next` when it is this answer's turn on its connection: HTTP lets a peer ask on before it is answered. Nothing is
 * opened for an answer that waits, for Node does not tell it when its connection ends, and a file would stay open for good.
 */
export function inTurn({ socket }: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (response.socket !== null) next();
  else if (unsentOf(socket) > MAX_WAITING + 1) socket.destroy();
  // Node is still at work on the answer that has just ended.
  else response.once("socket", () => process.nextTick(next));
}
