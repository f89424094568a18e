/**
 * Callers: connections of one address that say to a lobby whatever they like, in whatever order, with keys, tokens and codes
 * that they share.
 */
import type { Lobby } from "@starwake/server/engine/lobby.ts";
import type { Connection, ConnectionHandlers } from "@starwake/server/engine/transport.ts";
import type { RequestReply } from "@starwake/shared/engine/protocol.ts";
import fc from "fast-check";
import { HOLD_MS, packetBytes } from "./toy-server.ts";

const ADDRESS = "192.0.2.7";
const KEYS = ["k".repeat(22), "o".repeat(22), undefined];
const ROOMS = [
  { kind: "quick" },
  { kind: "new" },
  { kind: "code", code: "HERE" },
  { kind: "code", code: "THERE" },
] as const;

/**
 * How a caller's connection fares: whether the transport ends it when something is sent that it does not read, or when it
 * neither sits nor carries copies any more, since its address has too many of those.
 */
const FARES = ["well", "deaf", "one too many"] as const;

const who = fc.nat(2);
/** Of all tokens that anybody was given, counted from the newest. */
const token = fc.nat(2);
export const saying = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constant("join"), who, key: fc.nat(2), room: fc.nat(3), token: fc.option(token) }),
  },
  { weight: 5, arbitrary: fc.record({ what: fc.constant("spare"), who, token }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("leave"), who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("turn"), who }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("play"), who }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("go"), who }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("fare"), who, by: fc.constantFrom(...FARES) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("wait"), ms: fc.constantFrom(20, 500, 5_000, HOLD_MS) }) },
);
export type Saying = typeof saying extends fc.Arbitrary<infer Value> ? Value : never;

/** Calls what serves a caller, as the transport does. @returns undefined: it threw, which ends the caller's connection */
type Serve = <Value>(what: string, call: () => Value) => Value | undefined;

/** One after the other of a player's connections. */
export class Caller {
  private readonly lobby: Lobby;
  private readonly serve: Serve;
  private handlers!: ConnectionHandlers;
  isOpen = false;
  /** The token of the seat that it sits on, as far as it knows. */
  sitsOn: string | undefined;
  fares: (typeof FARES)[number] = "well";

  constructor(lobby: Lobby, serve: Serve = (_what, call) => call()) {
    this.lobby = lobby;
    this.serve = serve;
  }

  ask<Name extends "join" | "spare" | "leave" | "turn">(
    name: Name,
    body: Parameters<ConnectionHandlers["request"]>[1],
  ): RequestReply<Name> | undefined {
    this.open();
    return this.say(name, () => this.handlers.request(name, body as never) as RequestReply<Name>);
  }

  play(): void {
    this.open();
    this.say("packet", () => this.handlers.packet(packetBytes({ firstTick: 1 })));
  }

  go(): void {
    if (!this.isOpen) return;
    this.end();
    this.serve("closed", () => this.handlers.closed());
  }

  /** A connection on whose behalf something throws is gone. */
  private say<Value>(what: string, call: () => Value): Value | undefined {
    let hasThrown = true;
    const value = this.serve(what, () => {
      const said = call();
      hasThrown = false;
      return said;
    });
    if (hasThrown) this.go();
    return value;
  }

  private open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    const send = () => {
      if (this.fares === "deaf") this.go();
    };
    const setSeated = (isSeated: boolean) => {
      if (!isSeated && this.fares === "one too many") this.go();
    };
    const ways = { sendFrame: send, notify: send, setSeated, close: () => this.end() };
    const peer = { id: "one", address: ADDRESS, addressGroup: ADDRESS, isCongested: false };
    const connection: Connection = { ...peer, ...ways };
    this.handlers = this.lobby.accept(connection);
  }

  private end(): void {
    this.isOpen = false;
    this.sitsOn = undefined;
  }
}

/** @param run lets time pass */
export function converse(lobby: Lobby, run: (ms: number) => Promise<void>, serve?: Serve) {
  const callers = Array.from({ length: 3 }, () => new Caller(lobby, serve));
  const tokens: string[] = [];
  const tokenOf = (index: number) => tokens.at(-1 - index) ?? "made-up";
  const say = async (saying: Saying): Promise<void> => {
    if (!("who" in saying)) return run(saying.ms);
    const caller = callers[saying.who];
    if ("room" in saying) {
      const by = saying.token === null ? {} : { token: tokenOf(saying.token) };
      const reply = caller.ask("join", { name: "", room: ROOMS[saying.room], key: KEYS[saying.key], ...by } as never);
      if (!reply?.ok || !caller.isOpen) return;
      caller.sitsOn = reply.token;
      tokens.push(reply.token);
    } else if ("token" in saying) caller.ask("spare", { token: tokenOf(saying.token) });
    else if ("by" in saying) caller.fares = saying.by;
    else if (saying.what === "turn") caller.ask("turn", { shape: 1 });
    else if (saying.what === "play") caller.play();
    else if (saying.what === "go") caller.go();
    else {
      caller.ask("leave", {});
      caller.sitsOn = undefined;
    }
  };
  return { callers, say };
}
