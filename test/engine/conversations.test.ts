/**
 * Whatever several connections say to the lobby, in whatever order: whoever sits, sits until they leave, go or are sent
 * away, nobody else's words unseat them, and in the end all that an address held is free again.
 */
import type { Joined } from "@starwake/shared/engine/protocol.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Caller, converse, saying } from "../support/callers.ts";
import { LEAVING_TOY, STAY_MS } from "../support/leaving-toy.ts";
import { SEED, withSeed } from "../support/seed.ts";
import { HOLD_MS, startToyServer } from "../support/toy-server.ts";

const MOST_SEATS = 6;
const MOST_SPARES = 3;

test(`nobody's words unseat another, and nothing is held for ever (seed ${SEED})`, async () => {
  const property = fc.asyncProperty(fc.array(saying, { maxLength: 40, size: "max" }), async (sayings) => {
    const server = startToyServer({
      game: LEAVING_TOY,
      capacity: 8,
      limits: { seats: MOST_SEATS, spares: MOST_SPARES, joinsPerSecond: 1e6, allJoinsPerSecond: 1e6 },
    });
    const { callers, say } = converse(server.lobby, server.run);
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
    const comers = Array.from({ length: MOST_SEATS + 1 }, () => new Caller(server.lobby));
    const replies = comers.map((comer) => comer.ask("join", { name: "", room: { kind: "quick" } }));
    expect(replies.map((reply) => reply?.ok)).toEqual(replies.map((_, index) => index < MOST_SEATS));
    const seat = replies.find((reply) => reply?.ok) as Joined;
    const spares = Array.from({ length: MOST_SPARES + 1 }, () => new Caller(server.lobby));
    const carried = spares.map((spare) => spare.ask("spare", { token: seat.token })?.ok);
    expect(carried).toEqual(carried.map((_, index) => index < MOST_SPARES));
  });
  await fc.assert(property, withSeed(200));
});
