/**
 * An exact run: the game flown by the server's own pilots from a seed, and one number for all that came of it. It runs
 * in Node and, bundled, in a browser.
 */
import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import { hashWorld } from "@starwake/shared/engine/world-hash.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { isAlive, type World } from "@starwake/shared/game/world.ts";
import { createPilot } from "../../server/game/pilot.ts";

type Step = typeof starwake.step;

const TICK_RATE = 60;
/** The prime of FNV-1a. */
const PRIME = 0x01000193;

/**
 * Flies `pilots` pilots for so many ticks.
 * @param step what brings the world from tick to tick; the game's own unless told
 * @returns the hashes of the worlds of all ticks, chained into an unsigned 32-bit number
 */
export function runWorld(ticks: number, pilots: number, seed: number, step: Step = starwake.step): number {
  const world = starwake.createWorld({ seed, tickRate: TICK_RATE, capacity: pilots, mapSize: 0, role: "authority" });
  const crew = Array.from({ length: pilots }, (_, index) => ({ player: index + 1, pilot: createPilot(seed + index) }));
  for (const { player } of crew) starwake.addPlayer(world, player);
  const records = new Records(starwake.kinds, starwake.events, createCellGrid(starwake.space(world)), new HomeCells());
  let chain = 0;
  for (let tick = 0; tick < ticks; tick++) {
    step(world, new Map(crew.map(({ player, pilot }) => [player, pilot.command(world, player)])));
    records.fill(world.tick, (sink) => starwake.record(world, sink));
    chain = Math.imul(chain ^ hashWorld(world, records), PRIME);
  }
  return chain >>> 0;
}

/**
 * A step as of a machine that rounds otherwise: once a second it begins from speeds that are off by their last bit.
 */
export function stepWithLastBitError(world: World, commands: Parameters<Step>[1]): void {
  if (world.tick % TICK_RATE === 0)
    for (const ship of world.ships) if (isAlive(ship)) ship.vx -= ship.vx * Number.EPSILON;
  starwake.step(world, commands);
}
