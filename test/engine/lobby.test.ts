/** The lobby and the matchmaker: who gets a seat, in which room, and what becomes of rooms. */
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { connectionFrom } from "../support/deaf-connection.ts";
import {
  matchOf,
  openByHand,
  packetBytes,
  refusalOf,
  startToyServer,
  TOY,
  type ToyClient,
} from "../support/toy-server.ts";

const roomOf = (player: ToyClient) => matchOf(player).joined.room;
const byCode = (code: string) => ({ room: { kind: "code", code } satisfies RoomWish });
const newRoom = { room: { kind: "new" } satisfies RoomWish };

describe("a room is found", () => {
  test("by quick play: the fullest that is open", async () => {
    const server = startToyServer({ capacity: 3 });
    const players = [];
    for (let player = 0; player < 4; player++) players.push(await server.join());
    const [first, , , alone] = players;
    expect(roomOf(alone)).not.toBe(roomOf(first));
    const fuller = roomOf(first);
    first.client.leave();
    await server.run(100);
    expect(roomOf(await server.join())).toBe(fuller);
    expect(roomOf(await server.join())).toBe(roomOf(alone));
  });

  test("by its code, where it is private; quick play does not lead there", async () => {
    const server = startToyServer();
    const host = await server.join(newRoom);
    const [friend, stranger] = [await server.join(byCode(roomOf(host))), await server.join()];
    expect([matchOf(host).joined.isPrivate, matchOf(friend).joined.isPrivate]).toEqual([true, true]);
    expect(roomOf(friend)).toBe(roomOf(host));
    expect(roomOf(stranger)).not.toBe(roomOf(host));
    expect(matchOf(stranger).joined.isPrivate).toBe(false);
  });

  test("by a code that no room has: it is opened under it, so that friends meet again after a restart", async () => {
    const server = startToyServer();
    const friends = [await server.join(byCode("AGAIN")), await server.join(byCode("AGAIN"))];
    expect(friends.map(roomOf)).toEqual(["AGAIN", "AGAIN"]);
  });

  test("with a seed of its own, which follows from the server's", async () => {
    const seeds = async () => {
      const server = startToyServer({ seed: 77 });
      const players = [await server.join(newRoom), await server.join(newRoom)];
      return players.map((player) => matchOf(player).joined.setup.seed);
    };
    expect(await seeds()).toEqual([77, 78]);
    expect(await seeds()).toEqual([77, 78]);
  });
});

describe("a player is refused", () => {
  test("when the room of the code is full, and comes in when somebody leaves", async () => {
    const server = startToyServer({ capacity: 1 });
    const first = await server.join(byCode("SMALL"));
    const late = await server.join(byCode("SMALL"));
    expect(late.client.state).toEqual({ state: "connecting", waitsFor: "room-full" });
    expect(server.tally.refusals).toEqual(new Map([["room-full", 1]]));
    first.client.leave();
    await server.run(2_000);
    expect(roomOf(late)).toBe("SMALL");
  });

  test("when the name may not be shown", async () => {
    const server = startToyServer();
    expect(refusalOf(await server.join({ name: "<b>bold</b>" }))).toBe("name-refused");
    expect(server.tally.refusals).toEqual(new Map([["name-refused", 1]]));
    expect(server.matchmaker.rooms.size).toBe(0);
  });

  test("when they play already and ask for another room, and keep the seat", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    // Before the first command they may not know that they sit, see below.
    await hand.play();
    expect(await hand.ask(newRoom)).toEqual({ ok: false, reason: "already-joined" });
    expect(await hand.ask({ token: "made-up" })).toEqual({ ok: false, reason: "already-joined" });
    expect(server.matchmaker.occupancy()).toMatchObject({ humans: 1, rooms: 1 });
  });

  test("for having asked too often before anything is looked for: who plays already hears of that, too", async () => {
    const server = startToyServer({ limits: { joinsPerSecond: 0.2 } });
    const hand = await openByHand(server);
    await hand.play();
    const reasons = [await hand.ask(newRoom), await hand.ask(newRoom)].map((reply) => !reply.ok && reply.reason);
    expect(reasons).toEqual(["already-joined", "too-many-joins"]);
  });

  test("when too many have joined from one address, until some time has passed", async () => {
    const server = startToyServer({ capacity: 8, mapSize: 400 });
    // Somebody stays: the room is not opened anew for each visit.
    await server.join({}, server.linkFrom("192.0.2.7"));
    const hand = await openByHand(server);
    const joinAndLeave = async () => {
      const reply = await hand.ask();
      hand.link.request("leave", {});
      return reply;
    };
    let reply = await joinAndLeave();
    for (let joins = 1; joins < 400 && reply.ok; joins++) reply = await joinAndLeave();
    expect(reply).toEqual({ ok: false, reason: "too-many-joins" });
    await server.run(1_000);
    expect(await joinAndLeave()).toMatchObject({ ok: true });
  });

  test("when the server holds all the rooms that it may, and comes in when one has a place", async () => {
    const server = startToyServer({ mapSize: 400, maxRooms: 3, capacity: 1 });
    const players = [await server.join(), await server.join(), await server.join()];
    const late = await server.join();
    expect(late.client.state).toEqual({ state: "connecting", waitsFor: "server-full" });
    expect(server.matchmaker.rooms.size).toBe(3);
    players[1].client.leave();
    await server.run(2_000);
    expect(late.client.state.state).toBe("playing");
  });

  test("as one who has not joined, when they send commands all the same: these are counted", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    hand.send({ firstTick: 5 });
    await server.run(100);
    expect(server.tally.refusals).toEqual(new Map([["not-joined", 1]]));
  });
});

describe("who sits already and asks again, because no reply came, is given the same seat", () => {
  test.for([
    ["by the same wish", {}],
    ["for a new room", newRoom],
    ["for a room by its code", byCode("THERE")],
    ["with a token of before", { token: "made-up" }],
  ] as const)("%s", async ([, wish]) => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const first = await hand.ask();
    if (!first.ok) throw new Error(first.reason);
    expect(await hand.ask(wish)).toMatchObject({ ok: true, player: first.player, token: first.token, resumed: true });
    expect(server.matchmaker.occupancy()).toMatchObject({ humans: 1, rooms: 1 });
  });

  test("that it has by the browser's key, though somebody has played there before", async () => {
    const server = startToyServer();
    const [key, token] = ["k".repeat(22), "of-before"];
    const first = await openByHand(server);
    const { player } = await first.play({ key });
    first.link.close();
    const hand = await openByHand(server);
    for (let time = 0; time < 2; time++)
      expect(await hand.ask({ key, token })).toMatchObject({ ok: true, player, resumed: true });
    expect(server.matchmaker.occupancy().humans).toBe(1);
  });
});

test("of one key's seats the first 64 are looked at for one whose player is away", async () => {
  const server = startToyServer({ capacity: 128, limits: { seats: 128, joinsPerSecond: 100 } });
  const key = "k".repeat(22);
  const sit = () => {
    const handlers = server.lobby.accept(connectionFrom("192.0.2.1"));
    const reply = handlers.request("join", { name: "", room: { kind: "quick" }, key });
    handlers.packet(packetBytes({ firstTick: 10 }));
    return { ...handlers, resumed: reply.ok && reply.resumed };
  };
  const seated = Array.from({ length: 65 }, sit);
  seated[64].closed();
  expect(sit().resumed).toBe(false);
  seated[0].request("leave", {});
  expect(sit().resumed).toBe(true);
});

describe("a token", () => {
  test("that was never given leads to a new seat", async () => {
    const player = await startToyServer().join({ token: "made-up" });
    expect(matchOf(player).joined.resumed).toBe(false);
  });

  test("leads to its seat only in the room that is wished for", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const reply = await hand.play();
    hand.link.close();
    await server.run(100);
    const elsewhere = await server.join({ token: reply.token, ...byCode("ELSEWHERE") });
    expect(matchOf(elsewhere).joined).toMatchObject({ resumed: false, room: "ELSEWHERE" });
    const back = await server.join({ token: reply.token, ...byCode(reply.room) });
    expect(matchOf(back).joined).toMatchObject({ resumed: true, player: reply.player });
  });

  test("is a long word of chance: no two players have the same", async () => {
    const server = startToyServer();
    const tokens = [await server.join(), await server.join()].map((player) => matchOf(player).joined.token);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{22}$/);
  });
});

describe("a room ends", () => {
  test("a second after its last player left", async () => {
    const server = startToyServer({ pilots: 4 });
    const players = [await server.join(), await server.join()];
    players[0].client.leave();
    await server.run(2_000);
    expect(server.matchmaker.rooms.size).toBe(1);
    players[1].client.leave();
    await server.run(900);
    expect(server.matchmaker.rooms.size).toBe(1);
    await server.run(200);
    expect(server.matchmaker.rooms.size).toBe(0);
  });

  test("not for as long as somebody follows within a second: many come and go by a code, and it is opened once", async () => {
    const server = startToyServer();
    const refusals: string[] = [];
    const room = () => [...server.matchmaker.rooms.values()][0];
    const first = await server.join(byCode("FRIEND"));
    const opened = room();
    first.client.leave();
    for (let visit = 0; visit < 50; visit++) {
      await server.run(500);
      const hand = await openByHand(server, server.linkFrom(`203.0.113.${visit}`));
      const reply = await hand.ask(byCode("FRIEND"));
      if (!reply.ok) refusals.push(reply.reason);
      hand.link.close();
    }
    expect(refusals).toEqual([]);
    expect(room()).toBe(opened);
  });

  test("when it throws: its players are told 'room-failed', and no other room notices", async () => {
    const failing = failsInRoom(2, 100);
    const server = startToyServer({ game: failing });
    const [here, there] = [await server.join(byCode("HERE")), await openByHand(server)];
    await there.ask(byCode("THERE"));
    await server.run(3_000);
    expect(there.heard).toContain("lost");
    expect([...server.matchmaker.rooms.keys()]).toEqual(["HERE"]);
    expect(here.client.losses).toBe(0);
    expect(matchOf(here).counts.frames).toBeGreaterThan(70);
  });

  test("when it throws: everybody is told, though one of them cannot be", async () => {
    const server = startToyServer({ game: failsInRoom(1, 100), holdMs: 1_000 });
    const told: string[] = [];
    const breaks = (reason: string) => {
      throw new Error(`cannot say ${reason}`);
    };
    const closes = [(reason: string) => told.push(reason), breaks, (reason: string) => told.push(reason)];
    for (const [index, close] of closes.entries()) {
      const connection = { ...connectionFrom(`192.0.2.${index}`), close: (reason: string) => void close(reason) };
      server.lobby.accept(connection).request("join", { name: "", room: { kind: "quick" } });
    }
    await server.run(3_000);
    expect(told).toEqual(["room-failed", "room-failed"]);
    expect(server.matchmaker.occupancy()).toEqual({ humans: 0, pilots: 0, rooms: 0 });
  });

  test("a moment after it was opened, if nobody came into it", async () => {
    const server = startToyServer({ pilots: 4, maxPrivateRoomsPerAddress: 1 });
    const opened = () => typeof server.matchmaker.find({ kind: "new" }, "192.0.2.1");
    expect([opened(), opened()]).toEqual(["object", "string"]);
    await server.run(2_000);
    expect(server.matchmaker.occupancy().rooms).toBe(0);
    await server.run(5_000);
    expect(opened()).toBe("object");
  });

  test("when it throws, and a new one takes in whoever comes back", async () => {
    const server = startToyServer({ game: failsInRoom(1, 50) });
    const player = await server.join(byCode("THERE"));
    const { token } = matchOf(player).joined;
    await server.run(3_000);
    expect(player.client.losses).toBe(1);
    expect(matchOf(player).joined).toMatchObject({ room: "THERE", resumed: false });
    expect(matchOf(player).joined.token).not.toBe(token);
  });

  test("when the server closes: everybody is told, in every room, and nobody is let in any more", async () => {
    const server = startToyServer();
    const players = [await server.join(), await server.join(newRoom)];
    server.lobby.close();
    await server.run(100);
    for (const { client } of players)
      expect(client.state).toMatchObject({ state: "reconnecting", isServerClosing: true });
    const hand = await openByHand(server);
    expect(await hand.ask()).toEqual({ ok: false, reason: "server-closing" });
    expect(server.matchmaker.rooms.size).toBe(0);
  });
});

/** The toy game, but for a step that throws in the room of that seed when it has come to that tick. */
function failsInRoom(seed: number, atTick: number): typeof TOY {
  const doomed = new WeakSet<object>();
  return {
    ...TOY,
    createWorld: (setup) => {
      const world = TOY.createWorld(setup);
      if (setup.seed === seed && setup.role === "authority") doomed.add(world);
      return world;
    },
    step: (world, commands) => {
      if (doomed.has(world) && world.tick === atTick) throw new Error("the step is broken");
      TOY.step(world, commands);
    },
  };
}

describe("a player's name", () => {
  test("that was refused is asked for again with the letter that is to change", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const detail = "Letter 3, U+3164, cannot be seen.";
    expect(await hand.ask({ name: "Ac\u3164e" })).toEqual({ ok: false, reason: "name-refused", detail });
    expect(await hand.ask({ name: "Ace" })).toMatchObject({ ok: true });
  });

  test("is like no other's in the room, pilots' and guests' among them, and the same in another room", async () => {
    const server = startToyServer({ pilots: 3, capacity: 8 });
    const names = [];
    for (const name of ["Ace", "Асе", "Pilot 1", "Guest 1"]) names.push(nameOf(await server.join({ name })));
    expect(names.slice(0, 3)).toEqual(["Ace", "Асе 2", "Pilot 2"]);
    expect(names[3]).toMatch(/^Guest \d+$/);
    expect(nameOf(await server.join({ name: "Ace", ...newRoom }))).toBe("Ace");
  });

  test("is kept by who comes back to the seat, and free when the seat is given up", async () => {
    const server = startToyServer();
    const [first, second] = [await server.join({ name: "Ace" }), await server.join({ name: "Ace" })];
    const back = await server.join({ name: "Bee", token: matchOf(second).joined.token });
    expect(nameOf(back)).toBe("Ace 2");
    first.client.leave();
    await server.run(200);
    expect(nameOf(await server.join({ name: "Ace" }))).toBe("Ace");
  });
});

function nameOf(player: ToyClient): string | undefined {
  return player.client.roster.get(matchOf(player).player)?.name;
}
