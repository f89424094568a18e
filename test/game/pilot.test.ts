import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { isInRange } from "@starwake/shared/engine/schema.ts";
import { type Command, commandSchema, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { createPilot } from "../../server/game/pilot.ts";
import { SEED } from "../support/seed.ts";
import { ARENA_SIDE_UNITS, createArena, placeShip } from "./arena.ts";

const MIDDLE = ARENA_SIDE_UNITS / 2;

type Flight = { readonly commands: Command[]; readonly kills: number; readonly world: World };

/** Lets pilots fight. `seed` is the map's and the chance's; pilots fly by seeds of their own. */
function fly(ticks: number, pilots: number, seed: number, tickRate = 60): Flight {
  const world = starwake.createWorld({ seed, tickRate, capacity: pilots, mapSize: 0, role: "authority" });
  const crew = Array.from({ length: pilots }, (_, index) => ({ player: index + 1, pilot: createPilot(seed + index) }));
  for (const { player } of crew) starwake.addPlayer(world, player);
  const commands: Command[] = [];
  let kills = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const wishes = new Map(crew.map(({ player, pilot }) => [player, pilot.command(world, player)]));
    commands.push(...wishes.values());
    starwake.step(world, wishes);
    kills += world.news.length;
  }
  return { commands, kills, world };
}

test(`pilots wish for nothing that a player could not [seed ${SEED}]`, () => {
  for (const command of fly(1_500, 10, SEED).commands) expect(isInRange(commandSchema, command)).toBe(true);
});

test("pilots of one seed fly one way", () => {
  expect(fly(600, 6, 11).commands).toEqual(fly(600, 6, 11).commands);
});

test("pilots of other seeds fly another way", () => {
  expect(fly(600, 6, 12).commands).not.toEqual(fly(600, 6, 11).commands);
});

test("a seed gives one name", () => {
  expect(createPilot(5).name).toBe(createPilot(5).name);
  expect(new Set(Array.from({ length: 40 }, (_, seed) => createPilot(seed).name)).size).toBeGreaterThan(15);
});

test.for([20, 30, 60, 120])("pilots find, fight and kill each other at %i ticks a second", (tickRate) => {
  expect(fly(60 * tickRate, 8, 3, tickRate).kills).toBeGreaterThan(5);
});

test("pilots use both guns and the boost", () => {
  const { commands } = fly(3_600, 8, 3);
  const uses = (is: (command: Command) => boolean) => commands.filter(is).length / commands.length;
  expect(uses(({ triggers }) => triggers === Trigger.Primary)).toBeGreaterThan(0.02);
  expect(uses(({ triggers }) => triggers === Trigger.Secondary)).toBeGreaterThan(0.005);
  expect(uses(({ boost }) => boost === 1)).toBeGreaterThan(0.01);
  expect(uses(({ thrust }) => thrust > 0)).toBeGreaterThan(0.5);
});

describe("a pilot", () => {
  /** What a pilot wishes over some seconds in a world where nothing moves. */
  function watch(world: World, player: number, ticks = 240): Command[] {
    const pilot = createPilot(1);
    return Array.from({ length: ticks }, () => pilot.command(world, player));
  }

  test("that is dead, or has no ship, holds nothing", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, MIDDLE, { respawn: 30 });
    expect(watch(world, 1, 1)).toEqual([NEUTRAL_COMMAND]);
    expect(watch(world, 2, 1)).toEqual([NEUTRAL_COMMAND]);
  });

  test("aims at whom it sees, and fires", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, MIDDLE);
    placeShip(world, 2, MIDDLE, MIDDLE + 300);
    const commands = watch(world, 1);
    expect(Math.abs(commands.at(-1)!.aim - TURN / 4)).toBeLessThan(40);
    expect(commands.some(({ triggers }) => triggers !== 0)).toBe(true);
  });

  test("fires at nobody who is beyond a player's screen", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, 100);
    placeShip(world, 2, MIDDLE, 700);
    expect(watch(world, 1).every(({ triggers }) => triggers === 0)).toBe(true);
  });

  test("fires at nobody behind a wall, nor at whom it cannot hurt", () => {
    const walled = createArena({ obstacles: [{ x0: 700, y0: MIDDLE + 150, x1: 1400, y1: MIDDLE + 150, radius: 20 }] });
    const protectedOne = createArena();
    for (const world of [walled, protectedOne]) {
      placeShip(world, 1, MIDDLE, MIDDLE);
      placeShip(world, 2, MIDDLE, MIDDLE + 300, { protection: world === protectedOne ? 100 : 0 });
      expect(watch(world, 1).every(({ triggers }) => triggers === 0)).toBe(true);
    }
  });
});
