/**
 * The socket.io transport: the only file on the server that imports socket.io. A frame or a command packet is one
 * binary WebSocket message; control messages are typed events with acknowledgements.
 *
 * What arrives is limited before it is parsed, checked against its schema before it is handed on, and counted when it
 * is dropped. A handler that throws costs its own connection and no other.
 */
import type { IncomingMessage, Server as HttpServer } from "node:http";
import { BINARY_EVENT, createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { handshake, type Refusal, type RequestName, requests } from "@starwake/shared/engine/protocol.ts";
import { Server, type Socket } from "socket.io";
import type { Clock } from "./clock.ts";
import { FloodGuard } from "./flood-guard.ts";
import type { Log } from "./log.ts";
import { isOriginAllowed } from "./origins.ts";
import type { AcceptConnection, Connection, ConnectionHandlers, CountRefusal } from "./transport.ts";

export type SocketTransportOptions = {
  readonly server: HttpServer;
  /** The protocol hash that clients must come with. */
  readonly protocol: string;
  /** Origins that pages may be served from; none: only this server's own. */
  readonly allowedOrigins: readonly string[];
  readonly accept: AcceptConnection;
  readonly countRefusal: CountRefusal;
  readonly clock: Clock;
  readonly log: Log;
};

export type SocketTransport = {
  readonly connectionCount: () => number;
  /** Closes every connection; resolves when all have gone. */
  close(): Promise<void>;
};

/** Room for a name of 10,000 characters, so that it is refused with a reason; nothing honest is near it. */
const MAX_MESSAGE_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 5_000;
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 4_000;
const CONNECT_TIMEOUT_MS = 5_000;

export function createSocketTransport(options: SocketTransportOptions): SocketTransport {
  const guards = new WeakMap<object, FloodGuard>();
  let newestGuard: FloodGuard | undefined;
  const openGuard = () => {
    newestGuard = new FloodGuard(options.clock, options.countRefusal);
    return newestGuard;
  };
  const io: Server = new Server(options.server, {
    transports: ["websocket"],
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    parser: createWireParser(openGuard),
    allowRequest: (request, callback) => {
      const problem = problemWithRequest(options, request, io.engine.clientsCount);
      if (problem !== undefined) options.countRefusal(problem);
      callback(problem, problem === undefined);
    },
  });
  // socket.io makes the decoder, and with it the guard, in its own listener to this event, which runs just before.
  io.engine.on("connection", (transportSocket: object) => {
    if (newestGuard !== undefined) guards.set(transportSocket, newestGuard);
    newestGuard = undefined;
  });
  io.use((socket, next) => next(problemWithHandshake(options, socket.handshake.auth)));
  io.on("connection", (socket) => serve(options, socket, guards.get(socket.conn)));
  return { connectionCount: () => io.engine.clientsCount, close: () => io.close() };
}

function problemWithRequest(options: SocketTransportOptions, request: IncomingMessage, connections: number): Refusal | undefined {
  if (connections >= MAX_CONNECTIONS) return "server-full";
  return isOriginAllowed(request.headers.origin, request.headers.host, options.allowedOrigins) ? undefined : "origin-not-allowed";
}

function problemWithHandshake(options: SocketTransportOptions, auth: unknown): Error | undefined {
  const said = handshake.safeParse(auth);
  const reason: Refusal | undefined = !said.success ? "malformed" : said.data.protocol !== options.protocol ? "version-mismatch" : undefined;
  if (reason === undefined) return undefined;
  options.countRefusal(reason);
  return new Error(reason);
}

/** Hands what one socket sends to its handlers, for as long as it lasts. */
function serve(options: SocketTransportOptions, socket: Socket, guard: FloodGuard | undefined): void {
  let isClosed = false;
  const connection: Connection = {
    id: socket.id,
    address: socket.handshake.address,
    sendFrame: (bytes) => void socket.emit(BINARY_EVENT, bytes),
    notify: (name, body) => void socket.emit(name, body),
    close(reason) {
      if (isClosed) return;
      isClosed = true;
      socket.emit("farewell", { reason });
      socket.disconnect(true);
    },
  };
  const handlers = options.accept(connection);
  const guarded = (handle: () => void) => {
    if (isClosed) return;
    try {
      handle();
    } catch (error) {
      options.log.error({ err: error, connection: socket.id }, "a handler threw; its connection is closed");
      options.countRefusal("handler-failed");
      connection.close("room-failed");
    }
  };
  guard?.whenFlooding(() => guarded(() => connection.close("flooding")));
  socket.on(BINARY_EVENT, (bytes: Uint8Array) => guarded(() => handlers.packet(bytes)));
  socket.onAny((event: string, ...rest: unknown[]) => {
    if (event !== BINARY_EVENT) guarded(() => answer(options, handlers, event, rest));
  });
  socket.on("disconnect", (_reason, details) => {
    if (isOversized(details)) options.countRefusal("oversized");
    guarded(() => handlers.closed());
    isClosed = true;
  });
}

function answer(options: SocketTransportOptions, handlers: ConnectionHandlers, event: string, rest: readonly unknown[]): void {
  if (!Object.hasOwn(requests, event)) return options.countRefusal("unknown-event");
  const name = event as RequestName;
  const [body, reply] = rest;
  const parsed = requests[name].body.safeParse(body);
  if (rest.length !== 2 || typeof reply !== "function" || !parsed.success) return options.countRefusal("malformed");
  reply(handlers.request(name, parsed.data));
}

/** ws ends a socket whose message is too large with this error, which engine.io hands on as the details. */
function isOversized(details: unknown): boolean {
  return String((details as { description?: unknown } | undefined)?.description ?? "").includes("Max payload");
}
