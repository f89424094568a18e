/** The speed limit: whatever players wish for and however often they say so, ships keep to their table. */
import { SnapshotReceiver } from "@starwake/client/engine/snapshot.ts";
import { MAX_COMMANDS_PER_PACKET } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type Command, THRUST_DIRECTIONS } from "@starwake/shared/game/command.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { distanceTo, obstaclesNear } from "@starwake/shared/game/map.ts";
import { compileRules, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { step } from "@starwake/shared/game/step.ts";
import { isAlive, type Ship, type World } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { packetOf } from "../support/game-packet.ts";
import { SEED } from "../support/seed.ts";
import { type ByHand, openByHand, startToyServer, TICK_RATE } from "../support/toy-server.ts";

const SHIPS = 24;
const SMALLEST_MAP = 1280;
const TICKS = 3_000;
/** Both coordinates are rounded to whole quanta. */
const ROUNDING = Math.SQRT2;

describe("ships that fly by chance into each other, all over a small map,", () => {
  test.for([30, 60, 120])(`keep to their table at %i ticks a second [seed ${SEED}]`, (tickRate) => {
    const { world, fly } = startCrowd(tickRate);
    const { boostTopSpeed } = world.rules.ship;
    let [furthest, contacts] = [0, 0];
    for (let tick = 0; tick < TICKS; tick++) {
      for (const { before, after } of fly()) {
        expect(Math.hypot(after.vx, after.vy)).toBeLessThanOrEqual(boostTopSpeed);
        const moved = Math.hypot(after.x - before.x, after.y - before.y);
        expect(moved).toBeLessThanOrEqual(furthestMove(world, after));
        furthest = Math.max(furthest, moved);
        contacts += contactsOf(world, after);
      }
    }
    expect(furthest).toBeGreaterThan(boostTopSpeed * STRIDE_PER_SPEED * 0.99);
    expect(contacts).toBeGreaterThan(100);
  });

  test(`get no further in a second than a boost carries them [seed ${SEED}]`, () => {
    const { world, fly } = startCrowd(60);
    const { boostTopSpeed, radius } = world.rules.ship;
    const mostInASecond = 60 * boostTopSpeed * STRIDE_PER_SPEED + radius;
    let since = new Map<Ship, { x: number; y: number }>();
    for (let tick = 0; tick < TICKS; tick++) {
      const flown = new Set(fly().map(({ after }) => after));
      if (tick % 60 === 0) since = new Map([...flown].map((ship) => [ship, { x: ship.x, y: ship.y }]));
      for (const [ship, { x, y }] of since) {
        if (flown.has(ship)) expect(Math.hypot(ship.x - x, ship.y - y)).toBeLessThanOrEqual(mostInASecond);
        else since.delete(ship);
      }
    }
  });
});

describe("a ship moves once a tick, by the first command for it, when its player sends", () => {
  const other = (tick: Tick): Command => ({ ...wishFor(tick), thrust: 1 + (tick % THRUST_DIRECTIONS), boost: 1 });
  const attacks: [how: string, send: Sending][] = [
    ["the same command a hundred times", (say, tick) => repeat(100, () => say(tick, [wishFor(tick)]))],
    [
      "other commands for the same tick after it",
      (say, tick) => repeat(100, (time) => say(tick, [time === 0 ? wishFor(tick) : other(tick)])),
    ],
    [
      "it anew with each of the ticks that follow",
      (say, tick, turn) => {
        const again = Math.min(turn, MAX_COMMANDS_PER_PACKET - 1);
        say(tick - again, wishesFrom(tick - again, again + 1));
      },
    ],
    [
      "many ticks' commands at once",
      (say, tick, turn) => {
        if (turn % MAX_COMMANDS_PER_PACKET === 0) say(tick, wishesFrom(tick, MAX_COMMANDS_PER_PACKET));
      },
    ],
    ["commands for ticks long past too", (say, tick) => [tick, tick - 40].map((at) => say(at, [wishFor(at)]))],
    [
      "commands for ticks far ahead too",
      (say, tick) => {
        say(tick, [wishFor(tick)]);
        say(tick + FAR_AHEAD, [other(tick)]);
      },
    ],
  ];

  test.for(attacks)(`%s [seed ${SEED}]`, async ([, send]) => {
    const flown = await flightOf(send);
    expect(flown).toEqual(await flightOf((say, tick) => say(tick, [wishFor(tick)])));
    expect(fastest(flown)).toBeGreaterThan(0);
    expect(fastest(flown)).toBeLessThanOrEqual(
      compileRules(TICK_RATE).ship.boostTopSpeed * STRIDE_PER_SPEED + ROUNDING,
    );
  });
});

/** A world full of ships, each of which changes its mind now and then; `fly` steps it and tells what flew. */
function startCrowd(tickRate: number) {
  const random = createRandom(SEED, tickRate);
  const setup = { seed: SEED, tickRate, capacity: SHIPS, mapSize: SMALLEST_MAP, role: "authority" } as const;
  const world = starwake.createWorld(setup);
  const held = new Map<number, Command>();
  for (let id = 1; id <= SHIPS; id++) {
    starwake.addPlayer(world, id);
    held.set(id, randomWish(random));
  }
  const fly = () => {
    for (const id of held.keys()) if (nextBelow(random, 20) === 0) held.set(id, randomWish(random));
    const before = world.ships.map((ship) => ({ ...ship }));
    step(world, held);
    // Who comes back to life comes from nowhere.
    return world.ships
      .map((after, place) => ({ before: before[place], after }))
      .filter(({ before, after }) => isAlive(before) && isAlive(after));
  };
  return { world, fly };
}

function randomWish(random: Random): Command {
  return {
    thrust: nextBetween(random, 0, THRUST_DIRECTIONS),
    boost: Math.min(1, nextBelow(random, 4)),
    triggers: nextBelow(random, 10) === 0 ? nextBelow(random, 8) : 0,
    aim: nextBetween(random, 0, starwake.command.fields[starwake.command.names.indexOf("aim")].max),
  };
}

/** A boost's stride; and what touches a ship may push it out of its way, by a radius at most. */
function furthestMove(world: World, ship: Ship): number {
  const { boostTopSpeed, radius } = world.rules.ship;
  return boostTopSpeed * STRIDE_PER_SPEED + ROUNDING + contactsOf(world, ship) * radius;
}

/** Ships, obstacles and borders that a ship may have touched in the last step, and have been pushed on from since. */
function contactsOf({ ships, map, rules }: World, { id, x, y }: Ship): number {
  const { radius } = rules.ship;
  const isNear = (other: Ship) => other.id !== id && Math.hypot(other.x - x, other.y - y) < 4 * radius;
  const near = ships.filter((other) => isAlive(other) && isNear(other));
  const obstacles = obstaclesNear(map, x, y).filter((obstacle) => distanceTo(obstacle, x, y) < 2 * radius);
  const borders = [x, y, map.side - x, map.side - y].filter((distance) => distance < 2 * radius);
  return near.length + obstacles.length + borders.length;
}

/** Says commands for ticks from `firstTick` on. */
type Say = (firstTick: Tick, commands: readonly Command[]) => void;
/** What a player sends in one turn, when it is time for the command for `tick`. */
type Sending = (say: Say, tick: Tick, turn: number) => unknown;

const TURNS = 240;
const TICKS_AHEAD = 2;
/** Whatever power of two a queue's length is, this is in the place of the tick that it is ahead of. */
const FAR_AHEAD = 4_096;

function wishFor(tick: Tick): Command {
  return { ...randomWish(createRandom(SEED, tick >> 4)), triggers: 0 };
}

function wishesFrom(firstTick: Tick, count: number): Command[] {
  return Array.from({ length: count }, (_, index) => wishFor(firstTick + index));
}

function repeat(times: number, act: (time: number) => void): void {
  for (let time = 0; time < times; time++) act(time);
}

/** Where a player's ship was at each tick, as the frames of a server told that plays the game over the whole path. */
async function flightOf(send: Sending): Promise<{ tick: Tick; x: number; y: number }[]> {
  const server = startToyServer({ game: starwake as GameDefinition, seed: SEED, frameRate: TICK_RATE });
  const player = await openByHand(server);
  const joined = await player.ask();
  if (!joined.ok) throw new Error(joined.reason);
  const world = starwake.createWorld({ ...joined.setup, role: "prediction" });
  const receiver = new SnapshotReceiver(starwake as GameDefinition, world, joined.tick, joined.player);
  const flight: { tick: Tick; x: number; y: number }[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await server.run(1000 / TICK_RATE);
    const seen = newestPlace(player, receiver);
    flight.push(seen);
    const say: Say = (firstTick, commands) =>
      player.link.sendPacket(packetOf({ ackTick: seen.tick, firstTick, commands }));
    send(say, seen.tick + TICKS_AHEAD, turn);
  }
  return flight;
}

/** Reads the frames that have come since the last call. */
function newestPlace({ frames }: ByHand, receiver: SnapshotReceiver): { tick: Tick; x: number; y: number } {
  const [newest] = frames
    .splice(0)
    .map((bytes) => receiver.receive(bytes))
    .toReversed();
  if (newest?.own === undefined) throw new Error("no frame has come, or one that could not be read");
  return { tick: newest.head.tick, x: newest.own[shipKind.at.x], y: newest.own[shipKind.at.y] };
}

/** The furthest that a flight got in one tick. */
function fastest(flight: readonly { x: number; y: number }[]): number {
  return Math.max(...flight.slice(1).map(({ x, y }, last) => Math.hypot(x - flight[last].x, y - flight[last].y)));
}
