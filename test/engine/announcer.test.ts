/** What a room tells besides frames: what concerns a player at once, all else by the beat, and little of it in a crowd. */
import { Announcer } from "@starwake/server/engine/announcer.ts";
import type { Session } from "@starwake/server/engine/session.ts";
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { matchOf, openByHand, startToyServer, TOY, type ToyServer } from "../support/toy-server.ts";

type Bulletin = NoticeBody<"bulletin">;
type Heard = { readonly tick: number; readonly bulletin: Bulletin };

/** More than a hundred, so close to each other that somebody is hit all the time. */
const CROWD = { pilots: 130, capacity: 140, mapSize: 900 };

const SMALL = { pilots: 8, capacity: 10, mapSize: 100 };

/** The toy game, which notes what news it tells, and when. */
function noting(happened: { tick: number; who: number }[]): GameDefinition {
  const news = (world: EngineWorld) => {
    const items = TOY.news(world);
    for (const { who } of items) happened.push({ tick: world.tick, who });
    return items;
  };
  return { ...TOY, news };
}

/** A player who sits still, and all bulletins that they hear from now on. */
async function listen(server: ToyServer): Promise<{ player: number; heard: Heard[] }> {
  const heard: Heard[] = [];
  const openLink: typeof server.loopback.openLink = (handlers) =>
    server.loopback.openLink({
      ...handlers,
      notice: (name, body) => {
        if (name === "bulletin") heard.push({ tick: server.tally.ticks, bulletin: body as Bulletin });
        handlers.notice(name, body);
      },
    });
  const toy = server.open({}, openLink);
  await server.run(3_000);
  heard.length = 0;
  return { player: matchOf(toy).player, heard };
}

const newsOf = (heard: readonly Heard[]) => heard.flatMap(({ bulletin }) => bulletin.news ?? []);
const concerning = (heard: readonly Heard[], player: number) => newsOf(heard).filter(({ who }) => who === player);
const popsIn = (server: ToyServer) => server.tally.game.get("pops") ?? 0;

describe("a crowd", () => {
  test("is told little of others, however much happens", async () => {
    const server = startToyServer(CROWD);
    const { heard, player } = await listen(server);
    const before = popsIn(server);
    await server.run(20_000);
    const ofOthers = heard.filter((one) => concerning([one], player).length === 0);
    const bytes = heard.reduce((sum, { bulletin }) => sum + JSON.stringify(bulletin).length, 0);
    expect(popsIn(server) - before).toBeGreaterThan(20 * 10);
    expect(ofOthers.length).toBeGreaterThanOrEqual(9);
    expect(ofOthers.length).toBeLessThanOrEqual(11);
    expect(bytes / 20).toBeLessThan(300);
  });

  test("is told of many who come with one bulletin, of each of them once", async () => {
    const server = startToyServer({ ...CROWD, pilots: 105, mapSize: 4_000 });
    const { heard } = await listen(server);
    for (let comer = 0; comer < 15; comer++) await (await openByHand(server)).ask();
    await server.run(4_000);
    const came = heard.flatMap(({ bulletin }) => bulletin.changed ?? []);
    expect(came.map(([, name]) => name)).toEqual(Array.from({ length: 15 }, () => expect.stringMatching(/^By hand/)));
    expect(new Set(came.map(([player]) => player)).size).toBe(15);
    expect(heard.filter(({ bulletin }) => bulletin.changed !== undefined).length).toBeLessThanOrEqual(2);
  });
});

describe("bulletins to a crowd of 300", () => {
  type Told = { readonly tick: number; readonly player: number; readonly body: Bulletin };

  /** An announcer by itself, whose players score one after the other; `newsAt` says who is concerned, and when. */
  function announce(ticks: number, newsAt: ReadonlyMap<number, number> = new Map()): Told[] {
    const told: Told[] = [];
    let tick = 0;
    const scores = new Map(Array.from({ length: 300 }, (_, player) => [player, 0]));
    const sessions = new Map(
      [...scores.keys()].map((player) => {
        const notify = (_name: string, body: Bulletin) => told.push({ tick, player, body });
        return [player, { player, notify } as unknown as Session];
      }),
    );
    const entryOf = ({ player }: Pick<Session, "player">) => {
      const standing = { score: scores.get(player)! };
      return { player, name: `Player ${player}`, isPilot: false, isAway: false, standing };
    };
    const announcer = new Announcer({
      tickRate: 30,
      sessions,
      concernedBy: (item) => [item.who],
      entries: () => [...sessions.values()].map(entryOf),
      entryOf,
      overview: () => undefined,
    });
    for (const session of sessions.values()) announcer.welcome(session);
    told.length = 0;
    for (; tick < ticks; tick++) {
      const scorer = newsAt.get(tick) ?? tick;
      scores.set(scorer, scores.get(scorer)! + 1);
      announcer.tell(newsAt.has(tick) ? [{ who: scorer }] : []);
    }
    return told;
  }

  test("go out a few in each tick, one to each player", () => {
    const told = announce(60 + 59);
    const perTick = [...Map.groupBy(told, ({ tick }) => tick).values()].map(({ length }) => length);
    expect(Math.max(...perTick)).toBe(10);
    expect(told.map(({ player }) => player)).toEqual(Array.from({ length: 300 }, (_, player) => player));
  });

  test("come to a player before what happened since", () => {
    const scorer = 290;
    const told = announce(200, new Map([80, 90, 125].map((tick) => [tick, scorer]))).filter(
      ({ player }) => player === scorer,
    );
    const scores = told.flatMap(({ body }) => (body.standings ?? []).filter(([player]) => player === scorer));
    expect(scores.map(([, score]) => score)).toEqual([1, 2, 2, 3]);
  });
});

describe.each([
  ["a crowd", CROWD],
  ["a small room", SMALL],
] as const)("a player in %s", (_what, plan) => {
  test("hears of what concerns them at once, with their standing, and only once", async () => {
    const happened: { tick: number; who: number }[] = [];
    const server = startToyServer({ ...plan, game: noting(happened) });
    const { heard, player } = await listen(server);
    const before = happened.length;
    await server.run(60_000);
    const own = heard.filter((one) => concerning([one], player).length > 0);
    const happenedToThem = happened.slice(before).filter(({ who }) => who === player);
    expect(own.length).toBeGreaterThan(0);
    expect(own.map(({ tick }) => tick)).toEqual(happenedToThem.map(({ tick }) => tick));
    for (const { bulletin } of own)
      expect(bulletin).toEqual({ news: [{ who: player }], standings: [[player, expect.any(Number)]] });
  });
});

test("a small room is told all the news, with at most four bulletins a second", async () => {
  const server = startToyServer(SMALL);
  const { heard, player } = await listen(server);
  const before = popsIn(server);
  await server.run(10_000);
  const ofOthers = heard.filter((one) => concerning([one], player).length === 0);
  expect(popsIn(server) - before).toBeGreaterThan(10);
  expect(Math.abs(newsOf(heard).length - (popsIn(server) - before))).toBeLessThanOrEqual(2);
  expect(ofOthers.length).toBeLessThanOrEqual(40);
});
