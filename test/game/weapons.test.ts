import { cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { EventKind } from "@starwake/shared/game/events.ts";
import { ENERGY_QUANTA, type ProjectileRules } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { Trigger, WEAPONS } from "@starwake/shared/game/weapons.ts";
import { describe, expect, test } from "vitest";
import { ARENA_SIDE_UNITS, createArena, eventsOf, hold, placeShip, quanta } from "./arena.ts";

const MIDDLE = ARENA_SIDE_UNITS / 2;
const PULSE = WEAPONS.findIndex(({ name }) => name === "pulse");
const RAIL = WEAPONS.findIndex(({ name }) => name === "rail");
const FIRE = { triggers: Trigger.Primary };
const CHARGE = { triggers: Trigger.Secondary };
const WALL = { x0: MIDDLE + 320, y0: 200, x1: MIDDLE + 320, y1: 1800, radius: 20 };

describe("the pulse gun", () => {
  test("fires at once, and then once in each cooldown while it is held", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, MIDDLE);
    const births: number[] = [];
    for (let tick = 0; tick < 60; tick++) {
      hold(world, 1, { 1: FIRE });
      births.push(...world.projectiles.map(({ birth }) => birth).filter((birth) => birth === world.tick));
    }
    expect(births).toEqual([1, 13, 25, 37, 49]);
  });

  test("costs energy, and does not fire without", () => {
    const world = createArena();
    const cost = WEAPONS[PULSE].energy * ENERGY_QUANTA;
    const ship = placeShip(world, 1, MIDDLE, MIDDLE, { energy: cost });
    hold(world, 1, { 1: FIRE });
    expect(world.projectiles).toHaveLength(1);
    expect(ship.energy).toBe(world.rules.ship.energyGainPerTick);
    Object.assign(ship, { cooldown: 0, energy: cost - 1 });
    hold(world, 1, { 1: FIRE });
    expect(world.projectiles).toHaveLength(1);
  });

  test("leaves the barrel before the ship, in the direction of the aim, whichever that is", () => {
    for (let aim = 0; aim < TURN; aim += 61) {
      const world = createArena();
      const ship = placeShip(world, 1, MIDDLE, MIDDLE);
      hold(world, 1, { 1: { ...FIRE, aim } });
      const length = quanta(SHIP.radiusUnits + WEAPONS[PULSE].radiusUnits);
      const [shot] = world.projectiles;
      expect(shot).toMatchObject({ owner: 1, weapon: PULSE, direction: aim });
      expect(shot.x).toBe(Math.round(ship.x + cosine(aim) * length));
      expect(shot.y).toBe(Math.round(ship.y + sine(aim) * length));
    }
  });

  test("flies as far as its range, and ends there", () => {
    const world = createArena();
    placeShip(world, 1, 300, MIDDLE);
    hold(world, 1, { 1: FIRE });
    const [{ life }] = world.projectiles;
    const { stride } = world.rules.weapons[PULSE] as ProjectileRules;
    expect(life * stride).toBeGreaterThanOrEqual(quanta(WEAPONS[PULSE].rangeUnits));
    expect((life - 1) * stride).toBeLessThan(quanta(WEAPONS[PULSE].rangeUnits));
    hold(world, life - 1);
    expect(world.projectiles).toHaveLength(1);
    hold(world, 1);
    expect(world.projectiles).toHaveLength(0);
  });

  test("ends at a wall, and hurts nobody behind it", () => {
    const world = createArena({ obstacles: [WALL] });
    placeShip(world, 1, MIDDLE, MIDDLE);
    const hidden = placeShip(world, 2, MIDDLE + 400, MIDDLE);
    hold(world, 1, { 1: FIRE });
    expect(world.projectiles[0].endX).toBe(quanta(MIDDLE + 300));
    hold(world, 60);
    expect(world.projectiles).toHaveLength(0);
    expect(hidden.health).toBe(SHIP.health);
  });

  test("fired with the barrel in a wall, it stays on this side of it", () => {
    const world = createArena({ obstacles: [WALL] });
    placeShip(world, 1, MIDDLE + 300 - SHIP.radiusUnits, MIDDLE);
    const hidden = placeShip(world, 2, MIDDLE + 400, MIDDLE);
    hold(world, 1, { 1: FIRE });
    for (const { x, endX } of world.projectiles) expect(Math.max(x, endX)).toBeLessThanOrEqual(quanta(MIDDLE + 300));
    hold(world, 60);
    expect(hidden.health).toBe(SHIP.health);
  });

  test("hits the first ship in its way, and no other", () => {
    const world = createArena();
    const ships = [1, 2, 3].map((id) => placeShip(world, id, MIDDLE + id * 100, MIDDLE));
    hold(world, 1, { 1: FIRE });
    hold(world, 30);
    expect(ships.map(({ health }) => health)).toEqual([100, 100 - WEAPONS[PULSE].damage, 100]);
    expect(world.projectiles).toHaveLength(0);
  });

  test("hits a ship that touches its shooter", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, MIDDLE);
    const other = placeShip(world, 2, MIDDLE + 2 * SHIP.radiusUnits, MIDDLE);
    hold(world, 2, { 1: FIRE });
    expect(other.health).toBe(SHIP.health - WEAPONS[PULSE].damage);
  });

  test("never flies through a ship between two ticks, wherever that stands", () => {
    for (let offset = 0; offset < 40; offset++) {
      const world = createArena();
      placeShip(world, 1, 600, MIDDLE);
      const other = placeShip(world, 2, 800 + offset, MIDDLE + SHIP.radiusUnits);
      hold(world, 1, { 1: FIRE });
      hold(world, 40);
      expect(other.health).toBeLessThan(SHIP.health);
    }
  });

  test("passes a ship by that it does not touch", () => {
    const world = createArena();
    placeShip(world, 1, 600, MIDDLE);
    const other = placeShip(world, 2, 900, MIDDLE + SHIP.radiusUnits + WEAPONS[PULSE].radiusUnits + 1);
    hold(world, 1, { 1: FIRE });
    hold(world, 60);
    expect(other.health).toBe(SHIP.health);
  });

  test("goes on when its shooter is gone", () => {
    const world = createArena();
    placeShip(world, 1, 600, MIDDLE);
    const other = placeShip(world, 2, 900, MIDDLE);
    hold(world, 1, { 1: FIRE });
    world.ships = world.ships.filter(({ id }) => id !== 1);
    hold(world, 60);
    expect(other.health).toBe(SHIP.health - WEAPONS[PULSE].damage);
  });
});

describe("the rail gun", () => {
  const CHARGE_TICKS = Math.round(WEAPONS[RAIL].chargeSeconds * 60);
  const beams = (events: Parameters<typeof eventsOf>[0]) => eventsOf(events, EventKind.Beam);

  test("charges while it is held, and fires on release", () => {
    const world = createArena();
    const ship = placeShip(world, 1, MIDDLE, MIDDLE);
    expect(beams(hold(world, CHARGE_TICKS + 30, { 1: CHARGE }).events)).toHaveLength(0);
    expect(ship.charging).toBe(RAIL + 1);
    expect(beams(hold(world, 1).events)).toHaveLength(1);
    expect(ship).toMatchObject({ charging: 0, charge: 0 });
  });

  test.for([
    [-2, 0],
    [0, 1],
  ])("let go %i ticks from a full charge, it fires %i times", ([early, times]) => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, MIDDLE);
    hold(world, CHARGE_TICKS + early, { 1: CHARGE });
    expect(beams(hold(world, 60).events)).toHaveLength(times);
  });

  test("takes its energy when it fires, and not before", () => {
    const world = createArena();
    const ship = placeShip(world, 1, MIDDLE, MIDDLE);
    hold(world, CHARGE_TICKS, { 1: CHARGE });
    expect(ship.energy).toBe(world.rules.ship.maxEnergy);
    hold(world, 1);
    const cost = WEAPONS[RAIL].energy * ENERGY_QUANTA;
    expect(ship.energy).toBe(world.rules.ship.maxEnergy - cost + world.rules.ship.energyGainPerTick);
  });

  test("does not charge without the energy, nor while it cools down", () => {
    const world = createArena();
    const poor = placeShip(world, 1, MIDDLE, 400, { energy: 0 });
    const hot = placeShip(world, 2, MIDDLE, 800, { cooldown: 10 });
    hold(world, 5, { 1: CHARGE, 2: CHARGE });
    expect([poor.charging, hot.charging]).toEqual([0, 0]);
  });

  test("no other gun fires while it charges", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, MIDDLE);
    hold(world, 1, { 1: CHARGE });
    hold(world, 20, { 1: { triggers: Trigger.Primary | Trigger.Secondary } });
    expect(world.projectiles).toHaveLength(0);
  });

  function shoot(world: ReturnType<typeof createArena>, aim = 0) {
    hold(world, CHARGE_TICKS, { 1: { ...CHARGE, aim } });
    return beams(hold(world, 1, { 1: { aim } }).events)[0].values;
  }

  test("goes as far as its range", () => {
    const world = createArena();
    placeShip(world, 1, 300, MIDDLE);
    const beam = shoot(world);
    expect(beam).toMatchObject({ x: quanta(300), toX: quanta(300 + WEAPONS[RAIL].rangeUnits), toY: quanta(MIDDLE) });
  });

  test("stops at a wall, and hurts nobody behind it", () => {
    const world = createArena({ obstacles: [WALL] });
    placeShip(world, 1, MIDDLE, MIDDLE);
    const hidden = placeShip(world, 2, MIDDLE + 400, MIDDLE);
    expect(shoot(world).toX).toBe(quanta(MIDDLE + 300));
    expect(hidden.health).toBe(SHIP.health);
  });

  test("stops at the border", () => {
    const world = createArena();
    placeShip(world, 1, MIDDLE, 300);
    expect(shoot(world, (3 * TURN) / 4)).toMatchObject({ toX: quanta(MIDDLE), toY: 0 });
  });

  test("hits the first ship, and no other, and ends on its hull", () => {
    const world = createArena();
    const ships = [1, 2, 3].map((id) => placeShip(world, id, 300 + id * 200, MIDDLE));
    const beam = shoot(world);
    expect(ships.map(({ health }) => health)).toEqual([100, 100 - WEAPONS[RAIL].damage, 100]);
    expect(beam.toX).toBe(quanta(700 - SHIP.radiusUnits - WEAPONS[RAIL].radiusUnits));
  });

  test("a death ends the charge", () => {
    const world = createArena();
    const ship = placeShip(world, 1, MIDDLE, MIDDLE);
    placeShip(world, 2, MIDDLE + 100, MIDDLE);
    hold(world, 10, { 1: CHARGE });
    ship.health = 1;
    hold(world, 20, { 1: CHARGE, 2: { ...FIRE, aim: TURN / 2 } });
    expect(ship).toMatchObject({ charging: 0, charge: 0 });
    expect(ship.respawn).toBeGreaterThan(0);
  });
});
