/**
 * The wires of a server: each is entered when its request to upgrade is let through, is found again when engine.io opens it
 * and when socket.io asks, and stays until its TCP socket is gone.
 */
import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket as Stream } from "node:net";
import { addressGroupOf } from "./address-group.ts";
import { type EngineSocket, WireEnd, type WireSurroundings } from "./wire-end.ts";

/** With the parameters that engine.io read out of its address. */
type EngineRequest = IncomingMessage & { _query: unknown };

/** engine.io's socket, with what has no type there. */
export type EngineWire = EngineSocket & {
  readonly request: EngineRequest;
  readonly transport: EngineSocket["transport"] & { readonly socket: EventEmitter };
};

export class WireRegister {
  private readonly surroundings: WireSurroundings;
  private readonly ends = new Set<WireEnd>();
  private readonly byRequest = new WeakMap<object, WireEnd>();
  private readonly byWire = new WeakMap<object, WireEnd>();
  private newest: WireEnd | undefined;

  constructor(surroundings: WireSurroundings) {
    this.surroundings = surroundings;
  }

  /** Wires whose TCP sockets are open. */
  get size(): number {
    return this.ends.size;
  }

  /** @returns false: there is no place for one more */
  enter(request: IncomingMessage, stream: Stream, address: string): boolean {
    const end = new WireEnd(this.surroundings, stream, address, addressGroupOf(address));
    if (!end.enter()) return false;
    this.ends.add(end);
    stream.once("close", () => this.ends.delete(end));
    this.byRequest.set(request, end);
    return true;
  }

  /** engine.io has opened a WebSocket for a request that was entered. */
  open(wire: EngineWire): void {
    const end = this.byRequest.get(wire.request);
    if (end === undefined)
      throw new Error("engine.io opened a WebSocket that was not let through: mend wire-register.ts");
    this.newest = end;
    this.byWire.set(wire, end);
    end.open(wire, wire.transport.socket);
    emptyRequest(wire.request);
    // socket.io's own advice on memory.
    (wire as { request: unknown }).request = undefined;
  }

  /** The end of the wire that was opened last. */
  get opened(): WireEnd {
    return this.newest!;
  }

  endOf(wire: object): WireEnd {
    return this.byWire.get(wire)!;
  }

  /** Ends all, and waits for none. */
  endAll(): void {
    for (const end of this.ends) {
      end.leave();
      end.letGo();
    }
  }
}

/** Nobody asks for it again, but engine.io keeps it until the socket closes: with 700 headers those were 83 KB a socket. */
function emptyRequest(request: EngineRequest): void {
  Object.assign(request, { url: "", headers: {}, rawHeaders: [], _query: {} });
}
