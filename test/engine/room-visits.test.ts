/** Visits to a room by many who come and go as fast as they may: nobody in it notices, and one who is new comes in. */
import { describe, expect, test } from "vitest";
import { connectionFrom } from "../support/deaf-connection.ts";
import { matchOf, startToyServer, type ToyServer } from "../support/toy-server.ts";

/** Joins, and leaves at once. @returns the number that the player had, or why there was none */
function visit(server: ToyServer, address: string): number | string {
  const handlers = server.lobby.accept(connectionFrom(address));
  const reply = handlers.request("join", { name: "", room: { kind: "quick" } });
  handlers.request("leave", {});
  return reply.ok ? reply.player : reply.reason;
}

test.for([30, 100])("%i addresses that come and go ten times a second use up no room's numbers", async (addresses) => {
  const server = startToyServer({ pilots: 4, mapSize: 400, tickRate: 25, frameRate: 5, packetRate: 5 });
  const resident = await server.join();
  const problems = new Set<string>();
  for (let ms = 0; ms < 30_000; ms += 100) {
    for (let address = 0; address < addresses; address++) {
      const outcome = visit(server, `198.51.100.${address}`);
      if (typeof outcome === "string") problems.add(outcome);
    }
    await server.run(100);
  }
  expect([...problems].sort()).toEqual(expect.arrayContaining(["room-busy"]));
  expect([resident.client.losses, resident.client.state.state]).toEqual([0, "playing"]);
  const stranger = await server.join({}, server.linkFrom("192.0.2.7"));
  expect(matchOf(stranger).joined.room).toBe(matchOf(resident).joined.room);
});

describe("a pilot that made room", () => {
  test("comes back within a second, and while many come and go not for each of them", async () => {
    const server = startToyServer({ pilots: 4, mapSize: 400 });
    await server.join();
    await server.run(1_000);
    const pilots = () => server.matchmaker.occupancy().pilots;
    expect(pilots()).toBe(3);
    const given: number[] = [];
    for (let time = 0; time < 100; time++) {
      const handlers = server.lobby.accept(connectionFrom(`198.51.100.${time}`));
      const reply = handlers.request("join", { name: "", room: { kind: "quick" } });
      if (reply.ok) given.push(reply.player);
      await server.run(50);
      handlers.request("leave", {});
      await server.run(50);
    }
    expect(given).toHaveLength(100);
    await server.run(1_500);
    expect(pilots()).toBe(3);
    // One for each visit, and for each of ten seconds one of a pilot that came back.
    expect(Math.max(...given)).toBeLessThan(4 + 100 + 15);
  });

  test("and all others of a room come back at once when it was quiet before", async () => {
    const server = startToyServer({ pilots: 4, capacity: 4, mapSize: 400 });
    await server.join();
    await server.run(5_000);
    const friends = [await server.join(), await server.join(), await server.join()];
    expect(server.matchmaker.occupancy().pilots).toBe(0);
    for (const { client } of friends) client.leave();
    await server.run(100);
    expect(server.matchmaker.occupancy().pilots).toBe(3);
  });
});
