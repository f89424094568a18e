import { ReplayPlayer } from "@starwake/client/engine/replay-player.ts";
import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { hashWorld } from "@starwake/shared/engine/world-hash.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { EventKind } from "@starwake/shared/game/events.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { describe, expect, test } from "vitest";
import { recordMatch } from "../support/recorded-match.ts";

const game = starwake as GameDefinition;
const replay = recordMatch({ ticks: 1200, pilots: 6, seed: 7 });
const LAST = replay.steps.length;
const LONG_MS = Number.POSITIVE_INFINITY;

const open = (now: () => number = () => 0) => new ReplayPlayer(game, replay, now);

/** A clock on which each look takes a millisecond: a slice of n ms is n looks. */
function slowClock(): () => number {
  let nowMs = 0;
  return () => nowMs++;
}

function hashOf({ world }: ReplayPlayer): number {
  const grid = createCellGrid(game.space(world));
  const records = new Records(game.kinds, game.events, grid, new HomeCells());
  records.fill(world.tick, (sink) => game.record(world, sink));
  return hashWorld(world, records);
}

/** The hash at a tick of a player that was only ever played straight on. */
function straightHash(tick: Tick): number {
  const player = open();
  player.play(tick);
  return hashOf(player);
}

function jumpTo(player: ReplayPlayer, tick: Tick): void {
  player.seek(tick);
  player.work(LONG_MS);
}

describe("seeking", () => {
  test("comes to the very world that playing straight on comes to, forwards and backwards", () => {
    const player = open();
    for (const tick of [1, 119, 120, 121, 900, 599, 600, 601, 2, LAST, 301, 302]) {
      jumpTo(player, tick);
      expect(player.world.tick).toBe(tick);
      expect(hashOf(player), `tick ${tick}`).toBe(straightHash(tick));
    }
  });

  test("goes on from there as if it had been played straight on", () => {
    const player = open();
    jumpTo(player, 450);
    player.play(333);
    expect(hashOf(player)).toBe(straightHash(783));
  });

  test("is cut to the replay's length", () => {
    const player = open();
    jumpTo(player, LAST + 1000);
    expect([player.playhead, player.isAtEnd]).toEqual([LAST, true]);
    jumpTo(player, -5);
    expect(player.playhead).toBe(0);
  });

  test("beyond the index runs in slices, says how far it is, and draws the old picture meanwhile", () => {
    const player = open(slowClock());
    player.play(10);
    const before = player.draw(Kind.Ship);
    player.seek(1000);
    const shares: number[] = [];
    while (player.jumpProgress !== undefined) {
      shares.push(player.jumpProgress);
      expect(player.draw(Kind.Ship)).toEqual(before);
      player.work(5);
    }
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    expect(player.world.tick).toBe(1000);
  });

  test("anew while a jump is under way leads to the newer place", () => {
    const player = open(slowClock());
    player.seek(1100);
    player.work(5);
    player.seek(200);
    while (player.jumpProgress !== undefined) player.work(5);
    expect(hashOf(player)).toBe(straightHash(200));
  });
});

describe("the index", () => {
  test("is as far as the end after enough slices, with all the news", () => {
    const player = open(slowClock());
    let slices = 0;
    for (; player.index.tick < LAST; slices++) player.work(5);
    expect(slices).toBeGreaterThan(10);
    const straight = open();
    straight.play(LAST);
    expect(player.index.news).toEqual(straight.index.news);
    expect(player.index.news.length).toBeGreaterThan(0);
  });

  test("finds the first tick at which the world is not what was recorded", () => {
    const withHashes = (hashes: typeof replay.hashes) => {
      const player = new ReplayPlayer(game, { ...replay, hashes }, () => 0);
      player.work(LONG_MS);
      return player.index.differsFromTick;
    };
    expect(replay.hashes).toHaveLength(LAST / 60);
    expect(withHashes(replay.hashes)).toBeUndefined();
    expect(withHashes(replay.hashes.map((kept) => (kept.tick < 300 ? kept : { ...kept, hash: 1 })))).toBe(300);
  });

  test("keeps no more copies than its bound, however long the match, and every tick can still be reached", () => {
    const tickRate = 1;
    const setup = { ...replay.head.setup, tickRate };
    const idle = { changes: [], commands: new Map(), looks: new Map() };
    const hours = {
      ...replay,
      hashes: [],
      head: { ...replay.head, setup },
      steps: Array.from({ length: 5000 }, () => idle),
    };
    const player = new ReplayPlayer(game, hours, () => 0);
    player.work(LONG_MS);
    expect(player.index.keyframeCount).toBeGreaterThan(100);
    expect(player.index.keyframeCount).toBeLessThanOrEqual(400);
    jumpTo(player, 4321);
    expect(player.world.tick).toBe(4321);
  });
});

describe("playing", () => {
  test("draws between two ticks what lies between them", () => {
    const player = open();
    const xOf = () => player.draw(Kind.Ship).find(({ id }) => id === 2)!.row[shipKind.at.x];
    player.play(100);
    const from = xOf();
    player.play(0.25);
    const between = xOf();
    player.play(0.75);
    expect(from).not.toBe(xOf());
    expect(between).toBeCloseTo(from + (xOf() - from) / 4, 9);
  });

  test("tells each event once, when the playhead passes it", () => {
    const told = open();
    const ticks: number[] = [];
    while (!told.isAtEnd) {
      told.play(0.7);
      for (const event of told.takeEvents()) {
        expect(event.tick).toBeLessThanOrEqual(told.playhead);
        expect(event.tick).toBeGreaterThan(told.playhead - 0.7 - 1e-9);
        if (event.schema === EventKind.Death) ticks.push(event.tick);
      }
    }
    expect(ticks).toEqual(told.index.news.map(({ tick }) => tick));
  });

  test("tells nothing of what was jumped over", () => {
    const player = open();
    jumpTo(player, LAST);
    const aDeath = player.index.news[0].tick;
    jumpTo(player, aDeath - 30);
    player.play(0.5);
    jumpTo(player, aDeath);
    expect(player.takeEvents()).toEqual([]);
  });

  test("shows who came and who left", () => {
    const player = open();
    const seated = () => player.draw(Kind.Ship).map(({ id }) => id);
    jumpTo(player, 100);
    expect(seated()).toEqual([1, 2, 3, 4, 5]);
    jumpTo(player, 700);
    expect(seated()).toEqual([1, 2, 3, 4, 5, 6]);
    jumpTo(player, 1000);
    expect(seated()).toEqual([2, 3, 4, 5, 6]);
  });
});
