/** A replay made without a server: pilots fly from a seed, and all that the steps were given is kept. */
import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import type { Replay, ReplayPlayer, ReplayStep, SeatChange } from "@starwake/shared/engine/replay.ts";
import { hashWorld } from "@starwake/shared/engine/world-hash.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { createPilot, type GamePilot } from "../../server/game/pilot.ts";

const TICK_RATE = 60;

export type RecordedMatch = { readonly ticks: number; readonly pilots: number; readonly seed: number };

/**
 * Pilots "Pilot 1", "Pilot 2"… fly from the first step on, but the last one, who comes in the middle of it; the first
 * one leaves at three quarters.
 */
export function recordMatch({ ticks, pilots, seed }: RecordedMatch): Replay {
  const setup = { seed, tickRate: TICK_RATE, capacity: pilots, mapSize: 0 };
  const world = starwake.createWorld({ ...setup, role: "authority" });
  const crew = new Map<PlayerId, GamePilot>();
  const players: ReplayPlayer[] = [];
  const steps: ReplayStep[] = [];
  const hashes: Replay["hashes"][number][] = [];
  const records = new Records(starwake.kinds, starwake.events, createCellGrid(starwake.space(world)), new HomeCells());
  for (let tick = 0; tick < ticks; tick++) {
    const changes = changesAt(tick, ticks, pilots);
    for (const { kind, player } of changes) {
      if (kind === "added") {
        players.push({ player, name: `Pilot ${player}`, isPilot: true });
        crew.set(player, createPilot(seed + player));
        starwake.addPlayer(world, player);
      } else {
        crew.delete(player);
        starwake.removePlayer(world, player);
      }
    }
    const commands = commandsOf(crew, world);
    starwake.step(world, commands);
    steps.push({ changes, commands, looks: new Map() });
    if (world.tick % TICK_RATE !== 0) continue;
    records.fill(world.tick, (sink) => starwake.record(world, sink));
    hashes.push({ tick: world.tick, hash: hashWorld(world, records) });
  }
  const head = { game: starwake.name, protocol: "test", room: "ABCDE", startedAtMs: 0, setup };
  return { head, players, steps, hashes, isComplete: true };
}

function changesAt(tick: number, ticks: number, pilots: number): SeatChange[] {
  const added = (player: PlayerId): SeatChange => ({ kind: "added", player });
  if (tick === 0) return Array.from({ length: pilots - 1 }, (_, index) => added(index + 1));
  if (tick === Math.floor(ticks / 2)) return [added(pilots)];
  return tick === Math.floor((ticks * 3) / 4) ? [{ kind: "removed", player: 1 }] : [];
}

function commandsOf(crew: ReadonlyMap<PlayerId, GamePilot>, world: World): ReplayStep["commands"] {
  return new Map([...crew].map(([player, pilot]) => [player, pilot.command(world, player)]));
}
