/** The overview: all that anybody is told of what lies beyond their view, and no more than about where ships are. */
import type { GameClient } from "@starwake/client/engine/game-client.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { levelsToText } from "@starwake/shared/engine/level-text.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { columnsOf, LEAST_SECTOR_UNITS, MOST_COLUMNS, overview } from "@starwake/shared/game/overview.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { expect, test } from "vitest";
import { OverviewReader } from "../../client/game/overview-reader.ts";
import { startToyServer, TOY } from "../support/toy-server.ts";

function worldWith(places: readonly { x: number; y: number }[], mapSize = 4800): World {
  const world = starwake.createWorld({ seed: 1, tickRate: 30, capacity: places.length, mapSize, role: "authority" });
  places.forEach((place, index) => {
    starwake.addPlayer(world, index + 1);
    Object.assign(world.ships[index], { x: place.x * QUANTA_PER_UNIT, y: place.y * QUANTA_PER_UNIT });
  });
  return world;
}

function told(world: World): string {
  const levels = new Uint8Array(overview.sectorCount(world));
  overview.survey(world, levels);
  return levelsToText(levels);
}

test("tells how many living ships are in each sector: one, two, or more", () => {
  const world = worldWith([...Array(5).fill({ x: 250, y: 50 }), { x: 4790, y: 4790 }, { x: 300, y: 4790 }]);
  world.ships[6].respawn = 10;
  const { columns, levels } = new OverviewReader(world).read(told(world))!;
  expect(columns).toBe(24);
  const occupied = [...levels.entries()].filter(([, level]) => level > 0);
  expect(occupied).toEqual([
    [1, 3],
    [24 * 24 - 1, 1],
  ]);
});

test("does not tell where in a sector a ship is, whither it flies, or who it is", () => {
  const one = worldWith([
    { x: 210, y: 410 },
    { x: 1010, y: 1010 },
  ]);
  const other = worldWith([
    { x: 1190, y: 1190 },
    { x: 390, y: 590 },
  ]);
  Object.assign(other.ships[0], { vx: 300, aim: 77, health: 1 });
  expect(told(one)).toBe(told(other));
});

test.for([1280, 1600, 3000, 4800, 12_000, 32_512])(
  "on a map of %i units a sector is no smaller than it may be",
  (side) => {
    const world = worldWith([{ x: 1, y: 1 }], side);
    expect(world.map.side / QUANTA_PER_UNIT / columnsOf(world)).toBeGreaterThanOrEqual(LEAST_SECTOR_UNITS);
    expect(columnsOf(world)).toBeLessThanOrEqual(MOST_COLUMNS);
  },
);

test("takes some 200 bytes of a crowd on any map, and some 30 of a dozen ships", () => {
  const spread = (count: number, side: number) =>
    Array.from({ length: count }, (_, index) => ({ x: (index * 7919) % side, y: (index * 104_729) % side }));
  expect(told(worldWith(spread(1158, 32_000), 32_512)).length).toBeLessThanOrEqual(192);
  expect(told(worldWith(spread(12, 4800))).length).toBeLessThanOrEqual(30);
});

test("what is not an overview of this map is as if it were not told", () => {
  const reader = new OverviewReader(worldWith([{ x: 1, y: 1 }]));
  expect(reader.read(undefined)).toBeUndefined();
  expect(reader.read('"')).toBeUndefined();
  expect(reader.read(levelsToText(new Uint8Array(2000).fill(1)))).toBeUndefined();
});

/** A toy world whose overview is another one in every tick. */
const surveyed: GameDefinition = {
  ...TOY,
  overview: {
    sectorCount: () => 6,
    survey: (world, levels) => levels.forEach((_, at) => (levels[at] = (world.tick >> (2 * at)) & 3)),
  },
};

test.for([
  ["a small room", 8],
  ["a crowd", 120],
] as const)("in %s everybody hears the same, once a second at most", async ([, capacity]) => {
  const server = startToyServer({ game: surveyed, capacity, pilots: capacity });
  const heard: { client: GameClient; atMs: number; overview: string }[] = [];
  const listen = async () => {
    const { client } = await server.join({
      game: surveyed,
      openLink: (handlers) =>
        server.loopback.openLink({
          ...handlers,
          notice: (name, body) => {
            const { overview } = body as NoticeBody<"bulletin">;
            if (overview !== undefined) heard.push({ client, atMs: server.clock.now(), overview });
            handlers.notice(name, body);
          },
        }),
    });
    return client;
  };
  const [one, other] = [await listen(), await listen()];
  heard.length = 0;
  await server.run(10_000);
  const timesOf = (client: GameClient) => heard.filter((told) => told.client === client);
  const times = timesOf(one).map(({ atMs }) => atMs);
  expect(times.length).toBeGreaterThanOrEqual(4);
  expect(Math.min(...times.slice(1).map((atMs, index) => atMs - times[index]))).toBeGreaterThanOrEqual(980);
  const texts = (client: GameClient) => timesOf(client).map(({ overview }) => overview);
  expect(texts(one)).toEqual(texts(other));
  expect(new Set(texts(one)).size).toBe(texts(one).length);
});
