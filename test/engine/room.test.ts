/** Rooms and their sessions, over a loopback: commands, frames, flow control, and who comes back. */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { describe, expect, test } from "vitest";
import { connectionFrom } from "../support/deaf-connection.ts";
import {
  HOLD_MS,
  matchOf,
  openByHand,
  refusalOf,
  startToyServer,
  TICK_RATE,
  TOY,
  type ToyClient,
} from "../support/toy-server.ts";
import { dots, Kind, type Wish } from "./toy-game.ts";

/** So small that everybody sees everybody. */
const mapSize = 400;
const THROWING: Wish = { heading: 1, facing: 9, throws: 1 };

function dotSeenBy(observer: ToyClient, id: number) {
  const dot = matchOf(observer)
    .picture()
    .moving(Kind.Dot)
    .find((drawn) => drawn.id === id);
  return dot && { facing: dot.row[0], heading: dot.row[1], x: dot.row[2], y: dot.row[3] };
}

describe("commands", () => {
  test("move the ship that everybody sees", async () => {
    const server = startToyServer({ mapSize });
    const [one, other] = [await server.join(), await server.join()];
    one.wish = () => ({ heading: 5, facing: 77, throws: 0 });
    await server.run(2_000);
    expect(dotSeenBy(other, matchOf(one).player)).toMatchObject({ heading: 5, facing: 77, x: 0 });
  });

  test("that are missing repeat what was held, but never an edge", async () => {
    const server = startToyServer({ mapSize });
    const [sleeper, observer] = [await server.join(), await server.join()];
    const { player } = matchOf(sleeper);
    sleeper.wish = () => THROWING;
    await server.run(500);
    server.neglect(sleeper);
    await server.run(2_000);
    const { newestTick, still } = matchOf(observer).picture();
    expect(dotSeenBy(observer, player)).toMatchObject({ heading: 1, facing: 9 });
    expect([...still(Kind.Dart)].filter(({ row }) => row[0] === player && row[1] > newestTick - 50)).toEqual([]);
    expect(server.tally.commands.missing).toBeGreaterThan(90);
  });

  test.for([
    ["long past", -1_000, { late: 1, refused: 0 }],
    ["just past", 0, { late: 1, refused: 0 }],
    ["two seconds ahead", 2 * TICK_RATE, { late: 0, refused: 1 }],
    ["far ahead", 20_000, { late: 0, refused: 1 }],
  ] as const)("for a tick %s are dropped and counted, and move nothing", async ([, ahead, counts]) => {
    const server = startToyServer({ mapSize });
    const [observer, hand] = [await server.join(), await openByHand(server)];
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    hand.send({ firstTick: reply.tick + ahead, commands: [THROWING] });
    await server.run(500);
    expect(server.tally.commands).toMatchObject(counts);
    expect(dotSeenBy(observer, reply.player)).toMatchObject({ heading: 0, facing: 0 });
  });

  test("a second one for the same tick is refused, and counted", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    for (const heading of [3, 5]) hand.send({ firstTick: reply.tick + 10, commands: [{ ...THROWING, heading }] });
    await server.run(100);
    expect(server.tally.commands).toMatchObject({ late: 0, refused: 1 });
    expect(await answerTo(server, hand.link.request("ping", {}))).toMatchObject({ refused: 1 });
  });

  test("cannot be had from bytes that are no packet: the transport, which counts them, is told so", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    await hand.ask();
    for (const bytes of [[2], [2, 255], [2, 0, 0, 0, 0, 255, 255, 255]]) hand.link.sendPacket(Uint8Array.from(bytes));
    await server.run(100);
    expect(server.loopback.refusals).toEqual(["malformed", "malformed", "malformed"]);
    expect(server.tally.commands).toMatchObject({ onTime: 0, late: 0, refused: 0 });
  });
});

describe("frames", () => {
  test("go to all players of a small room in the same ticks", async () => {
    const server = startToyServer({ capacity: 8, frameRate: 25 });
    for (let player = 0; player < 8; player++) await server.join();
    const sent: number[] = [];
    for (let tick = 0; tick < 20; tick++) {
      const before = server.tally.framesSent;
      await server.run(1000 / TICK_RATE);
      sent.push(server.tally.framesSent - before);
    }
    expect(sent.slice(0, 2).sort()).toEqual([0, 8]);
    expect(sent).toEqual(sent.map((_, tick) => sent[tick % 2]));
  });

  test.for([50, 30, 20, 7])("come %i times a second, whether or not that divides the tick rate", async (frameRate) => {
    const server = startToyServer({ frameRate });
    const player = await server.join();
    const before = matchOf(player).counts.frames;
    await server.run(4_000);
    expect(Math.abs(matchOf(player).counts.frames - before - 4 * frameRate)).toBeLessThanOrEqual(1);
  });

  test("are withheld from a client that has not answered for a second, and counted", async () => {
    const server = startToyServer();
    const [sleeper, other] = [await server.join(), await server.join()];
    server.neglect(sleeper);
    await server.run(1_200);
    const { frames } = matchOf(sleeper).counts;
    await server.run(3_000);
    expect(matchOf(sleeper).counts.frames).toBe(frames);
    expect(server.tally.framesWithheld).toBeGreaterThan(70);
    expect(matchOf(other).counts.frames).toBeGreaterThan(100);
  });

  test("begin again with one fresh frame when it answers", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    await server.run(5_000);
    const withheld = hand.frames.length;
    expect(withheld).toBeLessThan(30);
    const tick = server.tally.ticks;
    hand.send({ ackTick: reply.tick + 48, firstTick: tick });
    await server.run(3 * (1000 / TICK_RATE));
    expect(hand.frames.length - withheld).toBeLessThanOrEqual(2);
    expect(tickOf(hand.frames[withheld]) - tick).toBeLessThanOrEqual(3);
  });

  test("are not had by acknowledging what was never sent", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    hand.send({ ackTick: reply.tick + 30_000, firstTick: reply.tick + 5 });
    await server.run(3_000);
    expect(hand.frames.length).toBeLessThan(30);
  });

  test("that nobody answers for a minute end the connection, which is told why", async () => {
    const server = startToyServer();
    const hand = await openByHand(server);
    await hand.play();
    await server.run(55_000);
    expect(hand.heard).not.toContain("lost");
    await server.run(8_000);
    expect(hand.heard).toContain("lost");
    expect(server.matchmaker.occupancy().humans).toBe(1);
  });

  test("keep to the byte budget, once everything near is known", async () => {
    const server = startToyServer({ pilots: 40, capacity: 48, budgetBytesPerSecond: 1_200, mapSize: 1000 });
    const player = await server.join();
    await server.run(2_000);
    const before = { ...matchOf(player).counts };
    await server.run(5_000);
    const { downBytes } = matchOf(player).counts;
    expect(downBytes - before.downBytes).toBeLessThan(1_300 * 5);
    expect(downBytes - before.downBytes).toBeGreaterThan(600 * 5);
  });
});

describe("who comes back", () => {
  test("after a cut has the same ship, score and place", async () => {
    const server = startToyServer({ mapSize: 100, pilots: 6 });
    const player = await server.join();
    const { player: number } = matchOf(player);
    await server.run(5_000);
    const hits = player.client.roster.get(number)?.standing.hits ?? 0;
    server.loopback.cut();
    expect(player.client.state.state).toBe("reconnecting");
    await server.run(1_500);
    expect(matchOf(player).joined).toMatchObject({ resumed: true, player: number });
    expect(hits).toBeGreaterThan(0);
    expect(player.client.roster.get(number)?.standing.hits).toBeGreaterThanOrEqual(hits);
  });

  test("is shown as away meanwhile, and as here again", async () => {
    const server = startToyServer();
    const [observer, hand] = [await server.join(), await openByHand(server)];
    const reply = await hand.play();
    const isAway = () => observer.client.roster.get(reply.player)?.isAway;
    hand.link.close();
    await server.run(500);
    expect(isAway()).toBe(true);
    await server.join({ token: reply.token });
    await server.run(500);
    expect(isAway()).toBe(false);
  });

  test("by a newer socket wins the seat, and the older is told that it was replaced", async () => {
    const server = startToyServer();
    const older = await server.join();
    const { player, token } = matchOf(older).joined;
    const newer = await server.join({ token });
    expect(refusalOf(older)).toBe("replaced");
    expect(matchOf(newer).joined).toMatchObject({ player, resumed: true });
    await server.run(1_000);
    expect(matchOf(newer).counts.frames).toBeGreaterThan(20);
  });

  test("after the hold finds the seat given up, and gets a new one", async () => {
    const server = startToyServer();
    const [observer, hand] = [await server.join(), await openByHand(server)];
    const reply = await hand.play();
    hand.link.close();
    await server.run(HOLD_MS - 500);
    expect(observer.client.roster.has(reply.player)).toBe(true);
    await server.run(1_000);
    expect(observer.client.roster.has(reply.player)).toBe(false);
    const late = await server.join({ token: reply.token });
    expect(matchOf(late).joined.resumed).toBe(false);
    expect(matchOf(late).player).not.toBe(reply.player);
  });

  test("after leaving finds the seat given up, at once", async () => {
    const server = startToyServer();
    const [observer, hand] = [await server.join(), await openByHand(server)];
    const reply = await hand.ask();
    if (!reply.ok) throw new Error(reply.reason);
    await answerTo(server, hand.link.request("leave", {}));
    await server.run(500);
    expect(observer.client.roster.has(reply.player)).toBe(false);
    expect(await hand.ask({ token: reply.token })).toMatchObject({ ok: true, resumed: false });
  });

  test("holds nothing down", async () => {
    const server = startToyServer({ mapSize });
    const [player, observer] = [await server.join(), await server.join()];
    const { player: id } = matchOf(player);
    player.wish = () => THROWING;
    await server.run(500);
    player.wish = () => ({ heading: 0, facing: 0, throws: 0 });
    server.neglect(player);
    server.loopback.cut();
    await server.run(2_000);
    expect(dotSeenBy(observer, id)).toMatchObject({ heading: 0 });
  });
});

test("who could not be seated leaves no name, no number and nothing in the world behind", async () => {
  let isBroken = false;
  const worlds: ReturnType<typeof dots.createWorld>[] = [];
  const createWorld = (setup: Parameters<typeof dots.createWorld>[0]) => {
    const world = dots.createWorld(setup);
    if (setup.role === "authority") worlds.push(world);
    return world;
  };
  const addPlayer: GameDefinition["addPlayer"] = (world, player, condition) => {
    TOY.addPlayer(world, player, condition);
    if (isBroken) throw new Error("planted");
  };
  const server = startToyServer({ game: { ...TOY, createWorld, addPlayer } });
  const observer = await server.join();
  isBroken = true;
  const handlers = server.lobby.accept(connectionFrom("198.51.100.1"));
  expect(() => handlers.request("join", { name: "Ace", room: { kind: "quick" } })).toThrow("planted");
  isBroken = false;
  expect(worlds[0].dots).toHaveLength(1);
  const { player } = await (await openByHand(server)).play({ name: "Ace" });
  await server.run(1_000);
  expect(observer.client.roster.get(player)?.name).toBe("Ace");
  expect(worlds[0].dots).toHaveLength(2);
});

describe("pilots", () => {
  test("fill a room, leave one for each that comes, and come back when people leave", async () => {
    const server = startToyServer({ pilots: 3, capacity: 4 });
    const pilots = () => server.matchmaker.occupancy().pilots;
    const first = await server.join();
    expect(pilots()).toBe(2);
    for (const left of [1, 0, 0]) {
      await server.join();
      expect(pilots()).toBe(left);
    }
    expect(server.matchmaker.occupancy().rooms).toBe(1);
    first.client.leave();
    await server.run(200);
    expect(pilots()).toBe(0);
    expect(server.matchmaker.occupancy().humans).toBe(3);
  });

  test("stand in the roster as what they are, each under a name of its own", async () => {
    const server = startToyServer({ pilots: 5 });
    const player = await server.join({ name: "Ada" });
    await server.run(300);
    const entries = [...player.client.roster.values()];
    expect(entries.filter(({ isPilot }) => isPilot)).toHaveLength(4);
    expect(entries.filter(({ isPilot }) => !isPilot).map(({ name }) => name)).toEqual(["Ada"]);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(5);
  });
});

/** The answer to a request, once time has passed for it. */
async function answerTo<Answer>(server: { run(ms: number): Promise<void> }, asked: Promise<Answer>): Promise<Answer> {
  await server.run(40);
  return asked;
}

function tickOf(frame: Uint8Array): number {
  return frame[1] | (frame[2] << 8);
}
