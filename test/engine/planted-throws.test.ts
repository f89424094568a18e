/**
 * Whatever throws while one connection is served costs that connection alone: every function on the way throws, once, in the
 * middle of a conversation. Those who play beside it play on and hear of nothing, and in the end nothing stays taken.
 */
import type { ConnectionHandlers } from "@starwake/server/engine/transport.ts";
import type { Refusal, RoomWish } from "@starwake/shared/engine/protocol.ts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Caller, converse, type Saying, saying } from "../support/callers.ts";
import { connectionFrom } from "../support/deaf-connection.ts";
import { createHandClock } from "../support/hand-clock.ts";
import { LEAVING_TOY } from "../support/leaving-toy.ts";
import { type Place, plantThrows } from "../support/planted-throw.ts";
import { SEED } from "../support/seed.ts";
import { createToyServer, packetBytes, type ToyServer } from "../support/toy-server.ts";

const PLAN = {
  ...{ game: LEAVING_TOY, capacity: 8, pilots: 2, tickRate: 5, frameRate: 5, packetRate: 5, holdMs: 5_000 },
  ...{ openingsPerSecond: 1e6, openingsPerSecondPerAddress: 1e6, maxPrivateRoomsPerAddress: 4 },
  limits: { seats: 6, spares: 3, joinsPerSecond: 1e6, allJoinsPerSecond: 1e6 },
};
/** What a caller left behind is gone by then: its seat, what it steered, and what its private room counts for. */
const AFTERWARDS_MS = 31_000;
const STEP_MS = 1_000;
/** A function throws at so many of its first calls in a conversation. */
const FIRST_CALLS = 3;
/** Conversations, and places in each of them where something throws. */
const DRAWN = { conversations: 15, places: 10 };

const QUICK = 0;
const NEW = 1;
const join = (who: number, room: number, token: number | null = null): Saying => ({
  ...{ what: "join", who, room, token, key: who },
});
const spare = (who: number): Saying => ({ what: "spare", who, token: 0 });
const say = (what: "play" | "leave" | "go", who: number): Saying => ({ what, who });
/** Each way in and out; others are drawn. */
const WAYS: readonly (readonly Saying[])[] = [
  [join(0, QUICK), say("go", 0), join(0, QUICK), say("play", 0), spare(1), say("leave", 1), spare(1), say("leave", 0)],
  [join(0, NEW), say("go", 0), join(0, NEW), say("play", 0), spare(1), say("go", 1), say("leave", 0)],
  [join(0, QUICK), say("play", 0), say("leave", 0), join(0, QUICK), say("play", 0), say("go", 0), join(0, QUICK)],
  [join(0, QUICK), say("play", 0), say("go", 0), join(1, NEW), say("play", 1), join(1, QUICK, 1), say("go", 1)],
];

let throws: Awaited<ReturnType<typeof plantThrows>>;
beforeAll(async () => {
  throws = await plantThrows();
});
afterAll(() => throws.restore());

/** Somebody who plays beside the conversation. */
function seatWitness({ lobby }: Pick<ToyServer, "lobby">, address: string, room: RoomWish) {
  let [frames, seenTick] = [0, 0];
  const told: Refusal[] = [];
  const handlers: ConnectionHandlers = lobby.accept({
    ...connectionFrom(address),
    sendFrame: (bytes) => {
      frames++;
      seenTick = bytes[1] | (bytes[2] << 8);
    },
    close: (reason) => void told.push(reason),
  });
  handlers.request("join", { name: "Witness", room });
  const play = () => handlers.packet(packetBytes({ ackTick: seenTick, firstTick: seenTick + 10 }));
  play();
  return { play, told, frames: () => frames };
}

/** @returns what is not as it should be afterwards */
async function hold(sayings: readonly Saying[], place?: Place): Promise<string[]> {
  throws.begin(place);
  const clock = createHandClock();
  const server = createToyServer(clock, PLAN);
  const { lobby, matchmaker } = server;
  const quick = { kind: "quick" } as const;
  const rooms = [quick, quick, { kind: "code", code: "WITNESS" } as const];
  const witnesses = rooms.map((room, index) => seatWitness(server, `198.51.100.${index}`, room));
  const run = async (ms: number) => {
    for (const endMs = clock.now() + ms; clock.now() < endMs; ) {
      clock.advance(Math.min(STEP_MS, endMs - clock.now()));
      for (const witness of witnesses) witness.play();
    }
  };
  const { callers, say } = converse(lobby, run, throws.serve);
  for (const saying of sayings) await say(saying);
  for (const caller of callers) caller.go();
  await run(AFTERWARDS_MS);
  const frames = witnesses.map((witness) => witness.frames());
  await run(2_000);
  const faults = witnesses.flatMap(({ told }) => told.map((reason) => `a witness was told ${reason}`));
  for (const [index, witness] of witnesses.entries())
    if (witness.frames() === frames[index]) faults.push("a witness sees nothing any more");
  const { humans, rooms: left } = matchmaker.occupancy();
  if (humans !== 3 || left !== 2) faults.push(`${humans} people in ${left} rooms are left`);
  return [...faults, ...takenFrom(lobby)];
}

/** @returns what an address may not have any more, though it has nothing */
function takenFrom(lobby: ToyServer["lobby"]): string[] {
  const { seats, spares } = PLAN.limits;
  const rooms = Array.from({ length: seats + 1 }, (_, index) =>
    index < PLAN.maxPrivateRoomsPerAddress ? "new" : "quick",
  );
  const replies = rooms.map((kind) => new Caller(lobby).ask("join", { name: "", room: { kind } }));
  const token = replies.flatMap((reply) => (reply?.ok ? [reply.token] : [])).at(-1) ?? "";
  const carried = Array.from({ length: spares + 1 }, () => new Caller(lobby).ask("spare", { token }));
  const [seated, served] = [replies, carried].map((all) => all.filter((reply) => reply?.ok).length);
  return [
    ...(seated === seats ? [] : [`${seated} seats of ${seats} are free`]),
    ...(served === spares ? [] : [`${served} spares of ${spares} are free`]),
  ];
}

/** Where something may throw in what was just said. */
function places(): Place[] {
  return [...throws.calls].flatMap(([name, calls]) =>
    Array.from({ length: Math.min(calls, FIRST_CALLS) }, (_, index) => ({ name, call: index + 1 })),
  );
}

/** Has a conversation once for each place. @returns what goes wrong */
async function holdAll(sayings: readonly Saying[], all: readonly Place[]): Promise<string[]> {
  const faults: string[] = [];
  for (const place of all) {
    const found = await hold(sayings, place);
    expect(throws.hasThrown()).toBe(true);
    if (found.length > 0) faults.push(`${place.name} (call ${place.call}): ${found.join(", ")}`);
  }
  return faults;
}

describe("a throw while one is served costs nobody else anything, and leaves nothing taken", () => {
  test.for(WAYS.map((way, index) => [index + 1, way] as const))("on way %i", async ([, way]) => {
    expect(await hold(way)).toEqual([]);
    const all = places();
    expect(all.length).toBeGreaterThan(100);
    expect(await holdAll(way, all)).toEqual([]);
  });

  test(`whatever is said (SEED=${SEED})`, async () => {
    const drawn = { seed: SEED, numRuns: DRAWN.conversations };
    const conversations = fc.sample(fc.array(saying, { minLength: 10, maxLength: 20 }), drawn);
    for (const [index, sayings] of conversations.entries()) {
      expect(await hold(sayings)).toEqual([]);
      const some = fc.sample(fc.constantFrom(...places()), { seed: SEED + index, numRuns: DRAWN.places });
      expect(await holdAll(sayings, some)).toEqual([]);
    }
  });
});
