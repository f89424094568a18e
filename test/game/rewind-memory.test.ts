/** What a world remembers for rewind: enough, no more, and nothing that shows unless somebody sees late. */
import { BitReader, BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import { readEnterers, writeEnterers } from "@starwake/shared/engine/chunk-enterers.ts";
import { noCell } from "@starwake/shared/engine/field-codec.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { IntList } from "@starwake/shared/engine/int-list.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import { hashWorld } from "@starwake/shared/engine/world-hash.ts";
import { projectileKind } from "@starwake/shared/game/entities.ts";
import { EventKind } from "@starwake/shared/game/events.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { Place } from "@starwake/shared/game/rewind.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import { isAlive, type Ship, type World } from "@starwake/shared/game/world.ts";
import { expect, test } from "vitest";
import { createPilot } from "../../server/game/pilot.ts";
import { SEED } from "../support/seed.ts";
import { createArena, eventsOf, hold, placeShip } from "./arena.ts";
import { aimAt, fire, startCrossing } from "./crossing.ts";
import { runWorld } from "./exact-run.ts";

type GameWorld = Parameters<typeof starwake.step>[0];

/** A quarter of a second at 60 ticks a second. */
const MOST = 15;

/** A fight of pilots, each of whom sees the others by its own age, on a small map. */
function startFight(seed: number, pilots = 16) {
  const setup = { seed, tickRate: 60, capacity: pilots, mapSize: 1280, role: "authority" } as const;
  const world = starwake.createWorld(setup);
  const crew = Array.from({ length: pilots }, (_, index) => ({ player: index + 1, pilot: createPilot(seed + index) }));
  for (const { player } of crew) starwake.addPlayer(world, player);
  const wishes = () => ({
    commands: new Map(crew.map(({ player, pilot }) => [player, pilot.command(world, player)])),
    looks: new Map(crew.map(({ player }) => [player, world.tick + 1 - (player % (MOST + 3))])),
  });
  return { world, wishes };
}

function hashOf(world: GameWorld): number {
  const grid = createCellGrid(starwake.space(world));
  const records = new Records(starwake.kinds, starwake.events, grid, new HomeCells());
  records.fill(world.tick, (sink) => starwake.record(world, sink));
  return hashWorld(world, records);
}

test.for([0, -5])("looks %i ticks old give the same bits as none, for 3,000 ticks with 16 pilots", (age) => {
  const looking: typeof starwake.step = (world, commands) =>
    starwake.step(world, commands, new Map([...commands.keys()].map((id) => [id, world.tick + 1 - age])));
  expect(runWorld(3000, 16, 7, looking)).toBe(runWorld(3000, 16, 7));
});

test("looks a few ticks old give others", () => {
  const looking: typeof starwake.step = (world, commands) =>
    starwake.step(world, commands, new Map([...commands.keys()].map((id) => [id, world.tick + 1 - 6])));
  expect(runWorld(600, 16, 7, looking)).not.toBe(runWorld(600, 16, 7));
});

test("a copy goes on exactly like its world, shots in flight and all, and neither knows of the other", () => {
  const { world, wishes } = startFight(11);
  for (let tick = 0; tick < 400 || world.projectiles.every(({ lag }) => lag === 0); tick++) {
    const { commands, looks } = wishes();
    starwake.step(world, commands, looks);
  }
  const copy = starwake.copyWorld(world);
  const remembered = structuredClone(copy.past);
  const told = Array.from({ length: 400 }, () => {
    const { commands, looks } = wishes();
    starwake.step(world, commands, looks);
    return { commands, looks, hash: hashOf(world) };
  });
  expect(copy.past).toEqual(remembered);
  for (const { commands, looks, hash } of told) {
    starwake.step(copy, commands, looks);
    expect(hashOf(copy)).toBe(hash);
  }
});

test("a ship that leaves is forgotten: the next with its number has no past", () => {
  const crossing = startCrossing();
  const { world } = crossing;
  starwake.removePlayer(world as GameWorld, 2);
  expect([...world.past.tracks.keys()]).toEqual([1]);
  placeShip(world, 2, 300, 300);
  expect(fire(crossing, "rail", aimAt(crossing, "rail", MOST), MOST).hits).toEqual([]);
});

test("as many places are remembered as a shot can ask for, of those ships alone that are there", () => {
  const { world, wishes } = startFight(3);
  for (let tick = 0; tick < 2000; tick++) {
    const { commands, looks } = wishes();
    starwake.step(world, commands, looks);
    if (tick === 1000) starwake.removePlayer(world, 5);
  }
  expect([...world.past.tracks.keys()].sort((one, other) => one - other)).toEqual(world.ships.map(({ id }) => id));
  for (const { places } of world.past.tracks.values()) expect(places).toHaveLength(MOST + 1);
});

test("a predicting world remembers nothing", () => {
  const world = createArena({ role: "prediction" });
  placeShip(world, 1, 1024, 1024);
  hold(world, 30, { 1: { thrust: 1, triggers: Trigger.Primary } }, { 1: MOST });
  expect(world.past.tracks.size).toBe(0);
});

test(`no ship has come farther than the search for it allows, in any crowd [seed ${SEED}]`, () => {
  const { world, wishes } = startFight(SEED, 40);
  const flown = new Map<Ship, Place[]>();
  for (let tick = 0; tick < 1500; tick++) {
    starwake.step(world, wishes().commands);
    for (const ship of world.ships) {
      const places = isAlive(ship) && !hasSpawned(world, ship) ? (flown.get(ship) ?? []) : [];
      places.unshift({ x: ship.x, y: ship.y });
      flown.set(ship, places.slice(0, MOST + 1));
      const tooFar = places.slice(0, MOST + 1).filter(({ x, y }, lag) => {
        const moved = Math.max(Math.abs(ship.x - x), Math.abs(ship.y - y));
        return moved > world.past.drift[lag];
      });
      expect(tooFar).toEqual([]);
    }
  }
});

function hasSpawned(world: World, ship: Ship): boolean {
  return eventsOf(world.events, EventKind.Spawn).some(({ values }) => values.ship === ship.id);
}

test("the lag of a shot is told to nobody: it costs no bit, and is read as none", () => {
  const { fields } = projectileKind;
  const told = [0, MOST].map((lag) => {
    const rows = Int32Array.from(fields, ({ min }, index) => (index === projectileKind.at.lag ? lag : min + 1));
    const writer = new BitWriter(new Uint8Array(64));
    const enterers = new IntList();
    enterers.push(0);
    const table = { ids: new Float64Array([4097]), rows };
    writeEnterers(writer, [projectileKind], 0, table, enterers, NO_ANCHORS, noCell(1));
    return writer.bytes.slice(0, writer.byteLength);
  });
  expect(told[1]).toEqual(told[0]);
  const [{ row }] = readEnterers(new BitReader(told[1]), projectileKind, NO_ANCHORS, noCell(1));
  expect(row[projectileKind.at.lag]).toBe(0);
});

const NO_ANCHORS = { placeOf: () => -1, isAsForetold: () => false, idAt: () => undefined, foretell: () => 0 };
