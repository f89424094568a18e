/**
 * Whatever several connections say to the lobby, in whatever order: whoever sits, sits until they leave, go or are sent
 * away, nobody else's words unseat them, and in the end all that an address held is free again.
 */
import type { Connection, ConnectionHandlers } from "@starwake/server/engine/transport.ts";
import type { RequestReply } from "@starwake/shared/engine/protocol.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LEAVING_TOY, STAY_MS } from "../support/leaving-toy.ts";
import { SEED, withSeed } from "../support/seed.ts";
import { HOLD_MS, packetBytes, startToyServer, type ToyServer } from "../support/toy-server.ts";

const ADDRESS = "192.0.2.7";
const MOST_SEATS = 6;
const MOST_SPARES = 3;
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
const saying = fc.oneof(
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
type Saying = typeof saying extends fc.Arbitrary<infer Value> ? Value : never;

/** One after the other of a player's connections. */
class Caller {
  private readonly server: ToyServer;
  private handlers!: ConnectionHandlers;
  isOpen = false;
  /** The token of the seat that it sits on, as far as it knows. */
  sitsOn: string | undefined;
  fares: (typeof FARES)[number] = "well";

  constructor(server: ToyServer) {
    this.server = server;
  }

  ask<Name extends "join" | "spare" | "leave" | "turn">(
    name: Name,
    body: Parameters<ConnectionHandlers["request"]>[1],
  ): RequestReply<Name> {
    this.open();
    return this.handlers.request(name, body as never) as RequestReply<Name>;
  }

  play(): void {
    this.open();
    this.handlers.packet(packetBytes({ firstTick: 1 }));
  }

  go(): void {
    if (!this.isOpen) return;
    this.end();
    this.handlers.closed();
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
    const connection: Connection = { id: "one", address: ADDRESS, addressGroup: ADDRESS, ...ways };
    this.handlers = this.server.lobby.accept(connection);
  }

  private end(): void {
    this.isOpen = false;
    this.sitsOn = undefined;
  }
}

function converse(server: ToyServer) {
  const callers = Array.from({ length: 3 }, () => new Caller(server));
  const tokens: string[] = [];
  const tokenOf = (index: number) => tokens.at(-1 - index) ?? "made-up";
  const say = async (saying: Saying): Promise<void> => {
    if (!("who" in saying)) return server.run(saying.ms);
    const caller = callers[saying.who];
    if ("room" in saying) {
      const by = saying.token === null ? {} : { token: tokenOf(saying.token) };
      const reply = caller.ask("join", { name: "", room: ROOMS[saying.room], key: KEYS[saying.key], ...by } as never);
      if (!reply.ok || !caller.isOpen) return;
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

test(`nobody's words unseat another, and nothing is held for ever (seed ${SEED})`, async () => {
  const property = fc.asyncProperty(fc.array(saying, { maxLength: 40, size: "max" }), async (sayings) => {
    const server = startToyServer({
      game: LEAVING_TOY,
      capacity: 8,
      limits: { seats: MOST_SEATS, spares: MOST_SPARES, joinsPerSecond: 1e6, allJoinsPerSecond: 1e6 },
    });
    const { callers, say } = converse(server);
    for (const saying of sayings) {
      await say(saying);
      const sitting = callers.filter(({ sitsOn }) => sitsOn !== undefined);
      expect(new Set(sitting.map(({ sitsOn }) => sitsOn)).size).toBe(sitting.length);
      const refused = server.tally.refusals.get("not-joined");
      for (const caller of sitting) caller.play();
      expect(server.tally.refusals.get("not-joined")).toBe(refused);
    }
    for (const caller of callers) caller.go();
    await server.run(HOLD_MS + STAY_MS + 1_000);
    expect(server.matchmaker.occupancy()).toMatchObject({ humans: 0, rooms: 0 });
    const comers = Array.from({ length: MOST_SEATS + 1 }, () => new Caller(server));
    const replies = comers.map((comer) => comer.ask("join", { name: "", room: { kind: "quick" } }));
    expect(replies.map((reply) => reply.ok)).toEqual(replies.map((_, index) => index < MOST_SEATS));
    const seat = replies.find((reply) => reply.ok)!;
    const spares = Array.from({ length: MOST_SPARES + 1 }, () => new Caller(server));
    const carried = spares.map((spare) => spare.ask("spare", { token: seat.token }).ok);
    expect(carried).toEqual(carried.map((_, index) => index < MOST_SPARES));
  });
  await fc.assert(property, withSeed(200));
});
