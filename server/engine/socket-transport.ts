/**
 * The socket.io transport: the only file on the server that imports socket.io. A frame or a command packet is one
 * binary WebSocket message; control messages are typed events with acknowledgements.
 *
 * A socket comes in by the gate (upgrade-gate.ts), from where on a wire's end (wire-end.ts) stands for it: that charges
 * what arrives before it is parsed. What arrives is checked against its schema before it is handed on, and counted when
 * it is dropped. Whatever throws for a client costs its own connection and no other.
 *
 * Frames and packets, the hot path, go past socket.io: a frame is written to the TCP socket in one piece, as a notice is,
 * too, and a packet is handed over as it arrives, see take-ahead.ts. Together they took 40 µs where 55 went by socket.io and 33 by plain ws, with a
 * packet that still came by engine.io (150 clients, 20 of each a second, 150 bytes a frame, side by side on one core).
 */
import { once } from "node:events";
import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Socket as Stream } from "node:net";
import {
  type HelloWish,
  handshake,
  handshakeVersion,
  MAX_REQUEST_BYTES,
  type Refusal,
} from "@starwake/shared/engine/protocol.ts";
import { createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { Server as EngineServer } from "engine.io";
import { Server, type Socket } from "socket.io";
import { addressGroupOf } from "./address-group.ts";
import { Backlog } from "./backlog.ts";
import type { ClientAddress } from "./client-address.ts";
import type { Clock } from "./clock.ts";
import { type ConnectionLimits, createConnectionCounts } from "./connection-limits.ts";
import type { Log } from "./log.ts";
import { NoticeMessages } from "./notice-messages.ts";
import type { OriginCheck } from "./origins.ts";
import { RestingStreams } from "./resting-streams.ts";
import { SocketConnection } from "./socket-connection.ts";
import { limitSockets } from "./socket-limit.ts";
import type { AcceptConnection, CountRefusal } from "./transport.ts";
import { problemWithUpgrade, refuseUpgrade, type UpgradeProblem } from "./upgrade-gate.ts";
import { MAX_MESSAGE_BYTES, type WireEnd, type WireSurroundings } from "./wire-end.ts";
import { type EngineWire, WireRegister } from "./wire-register.ts";

export type SocketTransportOptions = {
  readonly server: HttpServer;
  /** The protocol hash that clients must come with. */
  readonly protocol: string;
  /** Which pages may open a socket. */
  readonly isOriginAllowed: OriginCheck;
  readonly limits: ConnectionLimits;
  /** What limits and the log know a client by. */
  readonly addressOf: ClientAddress;
  /** Whether the sockets of an address are many clients', not to be counted as one's. */
  readonly isTrustedProxy: (address: string) => boolean;
  readonly accept: AcceptConnection;
  readonly countRefusal: CountRefusal;
  /** A peer is asked every five seconds whether it is there, and is lost when it does not answer for so long. */
  readonly peerTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each read. */
  readonly packetTaken: () => void;
};

export type SocketTransport = {
  /** WebSockets whose TCP sockets are open, whatever became of those who spoke over them. */
  readonly connectionCount: () => number;
  /** Closes every connection; resolves when all have gone. */
  close(): Promise<void>;
};

const PING_INTERVAL_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** What is being answered when the server closes may take so long. */
const LAST_ANSWERS_MS = 1_000;

export function createSocketTransport(options: SocketTransportOptions): SocketTransport {
  const { server, clock, limits, countRefusal, log, packetTaken, accept } = options;
  const counts = createConnectionCounts<WireEnd>(limits, clock);
  const surroundings: WireSurroundings = {
    ...{ clock, log, counts, countRefusal, packetTaken },
    ...{ backlog: new Backlog(), resting: new RestingStreams(clock) },
  };
  const wires = new WireRegister(surroundings);
  const engine = new EngineServer({
    transports: ["websocket"],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: options.peerTimeoutMs,
  });
  limitSockets(server, limits, options.isTrustedProxy, countRefusal);
  server.on("upgrade", (request: IncomingMessage, stream: Stream, head: Buffer) => {
    try {
      // What a peer resets is at an end; nobody else needs to know.
      stream.on("error", () => {});
      // Who has asked for too much has been refused already, see http.ts.
      if (!stream.writable) return;
      const problem = problemWithUpgrade(request, head) ?? enter(options, surroundings, wires, request, stream);
      if (problem === undefined) engine.handleUpgrade(request, stream, head);
      else refuseUpgrade(request, stream, problem, countRefusal);
    } catch (error) {
      log.error({ err: error }, "a request to upgrade could not be served; its socket is closed");
      countRefusal("handler-failed");
      stream.destroy();
    }
  });
  // This listener is the first: socket.io's own makes the decoder, whose guard is the wire opened last.
  engine.on("connection", (wire) => wires.open(wire as unknown as EngineWire));
  const io: Server = new Server({
    serveClient: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    parser: createWireParser(() => wires.opened, MAX_REQUEST_BYTES),
  });
  io.bind(engine);
  io.use((socket, next) => {
    const end = wires.endOf(socket.conn);
    end.attempt(() => welcome(options, socket, end, next));
  });
  const notices = new NoticeMessages();
  io.on("connection", (socket) => {
    const end = wires.endOf(socket.conn);
    end.attempt(() => {
      const wish = socket.data as HelloWish;
      // Not kept for as long as the connection lasts: it holds the browser's secret.
      socket.data = undefined;
      socket.handshake.auth = {};
      new SocketConnection({ accept, notices }, socket, end).answerHello(wish);
    });
  });
  return { connectionCount: () => wires.size, close: () => closeAll(server, clock, io, wires) };
}

/** Lets a visitor's wire in. @returns why not */
function enter(
  options: SocketTransportOptions,
  { counts }: WireSurroundings,
  wires: WireRegister,
  request: IncomingMessage,
  stream: Stream,
): UpgradeProblem | undefined {
  const address = options.addressOf(request);
  const haste = counts.connects.problemWith(addressGroupOf(address), options.clock.now());
  if (haste === "too-often") return { reason: "too-hasty", status: 429 };
  if (haste === "busy") return { reason: "server-busy", status: 503 };
  if (!options.isOriginAllowed(request)) return { reason: "origin-not-allowed", status: 403 };
  return wires.enter(request, stream, address) ? undefined : { reason: "server-full", status: 503 };
}

/** Answers a hello. Why a client is refused is its error's message, a Refusal. */
function welcome(options: SocketTransportOptions, socket: Socket, end: WireEnd, next: (error?: Error) => void): void {
  const { auth } = socket.handshake;
  const said = handshake.safeParse(auth);
  const problem = problemWithHandshake(options.protocol, auth, said.success);
  socket.data = said.data;
  if (problem !== undefined) options.countRefusal(problem);
  const refusal = end.refusal ?? problem;
  next(refusal === undefined ? undefined : new Error(refusal));
  // It is written before the event loop turns; after that there is nothing to say to each other.
  if (refusal !== undefined) setImmediate(() => end.end());
}

/** Another version's hello is not looked at any further: its wishes may have another shape. */
function problemWithHandshake(protocol: string, auth: unknown, isWellFormed: boolean): Refusal | undefined {
  const { data } = handshakeVersion.safeParse(auth);
  if (data !== undefined && data.protocol !== protocol) return "version-mismatch";
  return isWellFormed ? undefined : "malformed";
}

async function closeAll(server: HttpServer, clock: Clock, io: Server, wires: WireRegister): Promise<void> {
  const closed = server.listening ? once(server, "close") : undefined;
  server.close();
  wires.endAll();
  // Who has said nothing yet, or half of something, would be waited for until it is overdue.
  const cut = clock.after(LAST_ANSWERS_MS, () => server.closeAllConnections());
  await io.close();
  await closed;
  cut();
}
