import { collideShips } from "@starwake/shared/game/collision.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import type { Ship } from "@starwake/shared/game/world.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";
import { ARENA_SIDE_UNITS, createArena, distanceBetween, hold, placeShip, quanta } from "./arena.ts";

const MIDDLE = ARENA_SIDE_UNITS / 2;
const TOUCH = 2 * SHIP.radiusUnits;

test("two ships that touch are pushed apart to both sides alike", () => {
  const world = createArena();
  const one = placeShip(world, 1, MIDDLE - 5, MIDDLE);
  const other = placeShip(world, 2, MIDDLE + 5, MIDDLE);
  collideShips(world);
  expect(distanceBetween(one, other)).toBe(TOUCH);
  expect(quanta(MIDDLE) - one.x).toBe(other.x - quanta(MIDDLE));
});

test("ships that do not touch leave each other alone", () => {
  const world = createArena();
  const one = placeShip(world, 1, MIDDLE, MIDDLE, { vx: 50 });
  const other = placeShip(world, 2, MIDDLE + TOUCH, MIDDLE, { vx: -50 });
  const before = [{ ...one }, { ...other }];
  collideShips(world);
  expect([one, other]).toEqual(before);
});

test.for([
  [1, 2],
  [2, 1],
])("a dead ship is in nobody's way (the living is %i, the dead %i)", ([living, dead]) => {
  const world = createArena();
  const one = placeShip(world, living, MIDDLE, MIDDLE, { vx: 100 });
  placeShip(world, dead, MIDDLE, MIDDLE, { respawn: 50 });
  const before = { ...one };
  collideShips(world);
  expect(one).toEqual(before);
});

test("a ship in full flight hands most of its speed to the one it meets", () => {
  const world = createArena();
  const flying = placeShip(world, 1, MIDDLE - 60, MIDDLE, { vx: 800 });
  const still = placeShip(world, 2, MIDDLE, MIDDLE);
  hold(world, 30);
  expect(still.vx).toBeGreaterThan(300);
  expect(still.vx).toBeGreaterThan(2 * flying.vx);
});

test("two ships in one place come apart", () => {
  const world = createArena();
  const one = placeShip(world, 1, MIDDLE, MIDDLE);
  const other = placeShip(world, 2, MIDDLE, MIDDLE);
  collideShips(world);
  expect(distanceBetween(one, other)).toBe(TOUCH);
});

test("a heap of ships comes to rest with none in another", () => {
  const world = createArena();
  for (let id = 1; id <= 12; id++) placeShip(world, id, MIDDLE + (id % 4) * 6, MIDDLE + (id % 3) * 6);
  hold(world, 240);
  for (const one of world.ships)
    for (const other of world.ships)
      if (one.id < other.id) expect(distanceBetween(one, other)).toBeGreaterThanOrEqual(TOUCH - 0.1);
});

test(`a collision keeps the sum of both speeds, but for rounding, and gains no energy [seed ${SEED}]`, () => {
  const speed = fc.integer({ min: -600, max: 600 });
  const offset = fc.integer({ min: -30, max: 30 });
  const energyOf = (ships: readonly Ship[]) => ships.reduce((sum, { vx, vy }) => sum + vx * vx + vy * vy, 0);
  fc.assert(
    fc.property(fc.tuple(speed, speed, speed, speed), offset, offset, ([vx1, vy1, vx2, vy2], dx, dy) => {
      const world = createArena();
      const one = placeShip(world, 1, MIDDLE, MIDDLE, { vx: vx1, vy: vy1 });
      const other = placeShip(world, 2, MIDDLE + dx, MIDDLE + dy, { vx: vx2, vy: vy2 });
      const energy = energyOf(world.ships);
      collideShips(world);
      expect(Math.abs(one.vx + other.vx - vx1 - vx2)).toBeLessThanOrEqual(2);
      expect(Math.abs(one.vy + other.vy - vy1 - vy2)).toBeLessThanOrEqual(2);
      expect(energyOf(world.ships)).toBeLessThanOrEqual(energy + 1);
    }),
    withSeed(300),
  );
});

test(`who has which number changes nothing but who is who [seed ${SEED}]`, () => {
  const speed = fc.integer({ min: -500, max: 500 });
  const offset = fc.integer({ min: -30 * 32, max: 30 * 32 });
  fc.assert(
    fc.property(fc.tuple(speed, speed, speed, speed), offset, offset, ([vx1, vy1, vx2, vy2], dx, dy) => {
      const states = [
        { x: quanta(MIDDLE), y: quanta(MIDDLE), vx: vx1, vy: vy1 },
        { x: quanta(MIDDLE) + dx, y: quanta(MIDDLE) + dy, vx: vx2, vy: vy2 },
      ];
      fc.pre(dx !== 0 || dy !== 0);
      const [straight, swapped] = [
        [1, 2],
        [2, 1],
      ].map((ids) => {
        const world = createArena();
        const ships = states.map((state, place) => placeShip(world, ids[place], 0, 0, state));
        collideShips(world);
        return ships.map(({ x, y, vx, vy }) => ({ x, y, vx, vy }));
      });
      for (const place of [0, 1])
        for (const field of ["x", "y", "vx", "vy"] as const)
          expect(Math.abs(straight[place][field] - swapped[place][field])).toBeLessThanOrEqual(1);
    }),
    withSeed(300),
  );
});

test("a ship that was pushed into another cell of the grid is found there", () => {
  const border = 128 * 8;
  const world = createArena();
  placeShip(world, 1, border - 30, MIDDLE);
  const pushed = placeShip(world, 2, border - 1, MIDDLE);
  collideShips(world);
  expect(pushed.x).toBeGreaterThan(quanta(border));
  const { items, count } = world.shipGrid.near(pushed.x, pushed.y, pushed.x, pushed.y);
  expect([...items.subarray(0, count)]).toContain(1);
});
