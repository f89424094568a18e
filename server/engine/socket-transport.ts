/**
 * The socket.io transport: the only file on the server that imports socket.io. A frame or a command packet is one
 * binary WebSocket message; control messages are typed events with acknowledgements.
 *
 * What arrives is limited before it is parsed, checked against its schema before it is handed on, and counted when it
 * is dropped. A handler that throws costs its own connection and no other.
 */
import type { Server as HttpServer, IncomingMessage } from "node:http";
import {
  handshake,
  type NoticeBody,
  type NoticeName,
  type Refusal,
  type RequestName,
  requests,
} from "@starwake/shared/engine/protocol.ts";
import { BINARY_EVENT, createWireParser } from "@starwake/shared/engine/wire-parser.ts";
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

/** The WebSocket connection under a socket, there before anybody said hello. */
type Wire = Socket["conn"];

/** Room for a name of 10,000 characters, so that it is refused with a reason; nothing honest is near it. */
const MAX_MESSAGE_BYTES = 16 * 1024;
/** What may wait for a peer that does not read; far more than a second of frames to anybody. */
const MAX_WAITING_BYTES = 512 * 1024;
const MAX_CONNECTIONS = 5_000;
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 4_000;
const CONNECT_TIMEOUT_MS = 5_000;

export function createSocketTransport(options: SocketTransportOptions): SocketTransport {
  const guards = new WeakMap<Wire, FloodGuard>();
  let newestGuard = new FloodGuard(options.clock, options.countRefusal);
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
  io.engine.on("connection", (wire: Wire) => {
    guards.set(wire, newestGuard);
    newestGuard.whenFlooding(() => wire.close());
  });
  io.use((socket, next) => next(problemWithHandshake(options, socket.handshake.auth)));
  io.on("connection", (socket) => new SocketConnection(options, socket, guards.get(socket.conn)));
  return { connectionCount: () => io.engine.clientsCount, close: () => io.close() };
}

function problemWithRequest(
  options: SocketTransportOptions,
  request: IncomingMessage,
  connections: number,
): Refusal | undefined {
  if (connections >= MAX_CONNECTIONS) return "server-full";
  const { origin, host } = request.headers;
  return isOriginAllowed(origin, host, options.allowedOrigins) ? undefined : "origin-not-allowed";
}

/** Its message, which the client is told, is a Refusal. */
function problemWithHandshake(options: SocketTransportOptions, auth: unknown): Error | undefined {
  const said = handshake.safeParse(auth);
  if (said.success && said.data.protocol === options.protocol) return undefined;
  const reason: Refusal = said.success ? "version-mismatch" : "malformed";
  options.countRefusal(reason);
  return new Error(reason);
}

/** One client, from its hello on: hands what it sends to its handlers, for as long as it lasts. */
class SocketConnection implements Connection {
  readonly id: string;
  readonly address: string;
  private readonly options: SocketTransportOptions;
  private readonly socket: Socket;
  private handlers: ConnectionHandlers | undefined;
  private isOpen = true;

  constructor(options: SocketTransportOptions, socket: Socket, guard: FloodGuard | undefined) {
    this.options = options;
    this.socket = socket;
    this.id = socket.id;
    this.address = socket.handshake.address;
    guard?.whenFlooding(() => this.dismiss("flooding"));
    this.attempt(() => {
      this.handlers = options.accept(this);
    });
    this.listen();
    watchBacklog(socket.conn, () => this.giveUp());
  }

  sendFrame(bytes: Uint8Array): void {
    this.socket.emit(BINARY_EVENT, bytes);
  }

  notify<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    this.socket.emit(name, body);
  }

  close(reason: Refusal): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.notify("farewell", { reason });
    this.socket.disconnect(true);
  }

  private listen(): void {
    // One listener for everything: socket.io calls this kind before those to one event, and packets would be overtaken.
    this.socket.onAny((event: string, ...rest: unknown[]) => {
      this.hand((handlers) => {
        if (event === BINARY_EVENT) handlers.packet(rest[0] as Uint8Array);
        else this.answer(handlers, event, rest);
      });
    });
    this.socket.on("disconnect", (_reason, details) => {
      if (isOversized(details)) this.options.countRefusal("oversized");
      this.hand((handlers) => handlers.closed());
      this.isOpen = false;
    });
  }

  private answer(handlers: ConnectionHandlers, event: string, rest: readonly unknown[]): void {
    if (Object.hasOwn(requests, event)) this.answerKnown(handlers, event as RequestName, rest);
    else this.options.countRefusal("unknown-event");
  }

  private answerKnown(handlers: ConnectionHandlers, name: RequestName, rest: readonly unknown[]): void {
    const [body, reply] = rest;
    const parsed = requests[name].body.safeParse(body);
    if (typeof reply === "function" && parsed.success) reply(handlers.request(name, parsed.data));
    else this.options.countRefusal("malformed");
  }

  /** Calls the handlers, unless the connection is closed already. */
  private hand(call: (handlers: ConnectionHandlers) => void): void {
    const { handlers } = this;
    if (this.isOpen && handlers !== undefined) this.attempt(() => call(handlers));
  }

  private attempt(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.options.log.error({ err: error, connection: this.id }, "a handler threw; its connection is closed");
      this.options.countRefusal("handler-failed");
      this.dismiss("room-failed");
    }
  }

  /** Closes by the transport's own decision, which the handlers are told of. */
  private dismiss(reason: Refusal): void {
    if (!this.isOpen) return;
    this.close(reason);
    this.attempt(() => this.handlers?.closed());
  }

  /** Leaves a peer that does not read: it would not read a farewell either, and what waits for it is let go of now. */
  private giveUp(): void {
    if (!this.isOpen) return;
    this.options.countRefusal("not-responding");
    this.dismiss("not-responding");
    this.socket.request.socket.destroy();
  }
}

/** Calls `tooMuch` when too many bytes wait for the kernel to take those before them. */
function watchBacklog(wire: Wire, tooMuch: () => void): void {
  let waitingBytes = 0;
  wire.on("packetCreate", ({ data }: { data?: string | Uint8Array }) => {
    waitingBytes += data?.length ?? 0;
    if (waitingBytes > MAX_WAITING_BYTES) tooMuch();
  });
  wire.on("drain", () => {
    waitingBytes = 0;
  });
}

/** ws ends a socket whose message is too large with an error of these words, which engine.io hands on as the details. */
function isOversized(details: unknown): boolean {
  return details instanceof Error && details.message.includes("Max payload size exceeded");
}
