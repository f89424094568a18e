/** The game client, from its first connection to its last, over a loopback to a server of the toy game. */
import type { Link, OpenLink } from "@starwake/client/engine/link.ts";
import { describe, expect, test } from "vitest";
import { matchOf, refusalOf, startToyServer, type ToyServer } from "../support/toy-server.ts";
import { Kind } from "./toy-game.ts";

describe("joining", () => {
  test("leads from connecting to playing, and tells the token and the room", async () => {
    const server = startToyServer();
    const seats: unknown[][] = [];
    const player = server.open({ room: { kind: "new" }, seated: (...seat) => void seats.push(seat) });
    expect(player.client.state).toEqual({ state: "connecting" });
    await server.run(200);
    const { token, room } = matchOf(player).joined;
    expect(seats).toEqual([[token, room, true]]);
    expect(matchOf(player).picture().own).toBeDefined();
  });

  test("rides with the hello: one round trip, and nothing else is asked", async () => {
    const server = startToyServer({}, { delayMs: () => 100 });
    const asked: string[] = [];
    const player = server.open({}, (handlers) => {
      const link = server.loopback.openLink(handlers);
      const request: Link["request"] = (name, body) => {
        asked.push(name);
        return link.request(name, body);
      };
      return { request, sendPacket: (bytes) => link.sendPacket(bytes), close: () => link.close() };
    });
    await server.run(190);
    expect(player.client.state.state).toBe("connecting");
    await server.run(30);
    expect(player.client.state.state).toBe("playing");
    expect(asked).not.toContain("join");
  });

  test("by a request of its own loses no frame that came before the reply was taken", async () => {
    const server = startToyServer();
    const player = server.open({}, (handlers) => server.loopback.openLink({ ...handlers, hello: () => ({}) }));
    server.clock.advance(400);
    expect(player.client.state.state).toBe("connecting");
    await new Promise((resolve) => setImmediate(resolve));
    expect(matchOf(player).counts).toMatchObject({ malformedFrames: 0 });
    expect(matchOf(player).counts.frames).toBeGreaterThan(8);
  });

  test.for([
    ["quick play", {}],
    ["quick play, with a token of before", { token: "of-before" }],
    ["a new room", { room: { kind: "new" } }],
    ["a room by its code, with a token of before", { room: { kind: "code", code: "THERE" }, token: "of-before" }],
  ] as const)(
    "by %s is asked for again when no reply came in time, and gets the seat that was taken",
    async ([, some]) => {
      const server = startToyServer({}, { delayMs: () => 6_000 });
      const player = server.open(some);
      await server.run(11_500);
      expect(player.client.state.state).toBe("connecting");
      server.network.delayMs = () => 10;
      await server.run(10_000);
      expect(matchOf(player).counts.frames).toBeGreaterThan(0);
      expect(server.matchmaker.occupancy()).toMatchObject({ humans: 1, rooms: 1 });
    },
  );

  test("may be refused, and the reason is kept", async () => {
    const server = startToyServer();
    const player = await server.join({ name: "\u202eevil" });
    await server.run(5_000);
    expect(refusalOf(player)).toBe("name-refused");
    expect(server.matchmaker.occupancy().humans).toBe(0);
  });

  test("works from a token of earlier: the same seat, by whatever client", async () => {
    const server = startToyServer();
    const earlier = await server.join();
    const { token, player } = matchOf(earlier).joined;
    const later = await server.join({ token });
    expect(matchOf(later).joined).toMatchObject({ player, resumed: true });
  });
});

describe("a frame that cannot be read", () => {
  test("is counted, and the same seat is asked for again and starts anew", async () => {
    const server = startToyServer();
    const spoiling = spoilFrames(server);
    const player = server.open({}, spoiling.openLink);
    await server.run(1_000);
    const before = matchOf(player);
    spoiling.isOn = true;
    await server.run(100);
    spoiling.isOn = false;
    expect(before.counts.malformedFrames).toBeGreaterThan(0);
    await server.run(2_000);
    const after = matchOf(player);
    expect(after.joined).toMatchObject({ resumed: true, player: before.player });
    expect(after.counts).toMatchObject({ malformedFrames: 0 });
    expect(after.picture().moving(Kind.Dot)).toHaveLength(1);
  });

  test("and every frame after it as well, is survived: the client goes on asking, and not too often", async () => {
    const server = startToyServer();
    const spoiling = spoilFrames(server);
    const seats: string[] = [];
    server.open({ seated: (token) => void seats.push(token) }, spoiling.openLink);
    spoiling.isOn = true;
    await server.run(10_000);
    expect(seats.length).toBeGreaterThan(3);
    expect(seats.length).toBeLessThan(9);
    expect(new Set(seats).size).toBe(1);
  });
});

describe("a connection that is lost", () => {
  test("is told as reconnecting, with the time and the hold, and then play goes on", async () => {
    const server = startToyServer();
    const player = await server.join();
    const sinceMs = server.clock.now();
    server.loopback.cut();
    const lost = { state: "reconnecting", sinceMs, holdSeconds: 20, isServerClosing: false };
    expect(player.client.state).toEqual(lost);
    await server.run(1_000);
    expect(player.client.state.state).toBe("playing");
    expect(player.client.losses).toBe(1);
  });

  test("because the server closes is told as that", async () => {
    const server = startToyServer();
    const player = await server.join();
    server.lobby.close();
    await server.run(3_000);
    expect(player.client.state).toMatchObject({ state: "reconnecting", isServerClosing: true });
  });

  test("before the seat was had leaves the client connecting, until it has one", async () => {
    const server = startToyServer({}, { delayMs: () => 200 });
    const player = server.open();
    await server.run(300);
    server.loopback.cut();
    expect(player.client.state.state).toBe("connecting");
    await server.run(4_000);
    expect(player.client.state.state).toBe("playing");
  });

  test("that was replaced by a newer one is refused for good, and does not fight for the seat", async () => {
    const server = startToyServer();
    const older = await server.join();
    const newer = await server.join({ token: matchOf(older).joined.token });
    await server.run(5_000);
    expect(refusalOf(older)).toBe("replaced");
    expect(newer.client.losses).toBe(0);
  });
});

describe("while playing", () => {
  test("the roster is that of the room, whoever comes, changes or goes", async () => {
    const server = startToyServer();
    const [ada, bob] = [await server.join({ name: "Ada" }), await server.join({ name: "Bob" })];
    await server.run(500);
    const names = () => [...ada.client.roster.values()].map(({ name }) => name);
    expect(names()).toEqual(["Ada", "Bob"]);
    bob.client.leave();
    await server.run(500);
    expect(names()).toEqual(["Ada"]);
  });

  test("a player without a name is a guest with a number", async () => {
    const server = startToyServer();
    const player = await server.join({ name: "   " });
    await server.run(500);
    expect(player.client.roster.get(matchOf(player).player)?.name).toBe(`Guest ${matchOf(player).player}`);
  });

  test("the round trip is measured once a second", async () => {
    const server = startToyServer({}, { delayMs: () => 35 });
    const player = await server.join();
    await server.run(5_000);
    expect(player.client.rttSamplesMs.length).toBeGreaterThanOrEqual(4);
    // Taken at the next rendered frame: up to a tick more than the network takes.
    for (const rttMs of player.client.rttSamplesMs) expect(Math.abs(rttMs - 80)).toBeLessThanOrEqual(20);
  });

  test("news comes to everybody, and events to those who see their place, each once", async () => {
    const server = startToyServer({ mapSize: 100, pilots: 6 });
    const news: unknown[] = [];
    const player = await server.join({ news: (items) => void news.push(...items) });
    const popped: number[] = [];
    for (let frame = 0; frame < 500; frame++) {
      await server.run(20);
      popped.push(
        ...matchOf(player)
          .picture()
          .events.map(({ key }) => key),
      );
    }
    expect(popped.length).toBeGreaterThan(10);
    expect(new Set(popped).size).toBe(popped.length);
    // The newest are on the way to the render time, behind which events are drawn; the first came before the first frame.
    expect(Math.abs(news.length - popped.length)).toBeLessThan(5);
  });

  test("who slept comes back to the present at once, and plays on", async () => {
    const server = startToyServer();
    const player = await server.join();
    server.neglect(player);
    await server.run(30_000);
    for (let frame = 0; frame < 100; frame++) {
      await server.run(20);
      player.client.update(player.wish);
    }
    const { newestTick, predictedTick } = matchOf(player).picture();
    expect(server.tally.ticks - newestTick).toBeLessThan(5);
    expect(Math.abs(predictedTick - newestTick)).toBeLessThan(12);
  });
});

/** A way to the server on which every frame arrives cut short while it is on. */
function spoilFrames({ loopback }: ToyServer): { isOn: boolean; openLink: OpenLink } {
  const spoiling = {
    isOn: false,
    openLink: ((handlers) =>
      loopback.openLink({
        ...handlers,
        frame: (bytes) => handlers.frame(spoiling.isOn ? bytes.subarray(0, 6) : bytes),
      })) as OpenLink,
  };
  return spoiling;
}

describe("silence", () => {
  /** A player, and how often the link was suspected to be dead. */
  const joinSuspicious = async () => {
    const server = startToyServer();
    const seen = { suspicions: 0 };
    const player = await server.join({}, (handlers) => {
      const link = server.loopback.openLink(handlers);
      const request = link.request.bind(link);
      const suspect = () => void seen.suspicions++;
      return { request, suspect, sendPacket: (bytes) => link.sendPacket(bytes), close: () => link.close() };
    });
    return { server, player, seen };
  };

  test("of three to four and a half seconds has another connection tried, and again while it lasts", async () => {
    const { server, seen } = await joinSuspicious();
    await server.run(5_000);
    expect(seen.suspicions).toBe(0);
    server.network.delayMs = () => 3_600_000;
    await server.run(2_900);
    expect(seen.suspicions).toBe(0);
    await server.run(1_700);
    expect(seen.suspicions).toBe(1);
    await server.run(5_000);
    expect(seen.suspicions).toBe(2);
  });

  test("while the page itself stood still tells nothing", async () => {
    const { server, player, seen } = await joinSuspicious();
    server.neglect(player);
    server.network.delayMs = () => 20_000;
    await server.run(10_000);
    player.client.update(player.wish);
    expect(seen.suspicions).toBe(0);
  });
});
