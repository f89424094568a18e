/** Seats of players who never sent a command: they hold no place, and no room. */
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { matchOf, openByHand, packetBytes, startToyServer } from "../support/toy-server.ts";

const byCode = (code: string) => ({ room: { kind: "code", code } satisfies RoomWish });
const newRoom = { room: { kind: "new" } satisfies RoomWish };

describe("who never sent a command", () => {
  test("gives the seat up at once when the connection goes, and a second later the room that nobody else is in", async () => {
    const server = startToyServer({ pilots: 4 });
    const hand = await openByHand(server);
    const reply = await hand.ask(newRoom);
    if (!reply.ok) throw new Error(reply.reason);
    hand.link.close();
    await server.run(40);
    expect(server.matchmaker.occupancy()).toMatchObject({ humans: 0, rooms: 1 });
    await server.run(1_000);
    expect(server.matchmaker.occupancy()).toEqual({ humans: 0, pilots: 0, rooms: 0 });
  });

  test("gives the seat up after ten seconds all the same, and is told 'not-responding'", async () => {
    const server = startToyServer({ pilots: 4 });
    const hand = await openByHand(server);
    await hand.ask(newRoom);
    await server.run(9_500);
    expect(server.matchmaker.occupancy()).toMatchObject({ humans: 1, rooms: 1 });
    await server.run(2_000);
    expect(hand.heard).toContain("lost");
    expect(server.matchmaker.occupancy()).toEqual({ humans: 0, pilots: 0, rooms: 0 });
  });

  test("is not one who sends bytes that are no command", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    await hand.ask();
    hand.link.sendPacket(Uint8Array.from([2, 255]));
    await server.run(11_000);
    expect(server.matchmaker.occupancy().humans).toBe(0);
  });

  test("is not one who has sent some: that seat is held, and a spare's packet counts", async () => {
    const server = startToyServer();
    const [hand, spare] = [await openByHand(server), await openByHand(server)];
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    spare.link.request("spare", { token: reply.token });
    await server.run(40);
    spare.link.sendPacket(packetBytes({ firstTick: reply.tick + 10 }));
    await server.run(11_000);
    hand.link.close();
    await server.run(15_000);
    expect(server.matchmaker.occupancy().humans).toBe(1);
  });

  test("stays one who has when they come back and are silent: their place is held as any other's", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const { token } = await hand.play();
    hand.link.close();
    await server.run(5_000);
    const again = await openByHand(server);
    expect(await again.ask({ token })).toMatchObject({ ok: true, resumed: true });
    await server.run(15_000);
    expect(server.matchmaker.occupancy().humans).toBe(1);
  });
});

describe("a room full of those who never sent a command", () => {
  const fill = async (capacity: number) => {
    const server = startToyServer({ capacity });
    const hands = [];
    for (let player = 0; player < capacity; player++) {
      const hand = await openByHand(server);
      const reply = await hand.ask(byCode("FRIENDS"));
      if (!reply.ok) throw new Error(reply.reason);
      hands.push({ ...hand, reply });
    }
    return { server, hands };
  };

  test("takes in a friend at once when their connections are cut", async () => {
    const { server, hands } = await fill(64);
    for (const { link } of hands) link.close();
    await server.run(40);
    const friend = await server.join(byCode("FRIENDS"));
    expect(matchOf(friend).joined.room).toBe("FRIENDS");
    expect(server.tally.refusals.get("room-full")).toBeUndefined();
  });

  test("takes in a friend in place of the one who came first, who is told; the others sit on", async () => {
    const { server, hands } = await fill(8);
    await server.run(2_000);
    const friend = await server.join(byCode("FRIENDS"));
    expect(matchOf(friend).joined.room).toBe("FRIENDS");
    expect(server.matchmaker.occupancy().humans).toBe(8);
    expect(hands.map(({ heard }) => heard.includes("lost"))).toEqual([true, ...Array(7).fill(false)]);
  });

  test("gives nobody's place away whose first command may be on its way", async () => {
    const { server } = await fill(8);
    const friend = server.open(byCode("FRIENDS"));
    await server.run(100);
    expect(friend.client.state).toEqual({ state: "connecting", waitsFor: "room-full" });
    await server.run(4_000);
    expect(matchOf(friend).joined.room).toBe("FRIENDS");
  });

  test("of one place is not ended by the friend who takes it", async () => {
    const { server } = await fill(1);
    await server.run(2_000);
    const friend = await server.join(byCode("FRIENDS"));
    await server.run(2_000);
    expect(matchOf(friend).counts.frames).toBeGreaterThan(40);
    expect(friend.client.losses).toBe(0);
  });

  test("gives no place of one who plays away", async () => {
    const server = startToyServer({ capacity: 2 });
    const players = [await server.join(byCode("FRIENDS")), await server.join(byCode("FRIENDS"))];
    await server.run(3_000);
    const late = await server.join(byCode("FRIENDS"));
    expect(late.client.state).toEqual({ state: "connecting", waitsFor: "room-full" });
    expect(players.map(({ client }) => client.losses)).toEqual([0, 0]);
  });

  test("is where quick play leads, too, rather than to another room", async () => {
    const server = startToyServer({ capacity: 4 });
    for (let player = 0; player < 4; player++) await (await openByHand(server)).ask();
    await server.run(2_000);
    await server.join();
    expect(server.matchmaker.occupancy()).toMatchObject({ humans: 4, rooms: 1 });
  });
});
