import { Matchmaker, NO_ROOM_LIMITS } from "@starwake/server/engine/matchmaker.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { createTally } from "../support/tally.ts";
import { TOY } from "../support/toy-server.ts";

const TICK_RATE = 50;
const TICK_MS = 1000 / TICK_RATE;
const ROOMS = 20;

const quiet = () => {};

test("rooms tick one after the other, evenly spread over a tick's length, whenever they were opened", () => {
  const clock = createHandClock();
  const tickedMs: number[] = [];
  const meter = { ...createTally().meter, ran: () => void tickedMs.push(clock.now()) };
  const setup = { seed: 1, tickRate: TICK_RATE, capacity: 4, mapSize: 600, role: "authority" } as const;
  const plan = { setup, frameRate: 25, packetRate: 25, pilots: 0, budgetBytesPerSecond: 12_000, holdMs: 1_000 };
  const matchmaker = new Matchmaker(
    { ...plan, ...NO_ROOM_LIMITS },
    { game: TOY, clock, meter, createPilot: (() => undefined) as unknown as CreatePilot, openRecorder: undefined },
    { debug: quiet, info: quiet, warn: quiet, error: quiet },
  );
  for (let room = 0; room < ROOMS; room++) {
    matchmaker.find({ kind: "new" }, "127.0.0.1");
    clock.advance((room * 7) % 13);
  }
  clock.advance(10 * TICK_MS);
  const from = clock.now();
  tickedMs.length = 0;
  clock.advance(TICK_MS);
  const places = tickedMs.map((ms) => ms - from);
  expect(places).toHaveLength(ROOMS);
  const gaps = places.map((place, index) => (places[index + 1] ?? places[0] + TICK_MS) - place);
  expect(Math.min(...gaps)).toBeGreaterThan(TICK_MS / ROOMS / 3);
  expect(Math.max(...gaps)).toBeLessThan((TICK_MS / ROOMS) * 2.5);
});
