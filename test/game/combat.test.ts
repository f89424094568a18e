import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { EventKind, HIT_SIDES } from "@starwake/shared/game/events.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { Trigger, WEAPONS } from "@starwake/shared/game/weapons.ts";
import type { Ship } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { ARENA_SIDE_UNITS, createArena, eventsOf, hold, placeShip } from "./arena.ts";

const MIDDLE = ARENA_SIDE_UNITS / 2;
const DAMAGE = WEAPONS[0].damage;
const FIRE = { 1: { triggers: Trigger.Primary } };
const standing = (world: Parameters<typeof hold>[0], id: number) =>
  starwake.standing(world as Parameters<typeof starwake.standing>[0], id);

/** Ship 1 faces ship 2 from the left, near enough to hit within a few ticks. */
function face(state: Partial<Ship> = {}) {
  const world = createArena();
  const shooter = placeShip(world, 1, MIDDLE, MIDDLE);
  const victim = placeShip(world, 2, MIDDLE + 100, MIDDLE, state);
  return { world, shooter, victim };
}

describe("a hit", () => {
  test("takes the weapon's damage, once, and is told with the side that it came from", () => {
    const { world, victim } = face();
    const first = hold(world, 1, FIRE).events;
    const { events } = hold(world, 20);
    expect(victim.health).toBe(SHIP.health - DAMAGE);
    expect(eventsOf([...first, ...events], EventKind.Hit).map(({ values }) => values)).toEqual([
      { victim: 2, shooter: 1, damage: DAMAGE, weapon: 0, side: HIT_SIDES / 2 },
    ]);
  });

  test("on a protected ship stops the shot and hurts nobody", () => {
    const { world, victim } = face({ protection: 100 });
    const behind = placeShip(world, 3, MIDDLE + 200, MIDDLE);
    hold(world, 1, FIRE);
    const { events } = hold(world, 20);
    expect([victim.health, behind.health]).toEqual([SHIP.health, SHIP.health]);
    expect(eventsOf(events, EventKind.Hit)[0].values).toMatchObject({ victim: 2, damage: 0 });
  });

  test("is made good after a while without another, a point at a time", () => {
    const { world, victim } = face();
    hold(world, 1, FIRE);
    hold(world, 60 * (SHIP.mendDelaySeconds - 1));
    expect(victim.health).toBe(SHIP.health - DAMAGE);
    hold(world, 60 * (DAMAGE / SHIP.mendPerSecond + 2));
    expect(victim.health).toBe(SHIP.health);
  });
});

test.for([20, 30, 60, 120])("health comes back at the table's rate at %i ticks a second", (tickRate) => {
  const world = createArena({ tickRate });
  const ship = placeShip(world, 1, MIDDLE, MIDDLE, { health: 10 });
  hold(world, 10 * tickRate);
  const wanted = (10 * tickRate) / Math.round(tickRate / SHIP.mendPerSecond);
  expect(Math.abs(ship.health - 10 - wanted)).toBeLessThanOrEqual(1);
});

describe("protection", () => {
  test("ends with its time", () => {
    const { world, victim } = face({ protection: 5 });
    hold(world, 5);
    expect(victim.protection).toBe(0);
    hold(world, 1, FIRE);
    hold(world, 20);
    expect(victim.health).toBeLessThan(SHIP.health);
  });

  test("ends when its ship fires", () => {
    const { world, shooter } = face();
    shooter.protection = 100;
    hold(world, 1, FIRE);
    expect(shooter.protection).toBe(0);
  });
});

describe("a death", () => {
  const doomed = { health: 1, mendDelay: 100 };

  test("is told where it happened, is news, and scores a hundred points", () => {
    const { world, victim } = face(doomed);
    const first = hold(world, 1, FIRE);
    const { events, news } = hold(world, 20);
    const { x, y } = victim;
    expect(eventsOf([...first.events, ...events], EventKind.Death).map(({ values }) => values)).toEqual([
      { x, y, victim: 2, killer: 1 },
    ]);
    expect([...first.news, ...news]).toEqual([{ killer: 1, victim: 2, weapon: 0 }]);
    expect(standing(world, 1)).toEqual({ score: 100, kills: 1, deaths: 0 });
    expect(standing(world, 2)).toEqual({ score: 0, kills: 0, deaths: 1 });
  });

  test("by a shot whose shooter has left is a death all the same, and nobody's kill", () => {
    const { world } = face(doomed);
    hold(world, 1, FIRE);
    starwake.removePlayer(world as Parameters<typeof starwake.removePlayer>[0], 1);
    expect(hold(world, 20).news).toEqual([{ killer: 1, victim: 2, weapon: 0 }]);
    expect(standing(world, 2)).toMatchObject({ deaths: 1 });
    expect(standing(world, 1)).toEqual({ score: 0, kills: 0, deaths: 0 });
  });

  test("takes no more health than there was", () => {
    const { world, victim } = face(doomed);
    hold(world, 1, FIRE);
    const { events } = hold(world, 5);
    expect(victim.health).toBe(0);
    for (const { values } of eventsOf(events, EventKind.Hit)) expect(values.damage).toBe(1);
  });

  test("leaves a ship that lies still, does nothing and is hit by nothing until its time has come", () => {
    const { world, victim } = face({ ...doomed, vx: 300 });
    hold(world, 1, FIRE);
    while (victim.respawn === 0) hold(world, 1);
    const { x, y } = victim;
    const { events, news } = hold(world, 60, { ...FIRE, 2: { thrust: 1, triggers: Trigger.Primary, aim: TURN / 2 } });
    expect(victim).toMatchObject({ x, y, vx: 0, vy: 0, health: 0 });
    expect(world.projectiles.every(({ owner }) => owner === 1)).toBe(true);
    expect([eventsOf(events, EventKind.Hit), news]).toEqual([[], []]);
  });

  test("is followed by a return after its time: whole, at rest, protected for a while", () => {
    const { world, victim } = face(doomed);
    hold(world, 1, FIRE);
    while (victim.respawn === 0) hold(world, 1);
    const deathTick = world.tick;
    let spawns = eventsOf(world.events, EventKind.Spawn);
    while (spawns.length === 0) spawns = eventsOf(hold(world, 1).events, EventKind.Spawn);
    expect((world.tick - deathTick) / 60).toBeCloseTo(SHIP.respawnSeconds, 1);
    expect(spawns[0].values).toEqual({ x: victim.x, y: victim.y, ship: 2 });
    expect(victim).toMatchObject({ health: SHIP.health, energy: world.rules.ship.maxEnergy, vx: 0, vy: 0, respawn: 0 });
    expect(victim.protection / 60).toBeCloseTo(SHIP.protectionSeconds, 1);
    expect(standing(world, 2)).toMatchObject({ deaths: 1 });
  });

  test("is undone by nobody but the server: a predicted ship waits for its word", () => {
    const world = createArena({ role: "prediction" });
    const ship = placeShip(world, 1, MIDDLE, MIDDLE, { respawn: 10, health: 0 });
    hold(world, 60);
    expect(ship.respawn).toBe(1);
  });
});

test("a ship does not hit itself, however it flies into its own shots", () => {
  const world = createArena();
  const ship = placeShip(world, 1, 300, MIDDLE, { vx: world.rules.ship.boostTopSpeed });
  hold(world, 60, { 1: { triggers: Trigger.Primary, thrust: 1, boost: 1 } });
  expect(ship.health).toBe(SHIP.health);
});
