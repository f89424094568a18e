/**
 * The socket.io parser of both sides: a frame or a command packet is one binary WebSocket message, and everything
 * else is one text message of JSON: `[type, data, id]`.
 *
 * Decoding never throws: what it does not understand it drops, and says why to `garbled`.
 */
import { Emitter } from "@socket.io/component-emitter";
import { COMMAND_TAG } from "./command-packet.ts";
import { FRAME_TAG } from "./frame.ts";

/** The socket.io event that carries binary messages. */
export const BINARY_EVENT = "b";

/** Packet types of socket.io protocol revision 5. */
const PacketType = { Connect: 0, Disconnect: 1, Event: 2, Ack: 3, ConnectError: 4 } as const;

type DecoderEvents = { decoded: (packet: Packet) => void };

type Packet = { type: number; nsp: string; data?: unknown; id?: number };

/** Names that socket.io keeps for itself: to dispatch one would let a peer fake the end of its own connection. */
const RESERVED_EVENTS = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** What stands at one end of a connection, before socket.io is told of a message. */
export type WireGuard = {
  /** Asked at each hello; false drops it: a connection has one. */
  greets(): boolean;
  /** Told of a message that no client sends, and that is dropped. */
  garbled(reason: "malformed" | "unknown-event"): void;
};

const TRUSTING: WireGuard = { greets: () => true, garbled: () => {} };

class Encoder {
  encode({ type, data, id }: Packet): [string | Uint8Array] {
    if (type === PacketType.Event && Array.isArray(data) && data[0] === BINARY_EVENT) return [data[1]];
    return [JSON.stringify([type, data ?? null, id ?? null])];
  }
}

/** What asks for an answer, for who answers it past socket.io; undefined: it is something else, or malformed. */
export function parseRequest(message: string): { name: string; body: unknown; id: number } | undefined {
  const packet = parseText(message);
  if (typeof packet === "string" || packet.type !== PacketType.Event || packet.id === undefined) return undefined;
  const [name, body, ...others] = packet.data as [string, ...unknown[]];
  return others.length === 0 ? { name, body, id: packet.id } : undefined;
}

/** An answer as the encoder has it. */
export function encodeReply(id: number, body: unknown): string {
  return JSON.stringify([PacketType.Ack, [body], id]);
}

/** An event as the encoder has it, for who writes it past socket.io. */
export function encodeEvent(event: string, body: unknown): string {
  return JSON.stringify([PacketType.Event, [event, body], null]);
}

/**
 * The two classes that socket.io asks of a parser. `openGuard` is called once for each connection.
 * @param longestText a text with more characters is malformed; it is not parsed
 */
export function createWireParser(openGuard: () => WireGuard = () => TRUSTING, longestText = Number.POSITIVE_INFINITY) {
  class Decoder extends Emitter<DecoderEvents, DecoderEvents> {
    private readonly guard = openGuard();

    add(message: unknown): void {
      if (typeof message === "string") this.hand(message.length > longestText ? "malformed" : parseText(message));
      else this.addBinary(message);
    }

    private addBinary(message: unknown): void {
      const bytes = parseBinary(message);
      if (bytes === undefined) this.guard.garbled("malformed");
      else this.hand({ type: PacketType.Event, nsp: "/", data: [BINARY_EVENT, bytes] });
    }

    private hand(packet: Packet | "malformed" | "unknown-event"): void {
      if (typeof packet === "string") this.guard.garbled(packet);
      else if (packet.type !== PacketType.Connect || this.guard.greets()) this.emit("decoded", packet);
    }

    destroy(): void {
      this.removeAllListeners();
    }
  }
  return { Encoder, Decoder };
}

function parseBinary(message: unknown): Uint8Array | undefined {
  const bytes =
    message instanceof ArrayBuffer ? new Uint8Array(message) : message instanceof Uint8Array ? message : undefined;
  return bytes?.[0] === FRAME_TAG || bytes?.[0] === COMMAND_TAG ? bytes : undefined;
}

function parseText(message: string): Packet | "malformed" | "unknown-event" {
  let parts: unknown;
  try {
    parts = JSON.parse(message);
  } catch {
    return "malformed";
  }
  if (!Array.isArray(parts) || parts.length !== 3) return "malformed";
  const [type, data, id] = parts;
  if (id !== null && !(Number.isSafeInteger(id) && id >= 0)) return "malformed";
  const problem = problemWith(type, data, id);
  if (problem !== undefined) return problem;
  return { type, nsp: "/", data: data ?? undefined, id: id ?? undefined };
}

function problemWith(type: unknown, data: unknown, id: number | null): "malformed" | "unknown-event" | undefined {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  switch (type) {
    case PacketType.Connect:
      return data === null || isObject ? undefined : "malformed";
    case PacketType.Disconnect:
      return data === null ? undefined : "malformed";
    case PacketType.ConnectError:
      return isObject ? undefined : "malformed";
    case PacketType.Ack:
      return Array.isArray(data) && id !== null ? undefined : "malformed";
    case PacketType.Event:
      if (!Array.isArray(data) || typeof data[0] !== "string" || data[0] === BINARY_EVENT) return "malformed";
      return RESERVED_EVENTS.has(data[0]) ? "unknown-event" : undefined;
    default:
      return "malformed";
  }
}
