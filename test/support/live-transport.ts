/**
 * The socket transport on a real socket of this machine, with whatever handlers a test gives it; and clients for it,
 * well-behaved and raw. Its clock stands still unless moved, so that limits by time are what a test says.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClientAddress } from "@starwake/server/engine/client-address.ts";
import type { ConnectionLimits } from "@starwake/server/engine/connection-limits.ts";
import { createOriginCheck } from "@starwake/server/engine/origins.ts";
import { createSocketTransport, type SocketTransportOptions } from "@starwake/server/engine/socket-transport.ts";
import type { AcceptConnection, Connection, ConnectionHandlers } from "@starwake/server/engine/transport.ts";
import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import { createWireParser } from "@starwake/shared/engine/wire-parser.ts";
import { io, type Socket } from "socket.io-client";
import { onTestFinished } from "vitest";
import { createHandClock, type HandClock } from "./hand-clock.ts";

export const PROTOCOL = "abc123";

/** Far longer than a machine with other work lets anybody wait: who is lost here was lost to what the test did. */
const PEER_TIMEOUT_MS = 240_000;

export type LiveTransport = {
  readonly port: number;
  readonly clock: HandClock;
  /** Connections in the order of their coming. */
  readonly connections: Connection[];
  /** How often each reason was counted. */
  readonly refusals: Map<string, number>;
  /** What was logged as an error. */
  readonly errors: unknown[];
  readonly connectionCount: () => number;
  close(): Promise<void>;
};

/** None by address, and in all more than any test needs. */
export const NO_LIMITS: ConnectionLimits = {
  maxSockets: 10_000,
  maxSocketsPerAddress: Number.POSITIVE_INFINITY,
  maxConnections: 10_000,
  maxConnectionsPerAddress: Number.POSITIVE_INFINITY,
  maxUnseatedPerAddress: Number.POSITIVE_INFINITY,
  maxConnects: Number.POSITIVE_INFINITY,
  maxConnectsPerAddress: Number.POSITIVE_INFINITY,
};

/** Handlers that take everything and answer nothing of use, but for those given. */
export function handlers(some: Partial<ConnectionHandlers> = {}): ConnectionHandlers {
  return { packet: () => true, request: () => ({}) as never, closed: () => {}, ...some };
}

/** The transport has the upgrades alone; whatever else is asked for is not here. */
const createEmptyServer = () => createServer((_, response) => response.writeHead(404).end());

/** Listens until the test is finished. */
export async function startTransport(
  accept: AcceptConnection = () => handlers(),
  {
    allowedOrigins = [],
    server = createEmptyServer(),
    ...some
  }: Partial<SocketTransportOptions> & { allowedOrigins?: readonly string[] } = {},
): Promise<LiveTransport> {
  const clock = createHandClock();
  const connections: Connection[] = [];
  const refusals = new Map<string, number>();
  const errors: unknown[] = [];
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: unknown) => void errors.push(fields) };
  const transport = createSocketTransport({
    server,
    protocol: PROTOCOL,
    isOriginAllowed: createOriginCheck({ allowed: allowedOrigins, isFromProxy: () => false, clock, log }),
    addressOf: createClientAddress([], log),
    limits: NO_LIMITS,
    isTrustedProxy: () => false,
    accept: (connection) => {
      connections.push(connection);
      return accept(connection);
    },
    countRefusal: (reason) => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
    peerTimeoutMs: PEER_TIMEOUT_MS,
    clock,
    packetTaken: quiet,
    log,
    ...some,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => transport.close());
  const { port } = server.address() as AddressInfo;
  return { port, clock, connections, refusals, errors, ...transport };
}

/** A client that speaks as the page does; closed when the test is finished. */
export function openClient(
  { port, scheme = "http" }: { port: number; scheme?: "http" | "https" },
  settings: Parameters<typeof io>[1] = {},
): Socket {
  const socket = io(`${scheme}://127.0.0.1:${port}`, {
    transports: ["websocket"],
    parser: createWireParser(),
    auth: { protocol: PROTOCOL },
    reconnection: false,
    forceNew: true,
    ...settings,
  });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

/** Resolves with the first argument of the next event of that name. */
export function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, (value: unknown) => resolve(value)));
}

/** The reason of a farewell, once the connection is closed too. */
export async function lastWord(socket: Socket): Promise<Refusal> {
  const [farewell] = await Promise.all([next(socket, "farewell"), next(socket, "disconnect")]);
  return (farewell as { reason: Refusal }).reason;
}

/** Text of a hello, as engine.io (4: a message) and the wire parser ([type, data, id]) have it. */
export const HELLO = `4[0,${JSON.stringify({ protocol: PROTOCOL })},null]`;

/** A WebSocket with no library above it, to say what no library would. */
export async function openRaw({ port }: { port: number }): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  socket.binaryType = "arraybuffer";
  onTestFinished(() => socket.close());
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  return socket;
}

/** A raw WebSocket that has said hello and was let in. */
export async function openRawSeated(transport: LiveTransport): Promise<WebSocket> {
  const socket = await openRaw(transport);
  socket.send(HELLO);
  await nextMessage(socket, (message) => message.startsWith("4[0,"));
  return socket;
}

/** The next text message that fits. */
export function nextMessage(socket: WebSocket, fits: (message: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener("message", function listen({ data }: MessageEvent<unknown>) {
      if (typeof data !== "string" || !fits(data)) return;
      socket.removeEventListener("message", listen);
      resolve(data);
    });
  });
}

/** Resolves when a raw socket is closed, with the code. */
export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code), { once: true }));
}
