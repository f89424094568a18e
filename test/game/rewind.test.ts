/** Shots are judged by what their shooter saw: where ships stood some ticks ago. */
import { angleOf, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBetween } from "@starwake/shared/engine/random.ts";
import { MAX_CHARGE } from "@starwake/shared/game/entities.ts";
import { EventKind, HIT_SIDES } from "@starwake/shared/game/events.ts";
import { Trigger, WEAPONS, type WeaponName } from "@starwake/shared/game/weapons.ts";
import { describe, expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { ARENA_SIDE_UNITS, createArena, eventsOf, hold, placeShip, quanta } from "./arena.ts";
import { aimAt, DISTANCE, DOWN, fire, randomCrossing, seen, startCrossing } from "./crossing.ts";

const MIDDLE = ARENA_SIDE_UNITS / 2;
/** A quarter of a second at 60 ticks a second. */
const MOST = 15;
const RUNS = 400;
const NAMES: WeaponName[] = ["pulse", "rail"];

describe.for(NAMES)("a %s", (name) => {
  test("hits a crossing ship where it was seen a quarter of a second ago", () => {
    const crossing = startCrossing({ distance: DISTANCE[name] });
    const damage = WEAPONS.find((weapon) => weapon.name === name)?.damage;
    expect(fire(crossing, name, aimAt(crossing, name, MOST), MOST).hits).toMatchObject([{ victim: 2, damage }]);
  });

  test("aimed there by one who is taken to see the present misses", () => {
    const crossing = startCrossing({ distance: DISTANCE[name] });
    expect(fire(crossing, name, aimAt(crossing, name, MOST), 0).hits).toEqual([]);
  });

  test.for([30, 60, 120])(
    `aimed at what is seen hits 99 of 100 times, for any look age, at %i ticks a second [seed ${SEED}]`,
    (tickRate) => {
      const random = createRandom(SEED, tickRate);
      let hits = 0;
      for (let run = 0; run < RUNS; run++) {
        const crossing = randomCrossing(random, name, tickRate);
        const age = nextBetween(random, 0, Math.floor(tickRate / 4));
        hits += fire(crossing, name, aimAt(crossing, name, age), age).hits.length;
      }
      expect(hits / RUNS).toBeGreaterThanOrEqual(0.99);
    },
  );

  test(`aimed at what was a quarter of a second ago hits less than 10 of 100 times without rewind [seed ${SEED}]`, () => {
    const random = createRandom(SEED);
    let hits = 0;
    for (let run = 0; run < RUNS; run++) {
      const crossing = randomCrossing(random, name, 60);
      hits += fire(crossing, name, aimAt(crossing, name, MOST), 0).hits.length;
    }
    expect(hits / RUNS).toBeLessThan(0.1);
  });

  test("is rewound by a quarter of a second at most: an older look counts as one of that age", () => {
    const start = () => startCrossing({ distance: DISTANCE[name] });
    const [led, aimed] = [start(), start()];
    expect(fire(led, name, aimAt(led, name, MOST), 24).hits).toHaveLength(1);
    expect(fire(aimed, name, aimAt(aimed, name, 24), 24).hits).toEqual([]);
  });

  test("of one who claims to see the future is judged by the present", () => {
    const crossing = startCrossing({ distance: DISTANCE[name] });
    expect(fire(crossing, name, aimAt(crossing, name, 0), -20).hits).toHaveLength(1);
  });

  test("is not rewound into a time of protection, only to its end", () => {
    // So near that a pulse is there before what its shooter saw has passed.
    const start = () => startCrossing({ distance: 120, state: { protection: 26 } });
    const [early, late] = [start(), start()];
    expect(fire(early, name, aimAt(early, name, MOST), MOST).hits).toEqual([]);
    expect(fire(late, name, aimAt(late, "rail", late.world.tick + 1 - 26), MOST).hits).toMatchObject([{ victim: 2 }]);
  });

  test("meets a ship that is protected where it stands now, and does not hurt it", () => {
    const start = () => startCrossing({ distance: 450, state: { protection: 1000 } });
    const [then, now] = [start(), start()];
    expect(fire(then, name, aimAt(then, name, MOST), MOST).hits).toEqual([]);
    expect(fire(now, name, aimAt(now, name, 0), MOST).hits).toMatchObject([{ victim: 2, damage: 0 }]);
  });

  test("does not hit a dead ship, even if its shooter sees it fly", () => {
    const crossing = startCrossing({ distance: 450 });
    Object.assign(crossing.victim, { respawn: 200, health: 0 });
    expect(fire(crossing, name, aimAt(crossing, name, MOST), MOST).hits).toEqual([]);
  });

  test("is never rewound into an earlier life, however soon it came back and however short its protection", () => {
    const start = () => {
      const crossing = startCrossing({ distance: 450 });
      const rules = { ...crossing.world.rules, ship: { ...crossing.world.rules.ship, protectionTicks: 1 } };
      const world = { ...crossing.world, rules };
      crossing.victim.respawn = 1;
      hold(world, 1, { 1: { triggers: Trigger.Secondary } });
      return { ...crossing, world, course: { thrust: 0, boost: 0 } as const };
    };
    const [old, now] = [start(), start()];
    expect(now.victim).toMatchObject({ respawn: 0, protection: 0 });
    expect(fire(old, name, aimAt(old, name, MOST), MOST).hits).toEqual([]);
    const { shooter, victim } = now;
    Object.assign(shooter, { x: victim.x - Math.sign(victim.x - quanta(MIDDLE)) * quanta(200), y: victim.y });
    expect(fire(now, name, angleOf(victim.x - shooter.x, 0), MOST).hits).toMatchObject([{ victim: 2 }]);
  });

  test("that hits a ship which has come behind a wall since is counted, with it and without", () => {
    const count = (hasWall: boolean) => {
      const wall = { x0: 300, y0: 1200, x1: 1900, y1: 1200, radius: 10 };
      const world = createArena({ obstacles: hasWall ? [wall] : [] });
      placeShip(world, 1, MIDDLE, MIDDLE, { charging: 2, charge: MAX_CHARGE });
      const victim = placeShip(world, 2, MIDDLE + 60, MIDDLE);
      hold(world, 20, { 1: { triggers: Trigger.Secondary } });
      victim.y = quanta(1400);
      const crossing = { world, shooter: world.ships[0], victim, places: [], course: { thrust: 0, boost: 0 } as const };
      return fire(crossing, name, 0, 10).tally;
    };
    expect(count(true)).toEqual({ hits: 1, rewoundHits: 1, hitsBehindCover: 1 });
    expect(count(false)).toEqual({ hits: 1, rewoundHits: 1, hitsBehindCover: 0 });
  });
});

test("a hit by one who sees the present is counted as no rewound one", () => {
  const crossing = startCrossing();
  const { tally } = fire(crossing, "rail", aimAt(crossing, "rail", 0), 0);
  expect(tally).toEqual({ hits: 1, rewoundHits: 0, hitsBehindCover: 0 });
});

test("a shot keeps the lag with which it was fired, whatever its shooter sees later", () => {
  const crossing = startCrossing({ distance: 450 });
  const aim = aimAt(crossing, "pulse", MOST);
  crossing.shooter.charging = 0;
  hold(crossing.world, 1, { 1: { triggers: Trigger.Primary, aim }, 2: crossing.course }, { 1: MOST });
  const { events } = hold(crossing.world, 60, { 2: crossing.course }, { 1: 2 });
  expect(eventsOf(events, EventKind.Hit)).toHaveLength(1);
});

test("a hit is told with the side it came from where the ship was seen, and stands where it is now", () => {
  const crossing = startCrossing({ thrust: DOWN });
  const { world, shooter, victim, places } = crossing;
  shooter.y = places[world.tick + 1 - MOST].y;
  const { events } = hold(world, 1, { 1: { aim: 0 }, 2: crossing.course }, { 1: MOST });
  const [{ span, values }] = eventsOf(events, EventKind.Hit);
  expect(values.side).toBe(HIT_SIDES / 2);
  expect(span).toMatchObject({ x0: victim.x, y0: victim.y });
});

test("a ship that has boosted away from a narrow beam's way is found all the same", () => {
  const crossing = startCrossing({ boost: 1, thrust: DOWN });
  crossing.shooter.y = seen(crossing, MOST).y;
  expect(crossing.victim.y - crossing.shooter.y).toBeGreaterThan(quanta(140));
  expect(fire(crossing, "rail", 0, MOST).hits).toHaveLength(1);
});

test("the last place of a protected ship is none for a shot", () => {
  const world = createArena();
  placeShip(world, 1, MIDDLE, MIDDLE, { charging: 2, charge: MAX_CHARGE });
  const victim = placeShip(world, 2, MIDDLE + 300, MIDDLE, { protection: 11 });
  hold(world, 10, { 1: { triggers: Trigger.Secondary } });
  victim.y += quanta(100);
  hold(world, 1, { 1: { triggers: Trigger.Secondary } });
  expect(victim.protection).toBe(0);
  hold(world, 1, {}, { 1: MOST });
  expect(world.tally.hits).toBe(0);
});

test("two who both see a ship fly that the first of them kills do not both hit it", () => {
  const crossing = startCrossing({ state: { health: 1, mendDelay: 1000 } });
  const { world, shooter } = crossing;
  shooter.y = seen(crossing, MOST).y;
  placeShip(world, 3, MIDDLE + 900, shooter.y / quanta(1), { charging: 2, charge: MAX_CHARGE });
  hold(world, 1, { 3: { aim: TURN / 2 }, 2: crossing.course }, { 1: MOST, 3: MOST });
  expect(world.tally.hits).toBe(1);
});

test("the first ship on the way as it was seen is hit, though another is the first by now", () => {
  const hitBy = (lookAge: number) => {
    const crossing = startCrossing();
    crossing.shooter.y = seen(crossing, MOST).y;
    placeShip(crossing.world, 3, MIDDLE + 800, crossing.shooter.y / quanta(1));
    return fire(crossing, "rail", 0, lookAge).hits.map(({ victim }) => victim);
  };
  expect([hitBy(MOST), hitBy(0)]).toEqual([[2], [3]]);
});
