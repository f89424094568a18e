/**
 * The socket.io transport: the only file on the server that imports socket.io. A frame or a command packet is one
 * binary WebSocket message; control messages are typed events with acknowledgements.
 *
 * Frames and packets, the hot path, go past socket.io: a frame is written to the TCP socket in one piece, as a notice is,
 * too, and a packet is handed over as it arrives, see take-ahead.ts. Together they took 40 µs where 55 went by socket.io and 33 by plain ws, with a
 * packet that still came by engine.io (150 clients, 20 of each a second, 150 bytes a frame, side by side on one core).
 *
 * What arrives is limited before it is parsed, checked against its schema before it is handed on, and counted when it
 * is dropped. A handler that throws costs its own connection and no other.
 */
import type { EventEmitter } from "node:events";
import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Socket as Stream } from "node:net";
import { COMMAND_TAG } from "@starwake/shared/engine/command-packet.ts";
import {
  handshake,
  type NoticeBody,
  type NoticeName,
  type Refusal,
  type RequestName,
  requests,
} from "@starwake/shared/engine/protocol.ts";
import { createWireParser, type WireGuard } from "@starwake/shared/engine/wire-parser.ts";
import { Server, type Socket } from "socket.io";
import { addressGroupOf } from "./address-group.ts";
import type { Clock } from "./clock.ts";
import { FloodGuard } from "./flood-guard.ts";
import type { Log } from "./log.ts";
import { NoticeMessages } from "./notice-messages.ts";
import { isOriginAllowed } from "./origins.ts";
import { type PacketTaker, takeAhead } from "./take-ahead.ts";
import type { AcceptConnection, Connection, ConnectionHandlers, CountRefusal } from "./transport.ts";
import { MessageWriter, Opcode } from "./websocket-bytes.ts";

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
  /** Called after each packet. */
  readonly packetTaken: () => void;
};

export type SocketTransport = {
  readonly connectionCount: () => number;
  /** Closes every connection; resolves when all have gone. */
  close(): Promise<void>;
};

/** Whoever they are for, frames are written one after the other. */
const frames = new MessageWriter();

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
  const ends = new WeakMap<Wire, WireEnd>();
  let newestEnd: WireEnd;
  const openEnd = () => {
    newestEnd = new WireEnd(new FloodGuard(options.clock, options.countRefusal));
    return newestEnd;
  };
  // engine.io leaves an upgrade of another path open for a second, and nobody hears that it was reset: that ends the process.
  options.server.on("upgrade", (_request, stream) => stream.on("error", () => {}));
  const io: Server = new Server(options.server, {
    transports: ["websocket"],
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    parser: createWireParser(openEnd),
    allowRequest: (request, callback) => {
      const problem = problemWithRequest(options, request, io.engine.clientsCount);
      if (problem !== undefined) options.countRefusal(problem);
      callback(problem, problem === undefined);
    },
  });
  // socket.io makes the decoder, and with it the end, in its own listener to this event, which runs just before.
  io.engine.on("connection", (wire: Wire) => {
    const end = newestEnd;
    ends.set(wire, end);
    takeAhead(webSocketOf(wire), streamOf(wire), end, options.packetTaken);
    end.flood.whenFlooding(() => wire.close());
  });
  io.use((socket, next) => next(problemWithHandshake(options, socket.handshake.auth)));
  const notices = new NoticeMessages();
  io.on("connection", (socket) => {
    const end = ends.get(socket.conn);
    // A wire serves one connection; whoever says hello again has lost it.
    if (end?.connection === undefined) new SocketConnection(options, socket, end, notices);
    else socket.conn.close();
  });
  return { connectionCount: () => io.engine.clientsCount, close: () => io.close() };
}

/** As engine.io has them; neither has a type there. */
function webSocketOf(wire: Wire): EventEmitter {
  return (wire.transport as unknown as { socket: EventEmitter }).socket;
}

function streamOf(wire: Wire): Stream {
  return (wire.request as { socket: Stream }).socket;
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

/** The server's end of a wire: all that arrives comes by here first. */
class WireEnd implements WireGuard, PacketTaker {
  readonly flood: FloodGuard;
  /** Takes command packets; undefined before the client has said hello. */
  connection: SocketConnection | undefined;

  constructor(flood: FloodGuard) {
    this.flood = flood;
  }

  accepts(bytes: number): boolean {
    return this.flood.accepts(bytes);
  }

  refused(reason: string): void {
    this.flood.refused(reason);
  }

  /** Takes a binary message; false: socket.io is to have it. */
  takes(bytes: Uint8Array): boolean {
    if (this.connection === undefined) return false;
    if (!this.flood.accepts(bytes.length)) return true;
    if (bytes[0] === COMMAND_TAG) this.connection.takePacket(bytes);
    else this.flood.refused("malformed");
    return true;
  }
}

/** One client, from its hello on: hands what it sends to its handlers, for as long as it lasts. */
class SocketConnection implements Connection {
  readonly id: string;
  readonly address: string;
  readonly addressGroup: string;
  private readonly options: SocketTransportOptions;
  private readonly socket: Socket;
  private readonly wire: Wire;
  /** What carries the WebSocket. */
  private readonly stream: Stream;
  private readonly notices: NoticeMessages;
  private handlers: ConnectionHandlers | undefined;
  private isOpen = true;
  isSeated = false;

  constructor(options: SocketTransportOptions, socket: Socket, end: WireEnd | undefined, notices: NoticeMessages) {
    this.options = options;
    this.notices = notices;
    this.socket = socket;
    this.wire = socket.conn;
    this.stream = streamOf(socket.conn);
    this.id = socket.id;
    this.address = socket.handshake.address;
    this.addressGroup = addressGroupOf(this.address);
    end?.flood.whenFlooding(() => this.dismiss("flooding"));
    this.attempt(() => {
      this.handlers = options.accept(this);
    });
    this.listen();
    // Two kilobytes that nobody asks for again; socket.io's own advice on memory.
    (this.wire as { request: unknown }).request = undefined;
    if (end !== undefined) end.connection = this;
    watchBacklog(this.wire, () => this.giveUp());
  }

  sendFrame(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const { wire, stream } = this;
    // What engine.io keeps back goes first. What it has let go of, ws has written in whole messages: none is compressed.
    if (!wire.transport.writable) wire.write(Buffer.from(bytes), { compress: false });
    else if (stream.writable) frames.write(stream, Opcode.Binary, bytes);
    if (stream.writableLength > MAX_WAITING_BYTES) this.giveUp();
  }

  notify<Name extends NoticeName>(name: Name, body: NoticeBody<Name>): void {
    const { wire, stream, notices } = this;
    if (wire.transport.writable && stream.writable) stream.write(notices.messageOf(name, body));
    else this.socket.emit(name, body);
  }

  setSeated(isSeated: boolean): void {
    this.isSeated = isSeated;
  }

  close(reason: Refusal): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.notify("farewell", { reason });
    this.socket.disconnect(true);
  }

  private listen(): void {
    this.socket.onAny((event: string, ...rest: unknown[]) => {
      this.hand((handlers) => this.answer(handlers, event, rest));
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

  /** As hand() does, without a closure for each packet. */
  takePacket(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    try {
      this.handlers?.packet(bytes);
    } catch (error) {
      this.fail(error);
    }
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
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.options.log.error({ err: error, connection: this.id }, "a handler threw; its connection is closed");
    this.options.countRefusal("handler-failed");
    this.dismiss("room-failed");
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
    this.stream.destroy();
  }
}

/** Calls `tooMuch` when engine.io keeps too many bytes back until the kernel takes those before them. */
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
