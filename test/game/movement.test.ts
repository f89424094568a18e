import { sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBelow, nextBetween } from "@starwake/shared/engine/random.ts";
import { isInRange } from "@starwake/shared/engine/schema.ts";
import { THRUST_DIRECTIONS, thrustAngle, thrustTowards } from "@starwake/shared/game/command.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import { generateMap } from "@starwake/shared/game/map.ts";
import { flyAlone } from "@starwake/shared/game/movement.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { createShip } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { ARENA_SIDE_UNITS, createArena, hold, placeShip, quanta, speedOf } from "./arena.ts";

const [RIGHT, DOWN, LEFT, UP] = [0, 1, 2, 3].map((quarter) => thrustTowards((quarter * TURN) / 4));
const MIDDLE = ARENA_SIDE_UNITS / 2;

describe("thrust", () => {
  test("speeds a ship towards the direction that is held, and no other", () => {
    for (let thrust = 1; thrust <= THRUST_DIRECTIONS; thrust++) {
      const world = createArena();
      const ship = placeShip(world, 1, MIDDLE, MIDDLE);
      hold(world, 10, { 1: { thrust } });
      const way = Math.atan2(ship.vy, ship.vx) - (thrustAngle(thrust) / TURN) * 2 * Math.PI;
      expect(Math.cos(way)).toBeGreaterThan(0.999);
      expect(speedOf(world, ship)).toBeGreaterThan(100);
    }
  });

  test("does not depend on the aim", () => {
    const [one, other] = [0, 700].map((aim) => {
      const world = createArena();
      const ship = placeShip(world, 1, MIDDLE, MIDDLE);
      hold(world, 20, { 1: { thrust: DOWN, aim } });
      return ship;
    });
    expect(one).toEqual({ ...other, aim: 0 });
  });

  test("brings a ship to its top speed and no further", () => {
    const world = createArena();
    const ship = placeShip(world, 1, 100, MIDDLE);
    let fastest = 0;
    for (let tick = 0; tick < 150; tick++) {
      hold(world, 1, { 1: { thrust: RIGHT } });
      fastest = Math.max(fastest, speedOf(world, ship));
    }
    expect(fastest).toBeGreaterThan(SHIP.topUnitsPerSecond * 0.99);
    expect(fastest).toBeLessThan(SHIP.topUnitsPerSecond * 1.01);
  });
});

describe("a drifting ship", () => {
  test("loses to drag the part of its speed that the table tells", () => {
    const world = createArena();
    const ship = placeShip(world, 1, 300, MIDDLE, { vx: 800 });
    const before = speedOf(world, ship);
    hold(world, 60);
    expect(speedOf(world, ship) / before).toBeCloseTo(Math.exp(-SHIP.dragPerSecond), 1);
  });

  test("comes to rest, and stays there", () => {
    const world = createArena();
    const ship = placeShip(world, 1, MIDDLE, MIDDLE, { vx: 300, vy: -200 });
    hold(world, 600);
    const { x, y } = ship;
    hold(world, 60);
    expect(ship).toMatchObject({ x, y, vx: 0, vy: 0 });
  });
});

describe("a boost", () => {
  test("is faster than thrust alone, up to a top of its own", () => {
    const world = createArena();
    const ship = placeShip(world, 1, 100, MIDDLE);
    hold(world, 60, { 1: { thrust: RIGHT, boost: 1 } });
    expect(speedOf(world, ship)).toBeGreaterThan(SHIP.boostTopUnitsPerSecond * 0.97);
    expect(speedOf(world, ship)).toBeLessThan(SHIP.boostTopUnitsPerSecond * 1.01);
  });

  test("drains energy, ends when there is none, and energy comes back once it is let go", () => {
    const world = createArena();
    const ship = placeShip(world, 1, MIDDLE, MIDDLE, { energy: world.rules.ship.boostCostPerTick * 3 });
    hold(world, 3, { 1: { thrust: RIGHT, boost: 1 } });
    expect(ship).toMatchObject({ energy: 0, isBoosting: 1 });
    hold(world, 1, { 1: { thrust: RIGHT, boost: 1 } });
    expect(ship.isBoosting).toBe(0);
    hold(world, 60);
    expect(ship.energy / 100).toBeCloseTo(SHIP.energyPerSecond, 0);
  });

  test("needs a direction", () => {
    const world = createArena();
    const ship = placeShip(world, 1, MIDDLE, MIDDLE);
    hold(world, 5, { 1: { boost: 1 } });
    expect(ship).toMatchObject({ isBoosting: 0, vx: 0, vy: 0, energy: world.rules.ship.maxEnergy });
  });

  test("leaves an excess over the top speed that fades and is not cut", () => {
    const world = createArena();
    const ship = placeShip(world, 1, 100, MIDDLE, { vx: world.rules.ship.boostTopSpeed });
    hold(world, 1, { 1: { thrust: RIGHT } });
    expect(speedOf(world, ship)).toBeGreaterThan(SHIP.topUnitsPerSecond * 1.5);
    const afterOne = speedOf(world, ship);
    hold(world, 20, { 1: { thrust: RIGHT } });
    expect(speedOf(world, ship)).toBeLessThan(afterOne * 0.9);
    hold(world, 80, { 1: { thrust: RIGHT } });
    expect(speedOf(world, ship)).toBeLessThan(SHIP.topUnitsPerSecond * 1.03);
  });
});

describe("a ship bounces off", () => {
  const wall = { x0: 900, y0: 500, x1: 900, y1: 1500, radius: 20 };
  const asteroid = { x0: 900, y0: MIDDLE, radius: 80 };

  test.each([
    ["a wall", wall, 900 - 20],
    ["an asteroid", asteroid, 900 - 80],
  ])("%s, slower than it came and never inside", (_, obstacle, surface) => {
    const world = createArena({ obstacles: [obstacle] });
    const ship = placeShip(world, 1, surface - 100, MIDDLE, { vx: 800 });
    let nearest = 0;
    for (let tick = 0; tick < 60; tick++) {
      hold(world, 1);
      nearest = Math.max(nearest, ship.x);
    }
    expect(nearest).toBeLessThanOrEqual(quanta(surface - SHIP.radiusUnits));
    expect(ship.vx).toBeLessThan(0);
    expect(-ship.vx).toBeLessThan(800 * SHIP.bounce);
  });

  test.each([
    ["left", LEFT, 30, MIDDLE],
    ["right", RIGHT, ARENA_SIDE_UNITS - 30, MIDDLE],
    ["upper", UP, MIDDLE, 30],
    ["lower", DOWN, MIDDLE, ARENA_SIDE_UNITS - 30],
  ])("the %s border, however long it thrusts against it", (_, thrust, x, y) => {
    const world = createArena();
    const ship = placeShip(world, 1, x, y);
    let bounced = false;
    for (let tick = 0; tick < 200; tick++) {
      hold(world, 1, { 1: { thrust } });
      bounced ||=
        ship.vx * Math.cos((thrustAngle(thrust) / TURN) * 2 * Math.PI) + ship.vy * sine(thrustAngle(thrust)) < 0;
      for (const place of [ship.x, ship.y]) {
        expect(place).toBeGreaterThanOrEqual(quanta(SHIP.radiusUnits));
        expect(place).toBeLessThanOrEqual(quanta(ARENA_SIDE_UNITS - SHIP.radiusUnits));
      }
    }
    expect(bounced).toBe(true);
  });
});

test("a ship that touches a wall keeps the speed with which it leaves", () => {
  const world = createArena({ obstacles: [{ x0: 900, y0: 500, x1: 900, y1: 1500, radius: 20 }] });
  const ship = placeShip(world, 1, 900 - 20 - SHIP.radiusUnits + 1, MIDDLE, { vx: -80 });
  hold(world, 1);
  expect(ship.vx).toBe(Math.trunc(-80 * world.rules.ship.keptSpeed));
});

test(`flight keeps whole numbers in range on any map, from any place and speed [seed ${SEED}]`, () => {
  const random = createRandom(SEED);
  const world = createArena();
  for (let run = 0; run < 300; run++) {
    const map = generateMap(nextBelow(random, 2 ** 31), nextBetween(random, 1, 24) * 256);
    const ship = createShip(world, 1);
    Object.assign(ship, { x: nextBetween(random, 0, map.side), y: nextBetween(random, 0, map.side) });
    Object.assign(ship, { vx: nextBetween(random, -8191, 8191), vy: nextBetween(random, -8191, 8191) });
    Object.assign(ship, { charging: nextBelow(random, 3), protection: nextBelow(random, 50) });
    for (let tick = 0; tick < 100; tick++) {
      if (tick % 10 === 0) ship.thrust = nextBetween(random, 0, THRUST_DIRECTIONS);
      if (tick % 10 === 0) ship.isBoosting = nextBelow(random, 2);
      flyAlone(ship, map, world.rules);
      expect(isInRange(shipKind, ship)).toBe(true);
      expect(Math.max(ship.x, ship.y)).toBeLessThanOrEqual(map.side);
    }
  }
});
