import { ReplayPlayer } from "@starwake/client/engine/replay-player.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { findShip, type World } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { ReplayRoster } from "../../client/game/replay-roster.ts";
import { ReplaySceneBuilder, type ReplayView } from "../../client/game/replay-scene.ts";
import { ReplayScores } from "../../client/game/replay-scores.ts";
import type { SceneEvent } from "../../client/game/scene.ts";
import { recordMatch } from "../support/recorded-match.ts";

const game = starwake as GameDefinition;
const replay = recordMatch({ ticks: 1800, pilots: 6, seed: 7 });
const SCREEN = { width: 1280, height: 720 };
const OF_2: ReplayView = { kind: "player", player: 2 };

function open(of: Replay = replay) {
  const player = new ReplayPlayer(game, of, () => 0);
  player.work(Number.POSITIVE_INFINITY);
  const roster = new ReplayRoster(of);
  return { player, builder: new ReplaySceneBuilder(player, roster), scores: new ReplayScores(game, player, roster) };
}

function openAt(tick: number) {
  const opened = open();
  jumpTo(opened.player, tick);
  return opened;
}

function jumpTo(player: ReplayPlayer, tick: number): void {
  player.seek(tick);
  player.work(Number.POSITIVE_INFINITY);
}

/** All events of the replay in which a player of it dies. */
const news = open().player.index.news;

describe("a player's view", () => {
  test("has that player's ship as the own one, where the world has it, and its instruments", () => {
    const { player, builder } = openAt(300);
    const { ships, own } = builder.build(OF_2, SCREEN, 0);
    expect(ships.filter(({ isOwn }) => isOwn)).toMatchObject([{ id: 2, name: "Pilot 2" }]);
    const ship = findShip(player.world as World, 2)!;
    expect(ships.find(({ id }) => id === 2)).toMatchObject({
      x: ship.x / QUANTA_PER_UNIT,
      y: ship.y / QUANTA_PER_UNIT,
    });
    expect(own).toMatchObject({ state: "alive", health: ship.health / 100 });
  });

  test("changed to another player is a cut, and then goes on", () => {
    const { builder } = openAt(300);
    builder.build(OF_2, SCREEN, 0);
    expect(builder.build(OF_2, SCREEN, 16).isCut).toBe(false);
    const changed = builder.build({ kind: "player", player: 3 }, SCREEN, 32);
    expect(changed.isCut).toBe(true);
    const ship = changed.ships.find(({ isOwn }) => isOwn)!;
    expect(Math.hypot(changed.camera.x - ship.x, changed.camera.y - ship.y)).toBeLessThan(200);
  });

  test("of one who is dead says who did it, and rests on the wreck", () => {
    const { tick, item } = news[0];
    const { player, builder } = openAt(tick + 30);
    const scene = builder.build({ kind: "player", player: item.victim }, SCREEN, 0);
    expect(scene.own).toMatchObject({ state: "dead", killerName: `Pilot ${item.killer}` });
    const wreck = findShip(player.world as World, item.victim)!;
    expect(scene.camera).toEqual({ x: wreck.x / QUANTA_PER_UNIT, y: wreck.y / QUANTA_PER_UNIT });
    expect(scene.ships.map(({ id }) => id)).not.toContain(item.victim);
  });
});

describe("a free camera", () => {
  test("looks where it is put, and nobody is its own", () => {
    const { builder } = openAt(300);
    const scene = builder.build({ kind: "free", x: 12, y: 34 }, SCREEN, 0);
    expect(scene.camera).toEqual({ x: 12, y: 34 });
    expect(scene.ships.length).toBeGreaterThan(3);
    expect(scene.ships.some(({ isOwn }) => isOwn)).toBe(false);
  });
});

describe("what happens", () => {
  test("is in exactly one scene, at normal speed every death of the match", () => {
    const { player, builder } = openAt(0);
    const deaths: SceneEvent[] = [];
    while (!player.isAtEnd) {
      player.play(1.3);
      deaths.push(...builder.build(OF_2, SCREEN, 0).events.filter(({ type }) => type === "death"));
    }
    expect(deaths.map((death) => death.type === "death" && [death.killerId, death.victimId])).toEqual(
      news.map(({ item }) => [item.killer, item.victim]),
    );
  });

  test("is not told of what a jump has passed, which is a cut", () => {
    const { player, builder } = openAt(0);
    builder.build(OF_2, SCREEN, 0);
    jumpTo(player, 1799);
    const scene = builder.build(OF_2, SCREEN, 16);
    expect([scene.events, scene.isCut]).toEqual([[], true]);
  });

  test("is the viewer's own doing or suffering by the view", () => {
    const { tick, item } = news[0];
    const { player, builder } = openAt(tick - 1);
    player.play(1);
    const { events } = builder.build({ kind: "player", player: item.killer }, SCREEN, 0);
    expect(events.find(({ type }) => type === "death")).toMatchObject({ byOwn: true, ofOwn: false });
  });
});

describe("shots", () => {
  test("fly between two ticks as ships do", () => {
    const { player, builder } = openAt(0);
    while (builder.build(OF_2, SCREEN, 0).shots.length === 0) player.play(1);
    const shot = () => builder.build(OF_2, SCREEN, 0).shots[0];
    const { x, y } = shot();
    player.play(0.5);
    const step = 950 / 60 / 2;
    expect(Math.hypot(shot().x - x, shot().y - y)).toBeCloseTo(step, 0);
  });
});

describe("scores", () => {
  test("are those of the playhead, best first, and the same list while nothing changed", () => {
    const { player, scores } = openAt(1799);
    const late = scores.standings(2);
    expect(late.map(({ kills }) => kills).reduce((sum, kills) => sum + kills)).toBeGreaterThan(0);
    expect(late.map(({ score }) => score)).toEqual(
      late.map(({ score }) => score).toSorted((one, other) => other - one),
    );
    expect(scores.standings(2)).toBe(late);
    jumpTo(player, 10);
    expect(scores.standings(2).every(({ kills }) => kills === 0)).toBe(true);
  });

  test("tell a kill for a few seconds of the match from the tick of the kill on", () => {
    const { tick, item } = news[0];
    const { player, scores } = openAt(tick - 1);
    expect(scores.kills(2)).toEqual([]);
    jumpTo(player, tick);
    const names = { killerName: `Pilot ${item.killer}`, victimName: `Pilot ${item.victim}` };
    expect(scores.kills(2)).toMatchObject([names]);
    expect(scores.marks(item.victim)[0]).toMatchObject({ atSeconds: tick / 60, ofViewer: "death" });
  });
});

test("a number that was given anew belongs to whoever had it at that tick", () => {
  const players = [
    { player: 1, name: "Ada", isPilot: false },
    { player: 1, name: "Bob", isPilot: false },
  ];
  const steps = replay.steps.slice(0, 300).map((step, tick) => ({
    ...step,
    changes: [0, 100, 200].includes(tick)
      ? [{ kind: tick === 100 ? ("removed" as const) : ("added" as const), player: 1 }]
      : [],
  }));
  const roster = new ReplayRoster({ ...replay, players, steps });
  expect([0, 150, 200, 299].map((tick) => roster.at(1, tick)?.name)).toEqual(["Ada", "Ada", "Bob", "Bob"]);
});
