import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import type { Schema } from "@starwake/shared/engine/schema.ts";
import { Kind, MAX_CHARGE, projectileKind, shipKind } from "@starwake/shared/game/entities.ts";
import { EVENT_SCHEMAS } from "@starwake/shared/game/events.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { compileRules, type ProjectileRules } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { Trigger, WEAPONS } from "@starwake/shared/game/weapons.ts";
import { describe, expect, test } from "vitest";
import { createPilot } from "../../server/game/pilot.ts";

/** All that a host may set lies between the first and the last. */
const TICK_RATES = [20, 30, 60, 100, 120] as const;

function most(schema: Schema, field: string): number {
  return schema.fields[schema.names.indexOf(field)].max;
}

describe.for(TICK_RATES)("at %i ticks a second", (tickRate) => {
  const rules = compileRules(tickRate);
  const projectiles = rules.weapons.filter((weapon): weapon is ProjectileRules => weapon.shape === "projectile");

  test("every number of the rules fits the fields that carry it", () => {
    const { ship } = rules;
    expect(ship.boostTopSpeed).toBeLessThanOrEqual(most(shipKind, "vx"));
    expect(ship.maxHealth).toBeLessThanOrEqual(most(shipKind, "health"));
    expect(ship.maxEnergy).toBeLessThanOrEqual(most(shipKind, "energy"));
    expect(ship.respawnTicks).toBeLessThanOrEqual(most(shipKind, "respawn"));
    expect(ship.protectionTicks).toBeLessThanOrEqual(most(shipKind, "protection"));
    expect(Math.max(ship.mendDelayTicks, ship.mendEveryTicks)).toBeLessThanOrEqual(most(shipKind, "mendDelay"));
    for (const weapon of rules.weapons) {
      expect(weapon.cooldownTicks).toBeLessThanOrEqual(most(shipKind, "cooldown"));
      expect(weapon.chargeTicks).toBeLessThan(MAX_CHARGE);
      expect(weapon.damage).toBeLessThanOrEqual(most(EVENT_SCHEMAS[0], "damage"));
    }
    for (const { range, stride } of projectiles)
      expect(Math.ceil(range / stride)).toBeLessThanOrEqual(most(projectileKind, "life"));
    expect(rules.weapons.length - 1).toBeLessThanOrEqual(most(projectileKind, "weapon"));
    expect(rules.maxRewindTicks).toBeLessThanOrEqual(most(projectileKind, "lag"));
  });

  test("what is counted in ticks or quanta is whole, and no time is nothing", () => {
    const { ship } = rules;
    const counts = [ship.mendDelayTicks, ship.mendEveryTicks, ship.respawnTicks, ship.protectionTicks];
    counts.push(...rules.weapons.map(({ cooldownTicks }) => cooldownTicks), ...projectiles.map(({ stride }) => stride));
    for (const count of counts) expect(Number.isInteger(count) && count >= 1).toBe(true);
    expect(Number.isInteger(ship.energyGainPerTick) && Number.isInteger(ship.boostCostPerTick)).toBe(true);
  });

  test("a second is worth the same", () => {
    const { ship } = rules;
    expect((ship.topSpeed * tickRate) / 128 / SHIP.topUnitsPerSecond).toBeCloseTo(1, 2);
    expect(ship.respawnTicks / tickRate).toBeCloseTo(SHIP.respawnSeconds, 0);
    expect((ship.boostCostPerTick * tickRate) / 100 / SHIP.boostEnergyPerSecond).toBeCloseTo(1, 1);
    for (const [place, weapon] of WEAPONS.entries())
      if (weapon.shape === "projectile")
        expect(((rules.weapons[place] as ProjectileRules).stride * tickRate) / 32 / weapon.unitsPerSecond).toBeCloseTo(
          1,
          2,
        );
  });

  test("ten seconds with 8 pilots leave every field of every row in its range", () => {
    const world = starwake.createWorld({ seed: 5, tickRate, capacity: 8, mapSize: 0, role: "authority" });
    const crew = Array.from({ length: 8 }, (_, index) => ({ player: index + 1, pilot: createPilot(index) }));
    for (const { player } of crew) starwake.addPlayer(world, player);
    const records = new Records(
      starwake.kinds,
      starwake.events,
      createCellGrid(starwake.space(world)),
      new HomeCells(),
    );
    let shots = 0;
    for (let tick = 0; tick < Math.max(600, 10 * tickRate); tick++) {
      starwake.step(world, new Map(crew.map(({ player, pilot }) => [player, pilot.command(world, player)])));
      records.fill(world.tick, (sink) => starwake.record(world, sink));
      shots = Math.max(shots, records.kinds[Kind.Projectile].count);
    }
    expect(records.kinds[Kind.Ship].count).toBe(8);
    expect(shots).toBeGreaterThan(0);
  });

  test("a drag or a fade never turns a speed around", () => {
    expect(Math.min(rules.ship.keptSpeed, rules.ship.keptExcess)).toBeGreaterThan(0);
  });
});

test("weapons have names and triggers of their own", () => {
  expect(new Set(WEAPONS.map(({ name }) => name)).size).toBe(WEAPONS.length);
  expect(new Set(WEAPONS.map(({ trigger }) => trigger)).size).toBe(WEAPONS.length);
  for (const { trigger } of WEAPONS) expect(Object.values(Trigger)).toContain(trigger);
});
