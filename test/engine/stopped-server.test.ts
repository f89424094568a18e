/** A server that stops for a while and goes on: what its clients make of that. */
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { startStoppingServer } from "../support/stopping-server.ts";

const PLAYERS = 8;
/** Half of the time of one test is for settling before and after. */
const SETTLING_MS = 4_000;

test.each([
  ["3 s", [3_000]],
  ["8 s", [8_000]],
  ["a quarter of a second, three times", [250, 250, 250]],
  ["3 s, and twice again while it gets going", [3_000, 400, 300]],
])(`a server that stops for %s is no lossy path: nobody opens spares [seed ${SEED}]`, async (_long, stopsMs) => {
  const random = createRandom(SEED);
  const server = startStoppingServer({ capacity: PLAYERS }, () => 15 + nextBelow(random, 30));
  const clients = Array.from({ length: PLAYERS }, () => server.open());
  await server.run(SETTLING_MS);
  for (const ms of stopsMs) {
    await server.stop(ms);
    await server.run(600);
  }
  await server.run(SETTLING_MS);
  expect(server.connectionsOpened()).toBe(PLAYERS);
  expect(clients.map(({ state }) => state.state)).toEqual(Array(PLAYERS).fill("playing"));
});

test("a server that stops while somebody joins is not far away: they open no spares", async () => {
  const server = startStoppingServer();
  const client = server.open();
  await server.stop(2_000);
  await server.run(SETTLING_MS);
  expect([client.state.state, server.connectionsOpened()]).toEqual(["playing", 1]);
});
