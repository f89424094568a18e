/**
 * The HTTP server: the built page, what a service manager asks (/healthz, /readyz), and /metrics. It knows nothing of
 * sockets; the transport hangs itself onto the same server.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { HttpLimits } from "./http-limits.ts";
import type { MetricsDoor } from "./metrics-door.ts";
import { sendPageFile } from "./page-files.ts";
import { answerRaw } from "./raw-answer.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import type { IsFromProxy } from "./trusted-proxies.ts";
import { isWebSocketRequest, SOCKET_PATH } from "./websocket-request.ts";

export type HttpOptions = {
  /** The folder of the built page; it may be built, or built anew, while the server runs. */
  readonly pageRoot: string;
  /** False while the server starts and once it is closing. */
  readonly isReady: () => boolean;
  readonly metricsText: () => Promise<string>;
  readonly metricsContentType: string;
  readonly metricsDoor: MetricsDoor;
  readonly isFromProxy: IsFromProxy;
  readonly limits: HttpLimits;
  /** How long peers may take; unless told, HTTP_TIMES. */
  readonly times?: HttpTimes;
};

/** All in milliseconds. */
export type HttpTimes = {
  /** A peer that sends its request a byte at a time holds a socket for no longer: the head, and all of it. */
  readonly head: number;
  readonly request: number;
  /** How often these two are looked at. */
  readonly check: number;
  /** A connection on which nothing moves in an answer, for so long, is ended: its peer does not read. */
  readonly still: number;
  /** An answer that a peer reads a little of now and then is given up. */
  readonly answer: number;
  /** A connection that is kept for the next request. */
  readonly idle: number;
  /** The same, where a trusted proxy keeps it. */
  readonly idleProxy: number;
};

/**
 * Who keeps connections for reuse must be the first to give one up, or a request meets a server that is just closing: balancers
 * keep theirs for 60 s (AWS, nginx), 90 s (Traefik, Azure), 2 minutes (Caddy) and 10 minutes (Google). Ten minutes are for
 * proxies that the host trusts. Node counts a head's time from its first byte, so a kept connection is not cut short by it.
 */
export const HTTP_TIMES: HttpTimes = {
  head: 5_000,
  request: 10_000,
  check: 1_000,
  still: 20_000,
  answer: 300_000,
  idle: 125_000,
  idleProxy: 620_000,
};

/** Of a request's line and headers; Node's own limit is twice as much. */
const MOST_HEAD_BYTES = 8 * 1024;
/** The disk is not asked for what is longer than any of the page's files. */
const MOST_PATH_LENGTH = 1_024;
const RETRY_AFTER_SECONDS = 5;
const NOTHING_HERE = "There is nothing at this address.\n";
const NO_PAGE = "The page is not built yet: npm run build.\n";
const UNREADABLE = "This is no request that can be read.\n";
const NO_HOST = "A request of HTTP/1.1 names its host.\n";
const FAILED = "This failed on the server's side.\n";
const WEBSOCKETS_ONLY =
  "Here the game speaks over WebSockets alone. A proxy on the way has to pass on the headers Upgrade and Connection.\n";
const METRICS_ELSEWHERE =
  "Metrics are told on the server's own machine, or to who has its token (--metrics-token): Authorization: Bearer TOKEN.\n";

type Respond = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A server that does not listen yet. */
export function createHttpServer(options: HttpOptions): Server {
  const { times = HTTP_TIMES, isFromProxy, limits } = options;
  const settings = {
    headersTimeout: times.head,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.check,
    keepAliveTimeout: times.idle,
    maxHeaderSize: MOST_HEAD_BYTES,
    // Refused here, with the headers that go with every answer.
    requireHostHeader: false,
    // Others, HTTP/2's among them, are answered as if they had not asked to switch.
    shouldUpgradeCallback: isWebSocketRequest,
  };
  const handle = createHttpHandler(options);
  const take = (request: IncomingMessage, response: ServerResponse) => {
    noteAnswer(request, response);
    const guarded = (step: () => void) => {
      try {
        step();
      } catch {
        // What fails for one request ends its connection, and nothing else.
        request.socket.destroy();
      }
    };
    guarded(() => {
      if (!limits.mayAsk(request)) return refuseHaste(request, response);
      inTurn(request, response, () =>
        guarded(() => {
          boundAnswer(request, response, times, isFromProxy);
          tellSent(request, response, limits);
          handle(request, response);
        }),
      );
    });
  };
  const server = createServer(settings, take);
  // Otherwise Node answers what expects something of it, unasked.
  for (const event of ["checkContinue", "checkExpectation"]) server.on(event, take);
  server.on("clientError", answerUnreadable);
  server.timeout = times.still;
  server.on("connection", (socket) => guardParser(socket, limits));
  return server;
}

/** More than a connection may have waiting. */
const MOST_HEADS_AT_ONCE = 20;
const END_OF_HEAD = "\r\n\r\n";

/**
 * Ends a connection before what comes over it is parsed: where its address has sent too much, and where a heap of requests
 * comes in one piece. Node makes objects for each of the two thousand that fit a read, and an error for each when the
 * connection ends, which is 50 ms for 64 KB.
 */
function guardParser(socket: Socket, limits: HttpLimits): void {
  const [parse, ...others] = socket.listeners("data");
  if (parse === undefined || others.length > 0)
    throw new Error('not Node\'s parser alone listens to "data" of an HTTP connection any more: mend http.ts');
  socket.removeListener("data", parse as () => void);
  const guard = (bytes: Buffer) => {
    const heads = countHeads(bytes);
    if (heads > MOST_HEADS_AT_ONCE || !limits.mayRead(socket, bytes.length, heads)) socket.destroy();
    else parse.call(socket, bytes);
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

/** Answers that are under way on a connection, or wait for their turn. */
const answering = new WeakMap<object, number>();

function noteAnswer({ socket }: IncomingMessage, response: ServerResponse): void {
  answering.set(socket, (answering.get(socket) ?? 0) + 1);
  response.once("close", () => answering.set(socket, (answering.get(socket) ?? 1) - 1));
}

/** What Node's parser and its time limits object to, by the code of their errors; all else is no request at all. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function answerUnreadable({ code = "" }: NodeJS.ErrnoException, stream: Duplex): void {
  const socket = stream as Socket;
  // Another answer would stand in the middle of the one that is under way.
  if (code === "ECONNRESET" || (answering.get(socket) ?? 0) > 0) socket.destroySoon();
  else answerRaw(socket, STATUS_OF_ERROR[code] ?? 400, UNREADABLE, undefined);
}

/** Connections that were told to wait; what else was asked over them already is not answered. */
const refused = new WeakSet<object>();

function refuseHaste(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (refused.has(socket)) return void socket.destroy();
  refused.add(socket);
  setSecurityHeaders(request, response);
  response.writeHead(429, { Connection: "close", "Content-Length": 0, "Retry-After": RETRY_AFTER_SECONDS });
  response.end();
}

/** Requests that may wait on one connection for the answers before theirs; one more ends it. Browsers send none ahead. */
const MAX_WAITING = 16;
const waiting = new WeakMap<object, number>();

/**
 * Calls `next` when it is this answer's turn on its connection: HTTP lets a peer ask on before it is answered. Nothing is
 * opened for an answer that waits, for Node does not tell it when its connection ends, and a file would stay open for good.
 */
function inTurn({ socket }: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (response.socket !== null) {
    next();
    return;
  }
  const count = (waiting.get(socket) ?? 0) + 1;
  if (count > MAX_WAITING) {
    socket.destroy();
    return;
  }
  waiting.set(socket, count);
  response.once("socket", () => {
    waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
    // Node is still at work on the answer that has just ended.
    process.nextTick(next);
  });
}

/** Sees that an answer ends, and that the connection of a trusted proxy is kept as long as it expects. */
function boundAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  times: HttpTimes,
  isFromProxy: IsFromProxy,
): void {
  const { socket } = request;
  const tooLong = setTimeout(() => socket.destroy(), times.answer).unref();
  response.once("close", () => clearTimeout(tooLong));
  // Node has set the usual time by then.
  if (isFromProxy(request)) response.once("finish", () => socket.setTimeout(times.idleProxy));
}

function tellSent(request: IncomingMessage, response: ServerResponse, limits: HttpLimits): void {
  const { socket } = request;
  const before = socket.bytesWritten;
  response.once("close", () => limits.sent(request, socket.bytesWritten - before));
}

/** Answers every request, and never throws. */
function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const routes: Readonly<Record<string, Respond>> = {
    "/healthz": (_, response) => answer(response, 200, "alive\n"),
    "/readyz": (_, response) =>
      options.isReady() ? answer(response, 200, "ready\n") : answer(response, 503, "not ready\n"),
    "/metrics": (request, response) => answerMetrics(options, request, response),
    [SOCKET_PATH]: (_, response) => {
      response.setHeader("Upgrade", "websocket");
      answer(response, 426, WEBSOCKETS_ONLY);
    },
  };
  return (request, response) => {
    options.metricsDoor.notice(request);
    setSecurityHeaders(request, response);
    // Node would read a body to its end, as fast as it comes, to find the next request behind it.
    if (hasBody(request)) response.setHeader("Connection", "close");
    if (!expectsNothing(request)) return answer(response, 417, "Nothing that is expected here is known.\n");
    if (request.headers.host === undefined && request.httpVersion === "1.1") return answer(response, 400, NO_HOST);
    if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(response);
    const path = pathOf(request);
    if (path === undefined) return answer(response, 400, "This address is malformed.\n");
    if (path.length > MOST_PATH_LENGTH) return answer(response, 414, "No address here is as long as this.\n");
    if (!Object.hasOwn(routes, path))
      return sendPageFile(options.pageRoot, path, request, response, (status) => refuseFile(path, status, response));
    void respond(routes[path]!, request, response);
  };
}

async function respond(route: Respond, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(request, response);
  } catch {
    answer(response, 500, FAILED);
  }
}

async function answerMetrics(
  { metricsDoor, metricsText, metricsContentType }: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const problem = metricsDoor.problemWith(request);
  if (problem === undefined) return answer(response, 200, await metricsText(), metricsContentType);
  response.setHeader("WWW-Authenticate", `Bearer${problem === "wrong-token" ? ' error="invalid_token"' : ""}`);
  answer(response, 401, METRICS_ELSEWHERE);
}

/** A body that a peer asks about before it sends it ends the connection unread, see hasBody. */
function expectsNothing({ headers: { expect } }: IncomingMessage): boolean {
  return expect === undefined || expect.toLowerCase() === "100-continue";
}

function hasBody({ headers }: IncomingMessage): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
  return length !== "0" || encoding !== undefined;
}

/** The path without its query, still percent-encoded; undefined where the request names none. */
function pathOf(request: IncomingMessage): string | undefined {
  const path = (request.url ?? "").replace(/[?#].*$/s, "");
  return path.startsWith("/") ? path : undefined;
}

/** Headers that told of a file that is not sent after all. */
const FILE_HEADERS = ["Content-Encoding", "ETag", "Last-Modified", "Accept-Ranges"] as const;

function answer(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  if (response.headersSent) return;
  for (const name of FILE_HEADERS) response.removeHeader(name);
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}

function refuseMethod(response: ServerResponse): void {
  response.setHeader("Allow", "GET, HEAD");
  answer(response, 405, "Only GET and HEAD are understood here.\n");
}

function refuseFile(path: string, status: number, response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else if (status === 404) answer(response, 404, path === "/" ? NO_PAGE : NOTHING_HERE);
  else answer(response, status, status < 500 ? "This request cannot be answered.\n" : FAILED);
}
