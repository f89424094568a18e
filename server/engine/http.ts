/**
 * The HTTP server: the built page, what a service manager asks (/healthz, /readyz), /metrics, and what a page asks whose
 * socket does not come up (/reach). It knows nothing of sockets; the transport hangs itself onto the same server.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createFileAnswer, type FileSurroundings } from "./file-answer.ts";
import {
  answerUnreadable,
  attempt,
  guardParser,
  inTurn,
  noteAnswer,
  refuseHaste,
  refuseHastyUpgrade,
} from "./http-connection.ts";
import type { MetricsDoor } from "./metrics-door.ts";
import { MOST_ORIGIN_LENGTH, type OriginCheck } from "./origins.ts";
import { answer, FAILED } from "./plain-answer.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import type { IsFromProxy } from "./trusted-proxies.ts";
import { isWebSocketRequest, SOCKET_PATH } from "./websocket-request.ts";

export type HttpOptions = FileSurroundings & {
  /** False while the server starts and once it is closing. */
  readonly isReady: () => boolean;
  readonly metricsText: () => Promise<string>;
  readonly metricsContentType: string;
  readonly metricsDoor: MetricsDoor;
  /** Origins whose pages may have the page in a frame. */
  readonly framedBy?: readonly string[];
  /** What keeps the page that asks from opening a socket, if anything does. */
  readonly isOriginAllowed: OriginCheck;
  /**
   * Called after each piece that is read, and as each connection comes and goes: a thousand may do so at once, and what is due
   * then need not wait for the others.
   */
  readonly pieceTaken: () => void;
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
/** An origin's letters may take three times their length in a query. */
const MOST_REACH_QUERY = 3 * MOST_ORIGIN_LENGTH + "origin=".length;
const NO_HOST = "A request of HTTP/1.1 names its host.\n";
const WEBSOCKETS_ONLY =
  "Here the game speaks over WebSockets alone. A proxy on the way has to pass on the headers Upgrade and Connection.\n";
const METRICS_ELSEWHERE =
  "Metrics are told on the server's own machine, or to who has its token (--metrics-token): Authorization: Bearer TOKEN.\n";

type Respond = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** What is asked by who watches the server, and ends it when there is no answer. */
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/** A server that does not listen yet. */
export function createHttpServer(options: HttpOptions): Server {
  const { times = HTTP_TIMES, isFromProxy, limits, pieceTaken } = options;
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
    const { socket } = request;
    attempt(socket, () => {
      noteAnswer(request, response);
      if (!limits.mayAsk(request, PROBES.has(pathOf(request) ?? ""))) return refuseHaste(request, response);
      inTurn(request, response, () =>
        attempt(socket, () => {
          boundAnswer(request, response, times, isFromProxy);
          handle(request, response);
        }),
      );
    });
  };
  const server = createServer(settings, take);
  // Without these, Node answers by itself what has an Expect header.
  for (const event of ["checkContinue", "checkExpectation"]) server.on(event, take);
  server.on("clientError", answerUnreadable);
  server.timeout = times.still;
  server.on("connection", (socket) => {
    guardParser(socket, limits, pieceTaken);
    socket.once("close", pieceTaken);
    pieceTaken();
  });
  // Whoever listens after this finds the socket of a request that is refused here at its end.
  server.on("upgrade", (request, stream) =>
    attempt(stream as Socket, () => {
      options.metricsDoor.notice(request);
      const problem = limits.problemWithUpgrade(request);
      if (problem !== undefined) refuseHastyUpgrade(request, stream as Socket, problem);
    }),
  );
  return server;
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

/** Answers every request, and never throws. */
function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const routes: Readonly<Record<string, Respond>> = {
    "/healthz": (_, response) => answer(response, 200, "alive\n"),
    "/readyz": (_, response) =>
      options.isReady() ? answer(response, 200, "ready\n") : answer(response, 503, "not ready\n"),
    "/metrics": (request, response) => answerMetrics(options, request, response),
    "/reach": (request, response) => answerReach(options, request, response),
    [SOCKET_PATH]: (_, response) => {
      response.setHeader("Upgrade", "websocket");
      answer(response, 426, WEBSOCKETS_ONLY);
    },
  };
  const answerFile = createFileAnswer(options, options.times ?? HTTP_TIMES);
  return (request, response) => {
    options.metricsDoor.notice(request);
    setSecurityHeaders(request, response, options.framedBy);
    // Node would read a body to its end, as fast as it comes, to find the next request behind it.
    if (hasBody(request)) response.setHeader("Connection", "close");
    if (!canMeetExpectation(request)) return answer(response, 417, "No expectation is met here but 100-continue.\n");
    if (request.headers.host === undefined && request.httpVersion === "1.1") return answer(response, 400, NO_HOST);
    if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(response);
    const path = pathOf(request);
    if (path === undefined) return answer(response, 400, "This address is malformed.\n");
    if (path.length > MOST_PATH_LENGTH) return answer(response, 414, "No address here is as long as this.\n");
    if (!Object.hasOwn(routes, path)) return answerFile(path, request, response);
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

/**
 * Tells a page why it gets no socket: browsers do not tell it what the answer to its request was. The page names its own
 * origin, since a browser leaves that away where the page asks its own server; pages of any origin may read the answer.
 */
function answerReach({ isOriginAllowed }: HttpOptions, request: IncomingMessage, response: ServerResponse): void {
  const query = new URLSearchParams((request.url ?? "").split("?")[1]?.slice(0, MOST_REACH_QUERY));
  const isAllowed = isOriginAllowed(request, query.get("origin") ?? undefined);
  response.setHeader("Access-Control-Allow-Origin", "*");
  answer(response, 200, JSON.stringify({ socket: isAllowed ? "allowed" : "origin-not-allowed" }), "application/json");
}

/** Whoever expects 100-continue asks before it sends a body, and has its answer at once. */
function canMeetExpectation({ headers: { expect } }: IncomingMessage): boolean {
  return expect === undefined || expect.toLowerCase() === "100-continue";
}

function hasBody({ headers }: IncomingMessage): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
  return length !== "0" || encoding !== undefined;
}

/** A proxy's request names the server, too: RFC 9112 has every server understand it. */
const SERVER_NAMED = /^https?:\/\/[^/?#]+/i;

/** The path without its query, still percent-encoded; undefined where the request names none. */
function pathOf({ url = "" }: IncomingMessage): string | undefined {
  const path = url.replace(/[?#].*$/s, "");
  if (path.startsWith("/")) return path;
  return SERVER_NAMED.test(path) ? path.replace(SERVER_NAMED, "") || "/" : undefined;
}

function refuseMethod(response: ServerResponse): void {
  response.setHeader("Allow", "GET, HEAD");
  answer(response, 405, "Only GET and HEAD are understood here.\n");
}
