/** Leaving and joining again: it neither mends nor protects, and robs nobody of a kill. */
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import { judgeReplay } from "@starwake/server/engine/replay-verdict.ts";
import type { EngineWorld, GameDefinition, NewsItem } from "@starwake/shared/engine/game-definition.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { leaving } from "@starwake/shared/game/leaving.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import { findShip, isAlive, type Ship, type World } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { createPilot } from "../../server/game/pilot.ts";
import { chanceOf } from "../support/chance.ts";
import { createHandClock } from "../support/hand-clock.ts";
import { type Escape, flyStill } from "../support/leaver.ts";
import { createLoopback } from "../support/loopback.ts";
import { openRecordedRoom, STARWAKE } from "../support/recorded-room.ts";
import { createServerByHand } from "../support/server-by-hand.ts";
import { createArena, hold, placeShip, quanta } from "./arena.ts";

const TICK_RATE = 60;
const TICK_MS = 1000 / TICK_RATE;
const { respawnTicks, protectionTicks } = createArena().rules.ship;
const WEST = { aim: 512, triggers: Trigger.Primary };
const EAST = { aim: 0, triggers: Trigger.Primary };

describe("the ship of one who left", () => {
  test("stays for a respawn's time when it lives, and no longer", () => {
    const world = createArena();
    placeShip(world, 1, 500, 500);
    while (!leaving.isOver(world, 1, 0)) hold(world, 1);
    expect(world.tick).toBe(respawnTicks);
  });

  test("when killed stays dead for the rest of its wait, and is gone before it would fly again", () => {
    const world = createArena();
    const ship = placeShip(world, 1, 500, 500, { health: 1 });
    placeShip(world, 2, 700, 500);
    hold(world, 40, { 2: WEST });
    expect(isAlive(ship)).toBe(false);
    while (!leaving.isOver(world, 1, world.tick)) {
      hold(world, 1);
      expect(isAlive(ship)).toBe(false);
    }
    expect(ship.respawn).toBe(1);
  });
});

test.for([
  ["whole", {}, false],
  ["hurt", { health: 99 }, true],
  ["dead", { health: 0, respawn: 60 }, false],
] as const)("somebody has a part in what becomes of a ship that is %s: %o", ([, state, isAtStake]) => {
  const world = createArena();
  placeShip(world, 1, 500, 500, state);
  expect(leaving.isAtStake(world, 1)).toBe(isAtStake);
  expect(leaving.isAtStake(world, 2)).toBe(false);
});

describe("the condition that a ship left in", () => {
  const worn = { health: 40, protection: 20, energy: 300, cooldown: 9, mendDelay: 50, respawn: 0 };

  test.for([0, 1, 10, 60, 400, 900])("is after %i ticks what it would be, had the ship lain untouched", (ticks) => {
    const world = createArena();
    placeShip(world, 1, 500, 500, worn);
    hold(world, ticks);
    expect(leaving.conditionAfter(world, worn, ticks)).toEqual(leaving.conditionOf(world, 1));
  });

  test("is forgotten no sooner than any ship is whole", () => {
    const world = createArena();
    const { mendDelayTicks, maxEnergy, energyGainPerTick } = world.rules.ship;
    const worst = { ...worn, health: 1, energy: 0, protection: 0, mendDelay: mendDelayTicks };
    let ticks = 0;
    let last: ReturnType<typeof leaving.conditionAfter>;
    for (let then = leaving.conditionAfter(world, worst, 0); then !== undefined; ticks++) {
      last = then;
      then = leaving.conditionAfter(world, worst, ticks + 1);
    }
    expect(last).toMatchObject({ health: 100, protection: 0 });
    expect(ticks).toBeGreaterThan(maxEnergy / energyGainPerTick);
  });

  test("of the dead is their wait: once it is over they begin as after any death", () => {
    const world = createArena();
    const dead = { ...worn, health: 0, respawn: 80 };
    expect(leaving.conditionAfter(world, dead, 79)).toMatchObject({ respawn: 1 });
    expect(leaving.conditionAfter(world, dead, 80)).toBeUndefined();
  });

  test("is the one that who comes back begins with, unprotected", () => {
    const world = createArena();
    starwake.addPlayer(world as World & EngineWorld, 1, { ...worn, protection: 0 });
    const ship = findShip(world, 1);
    expect(ship).toMatchObject({ ...worn, protection: 0 });
    starwake.addPlayer(world as World & EngineWorld, 2);
    expect(findShip(world, 2)).toMatchObject({ health: 100, protection: protectionTicks });
  });

  test("of the dead is waited out, and ends in a life as after any death", () => {
    const world = createArena();
    starwake.addPlayer(world as World & EngineWorld, 1, { ...worn, health: 0, respawn: 30 });
    hold(world, 29);
    expect(isAlive(findShip(world, 1)!)).toBe(false);
    hold(world, 1);
    expect(findShip(world, 1)).toMatchObject({ health: 100, respawn: 0 });
    expect(findShip(world, 1)!.protection).toBeGreaterThan(protectionTicks - 3);
  });
});

/** A room of the real game without pilots, whose ships a test can place. */
function openDuel() {
  const clock = createHandClock();
  const chance = chanceOf();
  let world: World | undefined;
  const createWorld: typeof starwake.createWorld = (setup) => {
    const made = starwake.createWorld(setup);
    if (setup.role === "authority") world = { ...made, map: createArena().map };
    return setup.role === "authority" ? (world as typeof made) : made;
  };
  const game = { ...starwake, createWorld } as GameDefinition;
  const setup = { seed: 1, tickRate: TICK_RATE, capacity: 8, mapSize: 2048, role: "authority" } as const;
  const rates = { frameRate: 30, packetRate: 60, budgetBytesPerSecond: 12_000, holdMs: 20_000 };
  const server = createServerByHand(clock, game, createPilot as CreatePilot, { ...rates, setup, pilots: 0 });
  const loopback = createLoopback({ clock, accept: server.lobby.accept, delayMs: () => 15 });
  const players: { client: GameClient; wish: Partial<Command> }[] = [];
  const run = async (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) {
      clock.advance(TICK_MS);
      // Replies are promises: those that are due are taken before the next frame.
      await new Promise((resolve) => setImmediate(resolve));
      for (const { client, wish } of players) client.update(() => ({ ...NEUTRAL_COMMAND, ...wish }));
    }
  };
  const join = async (name: string, news: (items: readonly NewsItem[]) => void = () => {}) => {
    const who = {
      name,
      room: { kind: "quick" },
      token: undefined,
      key: `key of ${name}`.replaceAll(" ", "-"),
    } as const;
    const key = who.key.padEnd(32, "-");
    const options = { game: starwake as GameDefinition, openLink: loopback.openLink, now: clock.now, news, chance };
    const player = { client: new GameClient({ ...options, ...who, key }), wish: {} as Partial<Command> };
    players.push(player);
    await run(12);
    return player;
  };
  const leave = async (player: (typeof players)[number]) => {
    player.client.leave();
    players.splice(players.indexOf(player), 1);
    await run(3);
  };
  const shipOf = ({ client }: (typeof players)[number]): Ship => {
    if (client.state.state !== "playing") throw new Error(`the client is ${client.state.state}`);
    return findShip(world!, client.state.match.player)!;
  };
  const cut = () => loopback.cut();
  return { run, join, leave, shipOf, cut };
}

/** A hunter beside its prey, which was shot at already. */
async function openHunt() {
  const duel = openDuel();
  const kills: { victim: string | undefined }[] = [];
  const hunter = await duel.join("Hunter", (items) => {
    for (const { victim } of items) kills.push({ victim: hunter.client.roster.get(victim)?.name });
  });
  const prey = await duel.join("Prey");
  const [own, other] = [duel.shipOf(hunter), duel.shipOf(prey)];
  Object.assign(own, { x: quanta(900), y: quanta(1000), protection: 0 });
  Object.assign(other, { x: quanta(1100), y: quanta(1000), protection: 0, health: 20, mendDelay: 300 });
  return { ...duel, hunter, prey, own, other, kills };
}

describe("who leaves when shot at", () => {
  test("can be killed all the same: it counts for the killer, and the news name the victim", async () => {
    const { run, leave, hunter, prey, own, other, kills } = await openHunt();
    await leave(prey);
    hunter.wish = EAST;
    await run(60);
    expect(isAlive(other)).toBe(false);
    expect(own).toMatchObject({ kills: 1, score: 100 });
    expect(kills).toEqual([{ victim: "Prey" }]);
  });

  test("and is killed meanwhile waits out the rest of the wait, as any dead, with the death counted", async () => {
    const { run, leave, join, shipOf, hunter, prey, other } = await openHunt();
    await leave(prey);
    hunter.wish = EAST;
    await run(60);
    hunter.wish = {};
    const { respawn } = other;
    const back = await join("Prey");
    expect(shipOf(back)).toBe(other);
    expect(other).toMatchObject({ deaths: 1, respawn: respawn - 12 });
    await run(respawn - 12);
    expect(other).toMatchObject({ health: 100, respawn: 0, deaths: 1 });
  });

  test("and comes back at once has the ship as it is by then, where it is", async () => {
    const { leave, join, shipOf, prey, other } = await openHunt();
    const { x, y } = other;
    await leave(prey);
    const back = await join("Prey");
    expect(shipOf(back)).toBe(other);
    expect(other).toMatchObject({ x, y, health: 20, protection: 0 });
  });

  test("and comes back when the ship has gone has one that is no better, and no protection", async () => {
    const { run, leave, join, shipOf, prey } = await openHunt();
    await leave(prey);
    await run(respawnTicks + 10);
    const back = shipOf(await join("Prey"));
    expect(back).toMatchObject({ health: 20, protection: 0, respawn: 0 });
    expect(back.mendDelay).toBeLessThan(200);
  });

  test("when dead waits as long as who stays", async () => {
    const { run, leave, join, shipOf, hunter, prey, other } = await openHunt();
    hunter.wish = EAST;
    await run(60);
    hunter.wish = {};
    expect(isAlive(other)).toBe(false);
    const { respawn } = other;
    await leave(prey);
    const back = await join("Prey");
    expect(shipOf(back).respawn).toBe(respawn - 15);
  });
});

describe("who loses the connection", () => {
  test("can be killed meanwhile", async () => {
    const { run, cut, hunter, own, other } = await openHunt();
    cut();
    await run(2);
    hunter.wish = EAST;
    await run(120);
    expect(other.deaths).toBe(1);
    expect(own.kills).toBe(1);
  });

  test("has neither health nor protection by coming back, and when dead no shorter wait", async () => {
    const { run, cut, shipOf, prey, other } = await openHunt();
    cut();
    await run(90);
    expect(shipOf(prey)).toBe(other);
    expect(other).toMatchObject({ health: 20, protection: 0 });
    Object.assign(other, { health: 0, respawn: 140 });
    cut();
    await run(90);
    expect(shipOf(prey).respawn).toBe(50);
  });
});

const ways: readonly Escape[] = [
  { by: "leaving", key: "same", backAfterMs: 0 },
  { by: "leaving", key: "same", backAfterMs: 2_700 },
  { by: "cutting", key: "same", backAfterMs: 0 },
];

test.for(ways)("among pilots $by at each scratch, and back after $backAfterMs ms, gains nothing", async (way) => {
  const { leaver } = await flyStill(1, 30, way);
  expect(leaver.visits).toBeGreaterThan(3);
  // There is protection for the first life and after a death, and a whole ship after a death or when time has mended it.
  expect(leaver.deaths).toBeGreaterThan(0);
  expect(leaver.protected).toBeLessThanOrEqual((leaver.deaths + 1) * protectionTicks);
  expect(Math.min(...leaver.wholeAfterMs)).toBeGreaterThan(respawnTicks * TICK_MS);
});

test("a ship that was left behind by one who makes up a key for each visit is killed all the same", async () => {
  const { leaver } = await flyStill(1, 30, { by: "leaving", key: "fresh", backAfterMs: 0 });
  expect(leaver.deaths).toBeGreaterThan(0);
});

test("a recorded match runs again to its own hashes: people who leave and come back, and pilots who make room", async () => {
  const key = "k".repeat(32);
  const room = openRecordedRoom(5, 2);
  await room.run(6);
  for (const [awaySeconds, name] of [
    [0.5, "Back to the ship"],
    [3.5, "Back as it was"],
  ] as const) {
    for (const staySeconds of [4, 2]) {
      const visitor = room.seat({ name, key });
      await room.run(staySeconds);
      room.leave(visitor);
      await room.run(awaySeconds);
    }
  }
  await room.close();
  const replay = await room.read();
  const removals = replay.steps.flatMap(({ changes }) => changes.filter(({ kind }) => kind === "removed"));
  const conditions = replay.steps.flatMap(({ changes }) =>
    changes.filter((change) => change.kind === "added" && change.condition !== undefined),
  );
  expect(removals.length).toBeGreaterThan(2);
  expect(conditions.length).toBeGreaterThan(0);
  expect(judgeReplay(STARWAKE, replay)).toMatchObject({ kind: "true", hashes: room.heard.hashes.length });
});
