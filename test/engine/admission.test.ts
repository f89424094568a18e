/** What one address may have: seats, rooms, spares and visits; and that nobody else notices. */
import { DEFAULT_LIMITS, NO_LIMITS } from "@starwake/server/engine/address-limits.ts";
import { Admission } from "@starwake/server/engine/admission.ts";
import type { Refusal, RoomWish } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { connectionFrom } from "../support/deaf-connection.ts";
import { type ByHand, matchOf, openByHand, startToyServer, type ToyServer } from "../support/toy-server.ts";

const newRoom = { room: { kind: "new" } satisfies RoomWish };
const byCode = (code: string) => ({ room: { kind: "code", code } satisfies RoomWish });
const OTHER = "192.0.2.7";

/** Players of one address, each of whom has sent a command. @returns them, and why the others were refused */
async function seatMany(server: ToyServer, count: number, wish: { room?: RoomWish } = {}, address = "203.0.113.1") {
  const openLink = server.linkFrom(address);
  const seated: ByHand[] = [];
  const refused: Refusal[] = [];
  for (let player = 0; player < count; player++) {
    const hand = await openByHand(server, openLink);
    const reply = await hand.ask(wish);
    if (!reply.ok) {
      refused.push(reply.reason);
      continue;
    }
    hand.send({ firstTick: reply.tick + 5 });
    seated.push(hand);
  }
  return { seated, refused };
}

describe("seats of one address", () => {
  test("are 64 unless set, those whose players are away among them; another address has its own", async () => {
    const server = startToyServer({ capacity: 128 });
    const { seated, refused } = await seatMany(server, 66);
    expect([seated.length, refused]).toEqual([64, ["too-many-seats", "too-many-seats"]]);
    seated[0].link.close();
    await server.run(100);
    expect((await seatMany(server, 1)).refused).toEqual(["too-many-seats"]);
    expect((await seatMany(server, 1, {}, OTHER)).refused).toEqual([]);
    await server.run(21_000);
    expect((await seatMany(server, 2)).refused).toEqual(["too-many-seats"]);
  });

  test("are as many as are set, and without end where the limit is lifted", async () => {
    const few = startToyServer({ limits: { seats: 2 } });
    expect((await seatMany(few, 4)).seated).toHaveLength(2);
    const many = startToyServer({ capacity: 100, limits: { seats: Number.POSITIVE_INFINITY } });
    expect((await seatMany(many, 100)).seated).toHaveLength(100);
  });

  test("count on the address that the player came back from, who is let in even where it has no seat left", async () => {
    const server = startToyServer({ limits: { seats: 1 } });
    const player = await openByHand(server, server.linkFrom("203.0.113.1"));
    const { token } = await player.play();
    await seatMany(server, 1, {}, OTHER);
    const moved = await openByHand(server, server.linkFrom(OTHER));
    expect(await moved.ask({ token })).toMatchObject({ ok: true, resumed: true });
    expect((await seatMany(server, 1)).refused).toEqual([]);
    expect((await seatMany(server, 1, {}, OTHER)).refused).toEqual(["too-many-seats"]);
  });

  test.for(["leave", "close the server's room"] as const)("are free again when those who sat there %s", async (how) => {
    const server = startToyServer({ limits: { seats: 2 } });
    const { seated } = await seatMany(server, 2, byCode("ROOM"));
    if (how === "leave") for (const { link } of seated) link.request("leave", {});
    else server.matchmaker.rooms.get("ROOM")!.close("room-failed");
    await server.run(100);
    server.matchmaker.rooms.delete("ROOM");
    expect((await seatMany(server, 3)).refused).toEqual(["too-many-seats"]);
  });
});

describe("private rooms of one address", () => {
  test("are four unless set; who comes into another's room has opened none, and quick play goes on", async () => {
    const server = startToyServer();
    const { seated, refused } = await seatMany(server, 5, newRoom);
    expect([seated.length, refused]).toEqual([4, ["too-many-private-rooms"]]);
    expect((await seatMany(server, 1, byCode("FRESH"))).refused).toEqual(["too-many-private-rooms"]);
    const [code] = server.matchmaker.rooms.keys();
    expect((await seatMany(server, 1, byCode(code))).refused).toEqual([]);
    expect((await seatMany(server, 1)).refused).toEqual([]);
    expect((await seatMany(server, 1, newRoom, OTHER)).refused).toEqual([]);
  });

  test("count until five seconds after their end: opening costs more than having", async () => {
    const server = startToyServer({ maxPrivateRoomsPerAddress: 1 });
    const { seated } = await seatMany(server, 1, newRoom);
    seated[0].link.request("leave", {});
    await server.run(1_100);
    expect(server.matchmaker.rooms.size).toBe(0);
    expect((await seatMany(server, 1, newRoom)).refused).toEqual(["too-many-private-rooms"]);
    await server.run(5_000);
    expect((await seatMany(server, 1, newRoom)).refused).toEqual([]);
  });

  test("of all addresses together leave half of the rooms to quick play, which finds a place", async () => {
    const server = startToyServer({ maxRooms: 7, capacity: 1 });
    const refusals: Refusal[] = [];
    for (let address = 0; address < 10; address++)
      refusals.push(...(await seatMany(server, 1, newRoom, `198.51.100.${address}`)).refused);
    expect(refusals).toEqual(Array(7).fill("server-full"));
    expect((await seatMany(server, 5)).refused).toEqual(["server-full"]);
    expect(server.matchmaker.rooms.size).toBe(7);
  });

  test("of one that opens room after room as fast as it may are never many, nor is a stranger kept waiting", async () => {
    const server = startToyServer({ mapSize: 400, pilots: 4 });
    const openLink = server.linkFrom("203.0.113.1");
    let mostRooms = 0;
    for (let attempt = 0; attempt < 200; attempt++) {
      const hand = await openByHand(server, openLink);
      await hand.ask(newRoom);
      mostRooms = Math.max(mostRooms, server.matchmaker.rooms.size);
    }
    expect(mostRooms).toBe(4);
    expect((await server.join({}, server.linkFrom(OTHER))).client.state.state).toBe("playing");
  });
});

describe("public rooms", () => {
  const visit = async (server: ToyServer, times: number, { stays, address = "203.0.113.1" }: Visits) => {
    const refusals = new Set<Refusal>();
    const opened = new Set<string>();
    for (let visits = 0; visits < times; visits++) {
      const hand = await openByHand(server, server.linkFrom(address));
      const reply = await hand.ask({});
      if (!reply.ok) refusals.add(reply.reason);
      for (const code of server.matchmaker.rooms.keys()) opened.add(code);
      if (!stays) hand.link.request("leave", {});
      await server.run(20);
    }
    return { opened: opened.size, refusals: [...refusals] };
  };
  type Visits = { stays: boolean; address?: string };

  test("are not opened again and again for who comes and goes alone", async () => {
    const server = startToyServer({ limits: { joinsPerSecond: Number.POSITIVE_INFINITY } });
    expect(await visit(server, 500, { stays: false })).toEqual({ opened: 1, refusals: [] });
  });

  test("are opened one a second for an address that fills them, and a stranger gets one", async () => {
    const server = startToyServer({ capacity: 1, limits: { joinsPerSecond: Number.POSITIVE_INFINITY } });
    const { opened, refusals } = await visit(server, 100, { stays: true });
    expect(refusals).toEqual(["server-busy"]);
    expect(opened).toBeLessThanOrEqual(4 + 1 + server.clock.now() / 1_000);
    expect((await visit(server, 1, { stays: true, address: OTHER })).refusals).toEqual([]);
  });

  test("are bounded so when the limit of private ones is lifted, too, and not when their own is", async () => {
    const limits = { joinsPerSecond: Number.POSITIVE_INFINITY };
    const lifted = { capacity: 1, limits, maxPrivateRoomsPerAddress: Number.POSITIVE_INFINITY };
    expect((await visit(startToyServer(lifted), 25, { stays: true })).opened).toBeLessThan(10);
    const openingsPerSecondPerAddress = Number.POSITIVE_INFINITY;
    const openingsPerSecond = Number.POSITIVE_INFINITY;
    const open = startToyServer({ ...lifted, openingsPerSecond, openingsPerSecondPerAddress });
    expect(await visit(open, 25, { stays: true })).toEqual({ opened: 25, refusals: [] });
  });

  test("are opened at once for a class where rooms are small, for as many as it takes a moment later", async () => {
    const server = startToyServer({ capacity: 4 });
    const { seated } = await seatMany(server, 16);
    expect(seated.length).toBe(16);
    expect((await seatMany(server, 1)).refused).toEqual(["server-busy"]);
    await server.run(1_000);
    expect((await seatMany(server, 4)).refused).toEqual([]);
  });
});

describe("private rooms of many addresses", () => {
  const openMany = async (server: ToyServer, addresses: number) => {
    const refusals: Refusal[] = [];
    for (let address = 0; address < addresses; address++) {
      const hand = await openByHand(server, server.linkFrom(`198.51.100.${address}`));
      const reply = await hand.ask(newRoom);
      if (!reply.ok) refusals.push(reply.reason);
    }
    return refusals;
  };

  /** Each asks for as many as it gets. @returns how many each got */
  const takeAll = ({ matchmaker }: ToyServer, addresses: readonly string[]) =>
    addresses.map((address) => {
      let opened = 0;
      while (typeof matchmaker.find({ kind: "new" }, address) !== "string") opened++;
      return opened;
    });
  const addresses = (count: number, network = "198.51.100") =>
    Array.from({ length: count }, (_, index) => `${network}.${index}`);
  const openingsPerSecond = Number.POSITIVE_INFINITY;

  test.for([
    ["25 addresses", addresses(25)],
    [
      "four sites with eight networks each",
      ["a", "b", "c", "d"].flatMap((site) =>
        Array.from({ length: 8 }, (_, network) => `2001:db8:${site}:${network}::/64`),
      ),
    ],
  ] as const)("are not all taken by %s: ten strangers have one each", ([, many]) => {
    const server = startToyServer({ openingsPerSecond });
    takeAll(server, many);
    const strangers = addresses(10, "203.0.113").map((address) => typeof server.matchmaker.find(newRoom.room, address));
    expect(strangers).toEqual(Array(10).fill("object"));
  });

  test("are four for each while many are left, and any number where the limit is lifted", () => {
    expect(takeAll(startToyServer({ openingsPerSecond }), addresses(17))).toEqual(Array(17).fill(4));
    const lifted = startToyServer({ openingsPerSecond, maxPrivateRoomsPerAddress: Number.POSITIVE_INFINITY });
    expect(takeAll(lifted, addresses(1))).toEqual([100]);
  });

  test("are opened eight at once, so that no tick waits for more, and four a second from then on", async () => {
    const server = startToyServer({ mapSize: 400 });
    const refusals = await openMany(server, 100);
    expect(new Set(refusals)).toEqual(new Set(["server-busy"]));
    expect(refusals.length).toBeGreaterThanOrEqual(100 - 8 - 4 * Math.ceil(server.clock.now() / 1000));
    await server.run(1_000);
    expect((await openMany(server, 1)).length).toBe(0);
  });

  test("are not opened while ticks are late: those who play come first, and quick play goes on", async () => {
    const server = startToyServer({ mapSize: 400 });
    const { punctuality } = server.matchmaker;
    for (let second = 0; second < 3; second++) {
      punctuality.note(60, server.clock.now());
      await server.run(1_000);
    }
    expect(await openMany(server, 1)).toEqual(["server-busy"]);
    expect((await server.join({}, server.linkFrom(OTHER))).client.state.state).toBe("playing");
    await server.run(10_000);
    expect(await openMany(server, 1)).toEqual([]);
  });
});

describe("seats while ticks are nearly late", () => {
  const CROWD = 256;
  const strain = async ({ matchmaker, clock, run }: ToyServer, latenessMs = 40, seconds = 3) => {
    for (let second = 0; second < seconds; second++) {
      matchmaker.punctuality.note(latenessMs, clock.now());
      await run(1_000);
    }
  };
  const open = (seats = 400) =>
    startToyServer({ capacity: 400, limits: { ...NO_LIMITS, seats }, openingsPerSecond: Number.POSITIVE_INFINITY });
  const played = (hands: readonly ByHand[]) => hands.filter(({ heard }) => !heard.includes("lost")).length;

  test("are for who has few, once there is a crowd: a hundred addresses cannot make it late by sitting down", async () => {
    const server = open();
    expect((await seatMany(server, CROWD)).refused).toEqual([]);
    await strain(server);
    expect((await seatMany(server, 3)).refused).toEqual(Array(3).fill("server-busy"));
    expect((await seatMany(server, 10, {}, OTHER)).refused).toEqual(Array(6).fill("server-busy"));
    await server.run(10_000);
    expect((await seatMany(server, 3)).refused).toEqual([]);
  });

  test("are for everybody where the limit of seats is lifted", async () => {
    const server = open(Number.POSITIVE_INFINITY);
    const { seated } = await seatMany(server, CROWD);
    await strain(server, 60);
    expect((await seatMany(server, 3)).refused).toEqual([]);
    expect(played(seated)).toBe(CROWD);
  });

  test("are given up, once they are late, by who has most of them, and by nobody who has few", async () => {
    const server = open();
    const many = (await seatMany(server, 200)).seated;
    const some = (await seatMany(server, 60, {}, OTHER)).seated;
    const few = (await seatMany(server, 8, {}, "192.0.2.8")).seated;
    await strain(server, 60, 2);
    expect(played([...many, ...some, ...few])).toBe(268);
    await strain(server, 60, 1);
    expect([played(many), played(some), played(few)]).toEqual([200 - Math.ceil(268 / 16), 60, 8]);
    // No crowd is left then.
    await strain(server, 60, 5);
    expect([played(some), played(few)]).toEqual([60, 8]);
    expect(played(many)).toBe(200 - Math.ceil(268 / 16));
  });

  test("come back by and by, once they were too many: a crowd that fills up at once is too much again at once", async () => {
    const server = open();
    await seatMany(server, 300);
    await strain(server, 60);
    const left = 300 - Math.ceil(300 / 16);
    await server.run(10_000);
    // Eleven seconds have passed of two minutes, and those that it takes to ask.
    const back = (await seatMany(server, 60)).seated.length;
    expect(back).toBeGreaterThan((left * 11) / 120);
    expect(back).toBeLessThan((left * 16) / 120);
    expect((await seatMany(server, 4, {}, OTHER)).refused).toEqual([]);
    await server.run(120_000);
    expect((await seatMany(server, 60)).refused).toEqual([]);
  });

  test("are for everybody among few: it is the machine that has no time", async () => {
    const server = open();
    await seatMany(server, CROWD - 4);
    await strain(server);
    expect((await seatMany(server, 3)).refused).toEqual([]);
  });

  test("are given back to who had them", async () => {
    const server = open();
    const first = await openByHand(server, server.linkFrom(OTHER));
    const { token } = await first.play();
    await seatMany(server, CROWD);
    await strain(server);
    first.link.close();
    const again = await openByHand(server, server.linkFrom("203.0.113.1"));
    expect(await again.ask({ token })).toMatchObject({ ok: true, resumed: true });
  });
});

describe("visits of one address", () => {
  /** Somebody stays: the room is not opened anew for each visit. */
  const occupy = async (server: ToyServer) => {
    if (server.matchmaker.rooms.size === 0) await seatMany(server, 1, {}, "203.0.113.250");
  };
  const count = async (server: ToyServer, openLink = server.loopback.openLink, most = 400) => {
    await occupy(server);
    const hand = await openByHand(server, openLink);
    const replies = Array.from({ length: most }, () => {
      const reply = hand.link.request("join", { name: "", room: { kind: "quick" } });
      hand.link.request("leave", {});
      return reply;
    });
    await server.run(20);
    const answers = await Promise.all(replies);
    return answers.filter((answer) => answer.ok).length;
  };

  test("are ten a second unless set, after ten seconds' worth at once: a school of 64 comes back at once", async () => {
    const server = startToyServer();
    expect(await count(server)).toBe(100);
    await server.run(1_000);
    expect(await count(server)).toBe(10);
    expect(await count(server, server.linkFrom(OTHER))).toBe(100);
  });

  test("are as many as are set, and without end where the limit is lifted", async () => {
    expect(await count(startToyServer({ limits: { joinsPerSecond: 2 } }))).toBe(20);
    // Of so many that leave at once the room lets in no more than its numbers allow.
    const infinite = Number.POSITIVE_INFINITY;
    const lifted = startToyServer({ limits: { joinsPerSecond: infinite, allJoinsPerSecond: infinite } });
    expect(await count(lifted, lifted.loopback.openLink, 300)).toBe(300);
  });

  test("of a hundred addresses that all ask for what they may are 100 a second together, and a stranger comes in", async () => {
    const server = startToyServer({ maxRooms: Number.POSITIVE_INFINITY });
    const links = Array.from({ length: 100 }, (_, address) => server.linkFrom(`198.51.100.${address}`));
    let joins = 0;
    for (let round = 0; round < 4; round++) {
      for (const openLink of links) joins += await count(server, openLink, 12);
      expect(joins).toBeLessThanOrEqual(300 + server.clock.now() / 10);
      expect(await count(server, server.linkFrom(`203.0.113.${round}`), 1)).toBe(1);
    }
    expect(joins).toBeGreaterThan(300);
  });

  test("of 10,000 other addresses renew no one's", async () => {
    const server = startToyServer({ maxRooms: Number.POSITIVE_INFINITY });
    expect(await count(server)).toBe(100);
    for (let address = 0; address < 10_000; address++)
      server.lobby.accept(connectionFrom(`2001:db8:0:${address.toString(16)}::/64`)).request("spare", { token: "" });
    expect(await count(server)).toBeLessThan(5);
  });

  test("are counted apart for spares: those of some keep no player out", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const asked = Array.from({ length: 200 }, () => hand.link.request("spare", { token: "none" }));
    await server.run(20);
    const reasons = (await Promise.all(asked)).map((reply) => !reply.ok && reply.reason);
    expect(new Set(reasons)).toEqual(new Set(["no-such-seat", "too-many-joins"]));
    expect((await server.join()).client.state.state).toBe("playing");
  });
});

describe("spares of one address", () => {
  const openSpares = async (server: ToyServer, seats: readonly string[], address: string) => {
    const openLink = server.linkFrom(address);
    const replies = [];
    for (const token of seats) {
      for (let spare = 0; spare < 4; spare++) {
        const hand = await openByHand(server, openLink);
        const asked = hand.link.request("spare", { token });
        await server.run(20);
        replies.push({ hand, reply: await asked });
      }
    }
    return replies;
  };

  test("are 32 unless set, and another address has its own; one that goes makes room", async () => {
    const server = startToyServer({ capacity: 16 });
    const { seated } = await seatMany(server, 0);
    expect(seated).toEqual([]);
    const tokens: string[] = [];
    for (let player = 0; player < 10; player++) tokens.push((await (await openByHand(server)).play()).token);
    const spares = await openSpares(server, tokens.slice(0, 9), "203.0.113.1");
    expect(spares.filter(({ reply }) => reply.ok)).toHaveLength(32);
    expect(spares.at(-1)!.reply).toEqual({ ok: false, reason: "too-many-spares" });
    expect((await openSpares(server, [tokens[9]], OTHER)).every(({ reply }) => reply.ok)).toBe(true);
    spares[0].hand.link.close();
    await server.run(100);
    const [again] = await openSpares(server, [tokens[0]], "203.0.113.1");
    expect(again.reply.ok).toBe(true);
  });

  const networks = (site: string) => Array.from({ length: 8 }, (_, network) => `2001:db8:${site}:${network}::/64`);
  test.for([
    ["63 addresses", Array.from({ length: 63 }, (_, index) => `198.51.100.${index}`)],
    ["eight sites with eight networks each", ["1", "2", "3", "4", "5", "6", "7", "8"].flatMap(networks)],
  ] as const)("are not all taken by %s: ten strangers have four each", ([, many]) => {
    const admission = new Admission(DEFAULT_LIMITS, 0);
    const takeMany = (address: string, most: number) => {
      let taken = 0;
      for (; taken < most && admission.hasSpareFor(address); taken++) admission.spareTaken(connectionFrom(address));
      return taken;
    };
    for (const address of many) takeMany(address, Number.POSITIVE_INFINITY);
    const strangers = Array.from({ length: 10 }, (_, index) => takeMany(`203.0.113.${index}`, 4));
    expect(strangers).toEqual(Array(10).fill(4));
  });

  test("are forgotten with their seats", async () => {
    const server = startToyServer({ limits: { spares: 4 } });
    for (let round = 0; round < 3; round++) {
      const hand = await openByHand(server);
      const { token } = await hand.play();
      expect((await openSpares(server, [token], "203.0.113.1")).every(({ reply }) => reply.ok)).toBe(true);
      hand.link.request("leave", {});
      await server.run(100);
    }
  });
});

describe("the transport is told who sits", () => {
  test("from the join to the leave, and again", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    expect(server.loopback.seated()).toBe(0);
    await hand.play();
    expect(server.loopback.seated()).toBe(1);
    hand.link.request("leave", {});
    await server.run(40);
    expect(server.loopback.seated()).toBe(0);
    await hand.play();
    expect(server.loopback.seated()).toBe(1);
  });

  test("of spares, as long as they serve, and of who comes back", async () => {
    const server = startToyServer();
    const player = await server.join();
    const spare = await openByHand(server);
    spare.link.request("spare", { token: matchOf(player).joined.token });
    await server.run(40);
    expect(server.loopback.seated()).toBe(2);
    server.loopback.cut();
    await server.run(2_000);
    expect(player.client.state.state).toBe("playing");
    expect(server.loopback.seated()).toBe(1);
  });
});
