/** Those who leave a room, what they leave in it, and what they find when they come back. */
import { judgeReplay } from "@starwake/server/engine/replay-verdict.ts";
import type { Joined, JoinRequest } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { dotOf, LEAVING_TOY, STAY_MS, watchLeavingToy } from "../support/leaving-toy.ts";
import { openRecordingFolder } from "../support/recording-folder.ts";
import { type ByHand, HOLD_MS, matchOf, openByHand, startToyServer } from "../support/toy-server.ts";

const KEY = "k".repeat(32);
const OTHER_KEY = "o".repeat(32);
const elsewhere = { room: { kind: "code", code: "ELSEWHERE" } } as const;

/** A server whose room an observer keeps open, and whose worlds are at hand. */
async function startRoom(plan: Parameters<typeof startToyServer>[0] = {}) {
  const { game, worlds } = watchLeavingToy();
  const server = startToyServer({ game, ...plan });
  const observer = await server.join({ name: "Observer" });
  const sit = (hand: ByHand, some: Partial<JoinRequest> = {}): Promise<Joined> => hand.play(some);
  /** Somebody who has just joined. */
  const seat = async (some: Partial<JoinRequest> = {}): Promise<Joined & { readonly hand: ByHand }> => {
    const hand = await openByHand(server);
    return { hand, ...(await sit(hand, some)) };
  };
  const leave = async ({ hand }: { hand: ByHand }) => {
    hand.link.request("leave", {});
    await server.run(40);
  };
  const entry = (player: number) => observer.client.roster.get(player);
  return { ...server, observer, worlds, sit, seat, leave, entry };
}

type Seated = Awaited<ReturnType<Awaited<ReturnType<typeof startRoom>>["seat"]>>;

describe("what a player steered who gives up the seat", () => {
  test.for([
    ["by leaving", 0],
    ["by not coming back while it is held", HOLD_MS],
  ] as const)("%s stays in the world for as long as the game says, and is seen as away", async ([, heldMs]) => {
    const { seat, run, worlds, entry } = await startRoom();
    const { hand, player } = await seat({ name: "Ada" });
    if (heldMs > 0) hand.link.close();
    else hand.link.request("leave", {});
    await run(heldMs + STAY_MS - 200);
    expect(entry(player)).toMatchObject({ name: "Ada", isAway: true, isPilot: false });
    expect(dotOf(worlds[0], player)).toBeDefined();
    await run(700);
    expect(entry(player)).toBeUndefined();
    expect(() => dotOf(worlds[0], player)).toThrow("no dot");
  });

  test("keeps its player's name for them, too", async () => {
    const { seat, leave, entry, run } = await startRoom();
    const ada = await seat({ key: KEY, name: "Ada" });
    await leave(ada);
    const back = await seat({ key: KEY, name: "Ada" });
    await run(400);
    expect([back.player, entry(back.player)?.name]).toEqual([ada.player, "Ada"]);
  });

  test("holds nothing, and keeps its number", async () => {
    const { seat, run, leave, worlds, clock } = await startRoom();
    const ada = await seat();
    ada.hand.send({ firstTick: worlds[0].tick + 12, commands: [{ heading: 3, facing: 9, throws: 1 }] });
    await run(400);
    expect(dotOf(worlds[0], ada.player).heading).toBe(3);
    await leave(ada);
    expect(dotOf(worlds[0], ada.player).heading).toBe(0);
    expect((await seat()).player).not.toBe(ada.player);
    expect(clock.now()).toBeLessThan(STAY_MS);
  });

  test("can be hit, and counts for whoever hits it, in the news and in the roster", async () => {
    const { seat, run, leave, worlds, entry, observer } = await startRoom({ mapSize: 400 });
    const ada = await seat({ name: "Ada" });
    await leave(ada);
    const { player: hunter } = matchOf(observer);
    const { x, y } = dotOf(worlds[0], ada.player);
    Object.assign(dotOf(worlds[0], hunter), { x: Math.max(0, x - 50), y, vx: 0, vy: 0 });
    observer.wish = () => ({ heading: 1, facing: 0, throws: 1 });
    await run(1_000);
    expect(dotOf(worlds[0], ada.player).hits).toBeGreaterThan(0);
    expect(entry(ada.player)).toMatchObject({ name: "Ada", standing: { hits: dotOf(worlds[0], ada.player).hits } });
  });

  test("takes no place of those who come", async () => {
    const { seat, leave, matchmaker } = await startRoom({ capacity: 2 });
    const ada = await seat();
    await leave(ada);
    const bob = await seat();
    expect(bob.room).toBe(ada.room);
    expect(matchmaker.occupancy()).toEqual({ humans: 2, pilots: 0, rooms: 1 });
  });

  test("is never more than the room seats: the oldest goes first", async () => {
    const { seat, leave, worlds } = await startRoom({ capacity: 2 });
    const left = [];
    for (let visit = 0; visit < 4; visit++) {
      const visitor = await seat();
      await leave(visitor);
      left.push(visitor.player);
    }
    expect(worlds[0].dots.map(({ id }) => id).slice(1)).toEqual(left.slice(2));
  });

  test("is kept before others when somebody has a part in it, however many come and go at once", async () => {
    const { seat, leave, worlds } = await startRoom({ capacity: 2 });
    const hurt = await seat();
    dotOf(worlds[0], hurt.player).hits = 3;
    await leave(hurt);
    for (let visit = 0; visit < 6; visit++) await leave(await seat());
    expect(dotOf(worlds[0], hurt.player).hits).toBe(3);
    expect(worlds[0].dots.length).toBe(1 + 2);
  });

  test("stays for a pilot that makes room, too", async () => {
    const { seat, run, worlds, entry, matchmaker } = await startRoom({ pilots: 2 });
    const pilot = worlds[0].dots.map(({ id }) => id).at(-1)!;
    await seat();
    await run(500);
    expect(matchmaker.occupancy()).toMatchObject({ humans: 2, pilots: 0 });
    expect(entry(pilot)).toMatchObject({ isPilot: true, isAway: true });
    await run(STAY_MS);
    expect(entry(pilot)).toBeUndefined();
  });

  test("keeps no room open: it ends a second after its last player left", async () => {
    const { seat, leave, run, observer, matchmaker } = await startRoom({ pilots: 3 });
    await leave(await seat());
    observer.client.leave();
    await run(1_100);
    expect(matchmaker.rooms.size).toBe(0);
  });
});

describe("who comes back by the browser's key", () => {
  test("while it stands finds what they left, as it is by then, and goes by the name that they come with", async () => {
    const { seat, leave, run, worlds, entry } = await startRoom();
    const ada = await seat({ name: "Ada", key: KEY });
    const dot = dotOf(worlds[0], ada.player);
    Object.assign(dot, { hits: 7, x: 123, y: 321 });
    await leave(ada);
    dot.hits = 9;
    const back = await seat({ name: "Ada L", key: KEY });
    expect(back).toMatchObject({ player: ada.player, resumed: true });
    expect(back.token).not.toBe(ada.token);
    expect(dotOf(worlds[0], back.player)).toBe(dot);
    expect(dot).toMatchObject({ hits: 9, x: 123, y: 321 });
    await run(STAY_MS + 500);
    expect(entry(ada.player)).toMatchObject({ name: "Ada L", isAway: false, standing: { hits: 9 } });
  });

  test("after it went has the condition that it went in, less what time has mended", async () => {
    const { seat, leave, run, worlds } = await startRoom();
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await leave(ada);
    await run(STAY_MS + 2_500);
    const back = await seat({ key: KEY });
    expect(back.resumed).toBe(false);
    expect(back.player).not.toBe(ada.player);
    expect(dotOf(worlds[0], back.player).hits).toBe(5);
  });

  test("when time has mended all is as new", async () => {
    const { seat, leave, run, worlds } = await startRoom();
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await leave(ada);
    await run(STAY_MS + 8_000);
    expect(dotOf(worlds[0], (await seat({ key: KEY })).player).hits).toBe(0);
  });

  test.for([
    ["while it stands", 0, 7],
    ["after it went", STAY_MS + 500, 7],
  ] as const)("to another room brings the condition along, %s", async ([, waitMs, hits]) => {
    const { seat, leave, run, worlds } = await startRoom();
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await leave(ada);
    await run(waitMs);
    const back = await seat({ key: KEY, ...elsewhere });
    expect(dotOf(worlds[1], back.player).hits).toBe(hits);
  });

  test("to a room that ended after they left it brings the condition along", async () => {
    const { seat, leave, run, worlds } = await startRoom();
    const ada = await seat({ key: KEY, ...elsewhere });
    dotOf(worlds[1], ada.player).hits = 7;
    await leave(ada);
    await run(1_100);
    const back = await seat({ key: KEY, ...elsewhere });
    expect(worlds).toHaveLength(3);
    expect(dotOf(worlds[2], back.player).hits).toBe(7);
  });

  test("to a room that failed is as new: nothing of a broken world is asked for any more", async () => {
    const { game, worlds } = watchLeavingToy();
    let isBroken = false;
    const step = (...given: Parameters<typeof game.step>) => {
      if (isBroken) throw new Error("the step is broken");
      game.step(...given);
    };
    const { seat, leave, run } = await startRoom({ game: { ...game, step } });
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await leave(ada);
    isBroken = true;
    await run(20);
    isBroken = false;
    const back = await seat({ key: KEY });
    expect(back.resumed).toBe(false);
    expect(dotOf(worlds[1], back.player).hits).toBe(0);
  });

  test("by quick play comes to the room that they left, though another is fuller", async () => {
    const { seat, leave } = await startRoom({ capacity: 3 });
    const [ada] = [await seat({ key: KEY }), await seat()];
    const others = [await seat(), await seat(), await seat()];
    await leave(ada);
    await leave(others[2]);
    expect((await seat({ key: KEY })).player).toBe(ada.player);
  });

  test("finds nothing of those who have another, or tell none", async () => {
    const { seat, leave, worlds } = await startRoom();
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await leave(ada);
    for (const comer of [await seat({ key: OTHER_KEY }), await seat()]) {
      expect(comer).toMatchObject({ resumed: false });
      expect(dotOf(worlds[0], comer.player).hits).toBe(0);
    }
  });

  test.for([
    ["another key", { key: OTHER_KEY }],
    ["none", {}],
  ] as const)("is the same on the same connection, though they tell %s by then", async ([, second]) => {
    const { seat, sit, leave } = await startRoom();
    for (const first of [{ key: KEY }, {}]) {
      const ada = await seat(first);
      await leave(ada);
      expect(await sit(ada.hand, second)).toMatchObject({ player: ada.player, resumed: true });
      ada.hand.link.close();
    }
  });

  test("is the owner of the seat that they took, though they took it by its token and told another key", async () => {
    const { seat, sit, leave } = await startRoom();
    const ada = await seat({ key: KEY });
    const thief = await seat({ key: OTHER_KEY, token: ada.token });
    expect(thief.player).toBe(ada.player);
    await leave(thief);
    expect(await sit(thief.hand, { key: OTHER_KEY })).toMatchObject({ player: ada.player });
  });
});

describe("a seat whose connection was cut", () => {
  const cut = async ({ hand }: Seated, run: (ms: number) => Promise<void>) => {
    hand.link.close();
    await run(100);
  };

  test("is its browser's without the token, as it is, and the token of before leads nowhere", async () => {
    const { seat, run, worlds, matchmaker } = await startRoom();
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await cut(ada, run);
    const back = await seat({ key: KEY });
    expect(back).toMatchObject({ player: ada.player, resumed: true });
    expect(dotOf(worlds[0], back.player).hits).toBe(7);
    expect(matchmaker.occupancy().humans).toBe(2);
    expect(await seat({ token: ada.token })).toMatchObject({ resumed: false });
    expect(await seat({ token: back.token })).toMatchObject({ player: ada.player, resumed: true });
  });

  test("does not keep its browser's player from another room, and follows them there", async () => {
    const { seat, run, worlds } = await startRoom();
    const ada = await seat({ key: KEY });
    dotOf(worlds[0], ada.player).hits = 7;
    await cut(ada, run);
    const there = await seat({ key: KEY, ...elsewhere });
    expect(there).toMatchObject({ resumed: false, room: "ELSEWHERE" });
    expect(dotOf(worlds[1], there.player).hits).toBe(7);
    expect(await seat({ token: ada.token })).toMatchObject({ player: ada.player, resumed: true });
  });

  test("is another tab's that comes meanwhile; the first gets one of its own when it comes back, and both play", async () => {
    const { join, loopback, run, matchmaker } = await startRoom();
    const first = await join({ key: KEY });
    const { player } = matchOf(first);
    loopback.cut();
    const second = await join({ key: KEY });
    expect(matchOf(second).joined).toMatchObject({ player, resumed: true });
    await run(3_000);
    expect(matchOf(second).joined.player).toBe(player);
    expect(matchOf(first).joined.player).not.toBe(player);
    expect(matchmaker.occupancy().humans).toBe(3);
  });

  test("in a private room is not what quick play leads to by the key", async () => {
    const { seat, run } = await startRoom();
    await cut(await seat({ key: KEY, ...elsewhere }), run);
    expect(await seat({ key: KEY })).toMatchObject({ resumed: false, isPrivate: false });
  });

  test("is not its browser's while somebody sits on it: two tabs both play, each in what is theirs", async () => {
    const { seat, worlds, run } = await startRoom();
    const one = await seat({ key: KEY });
    dotOf(worlds[0], one.player).hits = 7;
    const other = await seat({ key: KEY });
    expect(other).toMatchObject({ resumed: false });
    expect(other.player).not.toBe(one.player);
    expect(dotOf(worlds[0], other.player).hits).toBe(0);
    await run(500);
    expect(one.hand.heard).not.toContain("replaced");
  });
});

test("who takes another seat by its token gives back the one at hand", async () => {
  const { seat, sit, run, entry } = await startRoom();
  const [one, other] = [await seat(), await seat()];
  other.hand.link.close();
  await run(100);
  await sit(one.hand, { token: other.token });
  await run(500);
  expect(entry(one.player)?.isAway).toBe(true);
  expect(entry(other.player)?.isAway).toBe(false);
  await run(HOLD_MS + STAY_MS);
  expect(entry(one.player)).toBeUndefined();
});

test("nobody is told a key", async () => {
  const { loopback, run, clock } = startToyServer({ game: LEAVING_TOY });
  const heard: unknown[] = [];
  const link = loopback.openLink({
    opened: () => {},
    lost: () => {},
    refused: () => {},
    frame: () => {},
    notice: (_name, body) => heard.push(body),
  });
  await run(20);
  link.request("join", { name: "Ada", room: { kind: "quick" }, key: KEY }).then((reply) => heard.push(reply));
  await run(1_000);
  expect(heard.length).toBeGreaterThan(1);
  expect(JSON.stringify(heard)).not.toContain(KEY);
  expect(clock.now()).toBeGreaterThan(1_000);
});

test.for(["short", "k".repeat(65), "with a space in it, and long enough", 7, null])(
  "a key that cannot be one (%s) is refused as malformed",
  async (key) => {
    const server = startToyServer({ game: LEAVING_TOY });
    const hand = await openByHand(server);
    hand.link.request("join", { name: "", room: { kind: "quick" }, key: key as string }).catch(() => {});
    await server.run(200);
    expect(server.loopback.refusals).toEqual(["malformed"]);
    expect(server.matchmaker.occupancy().humans).toBe(0);
  },
);

test("a recording runs again to the room's own hashes: those who left, came back, and came in a condition", async () => {
  const folder = openRecordingFolder(LEAVING_TOY);
  const { seat, leave, run, lobby } = await startRoom({
    ...{ game: LEAVING_TOY, openRecorder: folder.openRecorder, pilots: 5, mapSize: 100 },
  });
  const ada = await seat({ name: "Ada", key: KEY });
  await run(3_000);
  await leave(ada);
  await run(500);
  const again = await seat({ name: "Ada", key: KEY });
  expect(again.player).toBe(ada.player);
  await run(1_000);
  await leave(again);
  await run(STAY_MS + 500);
  const later = await seat({ name: "Ada", key: KEY });
  await run(2_000);
  lobby.close();
  await folder.recorders.settled();
  const replay = await folder.read();
  const conditions = replay.steps.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.kind === "added" && change.condition ? [[change.player, change.condition]] : [],
    ),
  );
  expect(conditions).toEqual([[later.player, { hits: expect.any(Number) }]]);
  expect(judgeReplay(LEAVING_TOY, replay)).toMatchObject({ kind: "true", hashes: folder.heard.hashes.length });
  expect(folder.heard.hashes.length).toBeGreaterThan(8);
  const without = replay.steps.map((step) => ({
    ...step,
    changes: step.changes.map((change) =>
      change.kind === "added" ? { kind: change.kind, player: change.player } : change,
    ),
  }));
  expect(judgeReplay(LEAVING_TOY, { ...replay, steps: without })).toMatchObject({ kind: "differs" });
});
