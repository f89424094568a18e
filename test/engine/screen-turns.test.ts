/** What a client is sent follows its screen's shape, and not two shapes at once. */
import { ScreenTurns, TURN_SECONDS } from "@starwake/server/engine/screen-turns.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { expect, test } from "vitest";
import { matchOf, openByHand, startToyServer, TICK_RATE, TOY, type ToyClient } from "../support/toy-server.ts";
import { Kind } from "./toy-game.ts";

const REST_TICKS = TURN_SECONDS * TICK_RATE;

test("a turn counts at once when the last one is long ago, and else when it is", () => {
  const screen = new ScreenTurns(0, 100, TICK_RATE);
  screen.ask(1);
  expect(screen.at(100 + REST_TICKS - 1)).toBe(0);
  expect(screen.at(100 + REST_TICKS)).toBe(1);
  screen.ask(0);
  expect(screen.at(100 + 2 * REST_TICKS - 1)).toBe(1);
  expect(screen.at(100 + 2 * REST_TICKS)).toBe(0);
  screen.ask(2);
  expect(screen.at(1000 + 2 * REST_TICKS)).toBe(2);
});

test("going to and fro between the times counts for nothing, and the last word does", () => {
  const screen = new ScreenTurns(0, 0, TICK_RATE);
  const seen = new Set<number>();
  for (let tick = 1; tick < REST_TICKS; tick++) {
    screen.ask(tick % 3);
    seen.add(screen.at(tick));
  }
  expect([...seen]).toEqual([0]);
  screen.ask(2);
  expect(screen.at(REST_TICKS)).toBe(2);
});

/** A world in which one shape sees far to the sides and the other far up and down. */
const shaped: GameDefinition = {
  ...TOY,
  space: (world) => ({
    ...TOY.space(world),
    views: [
      { viewHalfWidth: 900, viewHalfHeight: 100 },
      { viewHalfWidth: 100, viewHalfHeight: 900 },
    ],
  }),
};

/** How far from its own dot a client knows others, at most. */
function reachOf(client: ToyClient): { x: number; y: number } {
  const { snapshot, player } = matchOf(client);
  const { at } = TOY.kinds[Kind.Dot];
  const own = snapshot!.own!;
  const reach = { x: 0, y: 0 };
  for (const [id, { row }] of snapshot!.kinds[Kind.Dot]) {
    if (id === player) continue;
    reach.x = Math.max(reach.x, Math.abs(row[at.x] - own[at.x]));
    reach.y = Math.max(reach.y, Math.abs(row[at.y] - own[at.y]));
  }
  return reach;
}

/** As far as a cell beyond the view. */
const NARROW = 100 + 200 + 20;

test("a client is sent the view of its shape, and the one of another once it has turned", async () => {
  const server = startToyServer({ game: shaped, mapSize: 2000, capacity: 60, pilots: 60 });
  let shape = 1;
  const client = await server.join({ game: shaped, shape: () => shape });
  await server.run(500);
  expect(matchOf(client).snapshot?.shape).toBe(1);
  expect(reachOf(client).x).toBeLessThan(NARROW);
  expect(reachOf(client).y).toBeGreaterThan(NARROW);
  shape = 0;
  await server.run(1_000);
  expect(matchOf(client).snapshot?.shape).toBe(1);
  await server.run(TURN_SECONDS * 1000);
  expect(matchOf(client).snapshot?.shape).toBe(0);
  expect(reachOf(client).y).toBeLessThan(NARROW);
  expect(reachOf(client).x).toBeGreaterThan(NARROW);
});

test("who comes back does not turn sooner for it", async () => {
  const server = startToyServer({ game: shaped, mapSize: 2000 });
  let shape = 0;
  const client = await server.join({ game: shaped, shape: () => shape });
  shape = 1;
  server.loopback.cut();
  await server.run(1_000);
  expect(matchOf(client).snapshot?.shape).toBe(0);
  await server.run(TURN_SECONDS * 1000);
  expect(matchOf(client).snapshot?.shape).toBe(1);
});

test.for([["the same room"], ["another one"]] as const)(
  "nor does who leaves and joins again by the same key, in %s",
  async ([where]) => {
    const server = startToyServer({ game: shaped, mapSize: 2000 });
    await server.join({ game: shaped });
    const hand = await openByHand(server);
    const key = "k".repeat(32);
    const { room: code } = await hand.play({ key, shape: 0 });
    const shapes = new Set<number>();
    for (let visit = 0; visit < 8; visit++) {
      hand.link.request("leave", {});
      await server.run(visit === 0 ? 300 : 50);
      const room = { kind: "code", code: where === "another one" && visit % 2 === 0 ? "OTHER" : code } as const;
      const { player, tick, room: found } = await hand.play({ key, shape: 1 - (visit % 2), room });
      shapes.add(server.matchmaker.rooms.get(found)!.sessions.get(player)!.screen.at(tick));
    }
    expect([...shapes]).toEqual([0]);
  },
);

test("a shape that the game does not have is the first, and one that no frame can tell is refused", async () => {
  const server = startToyServer({ mapSize: 2000 });
  const client = await server.join({ shape: () => 7 });
  expect(matchOf(client).snapshot?.shape).toBe(0);
  const refused = server.open({ shape: () => 8 });
  await server.run(3_000);
  expect(refused.client.state).toEqual({ state: "refused", reason: "malformed" });
});
