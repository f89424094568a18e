/**
 * What the server held at each tick, and when: the lab's own record, taken from the game as the room steps it.
 */
import { type CellGrid, createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import type { EngineWorld, GameDefinition, Looks, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { Records, type RowTable } from "@starwake/shared/engine/records.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** Told of what the room does with its world. */
export type TruthListener = {
  added?(player: PlayerId): void;
  removed?(player: PlayerId): void;
  stepping?(tick: Tick, commands: ReadonlyMap<PlayerId, RecordOf<Schema>>, looks: Looks | undefined): void;
  stepped?(tick: Tick): void;
};

/** As far back as anything on its way may be from: seventeen seconds at 60 ticks a second. */
const KEPT_TICKS = 1024;

export class Truth {
  newestTick: Tick = -1;
  world: EngineWorld | undefined;
  grid: CellGrid | undefined;
  readonly listeners: TruthListener[] = [];
  /** Repeats of a command by the room, which no client sent. */
  readonly repeats = new WeakSet<object>();
  private readonly now: () => number;
  private ring: Records[] = [];
  private readonly timesMs = new Float64Array(KEPT_TICKS);

  constructor(now: () => number) {
    this.now = now;
  }

  /** The same game, with what happens to its authoritative world written down. */
  watch(game: GameDefinition): GameDefinition {
    return {
      ...game,
      createWorld: (setup) => {
        const world = game.createWorld(setup);
        if (setup.role === "authority") this.begin(game, world);
        return world;
      },
      addPlayer: (world, player, condition) => {
        game.addPlayer(world, player, condition);
        for (const listener of this.listeners) listener.added?.(player);
      },
      removePlayer: (world, player) => {
        game.removePlayer(world, player);
        for (const listener of this.listeners) listener.removed?.(player);
      },
      // A repeat becomes an object of its own, so that each command that is used can be told apart.
      repeatCommand: (last) => {
        const repeat = { ...game.repeatCommand(last) };
        this.repeats.add(repeat);
        return repeat;
      },
      step: (world, commands, looks) => {
        for (const listener of this.listeners) listener.stepping?.(world.tick + 1, commands, looks);
        game.step(world, commands, looks);
        this.keep(game, world);
        for (const listener of this.listeners) listener.stepped?.(world.tick);
      },
    };
  }

  private begin(game: GameDefinition, world: EngineWorld): void {
    const grid = createCellGrid(game.space(world));
    const homes = new HomeCells();
    this.world = world;
    this.grid = grid;
    this.ring = Array.from({ length: KEPT_TICKS }, () => new Records(game.kinds, game.events, grid, homes));
    this.keep(game, world);
  }

  private keep(game: GameDefinition, world: EngineWorld): void {
    this.newestTick = world.tick;
    this.timesMs[world.tick % KEPT_TICKS] = this.now();
    this.ring[world.tick % KEPT_TICKS].fill(world.tick, (sink) => game.record(world, sink));
  }

  at(tick: Tick): Records | undefined {
    const records = this.ring[((tick % KEPT_TICKS) + KEPT_TICKS) % KEPT_TICKS];
    return records?.tick === tick ? records : undefined;
  }

  /** When a tick, which may lie between two, was stepped; undefined: too long ago, or to come. */
  timeOf(tick: number): number | undefined {
    const before = Math.floor(tick);
    if (before < 0 || this.at(before) === undefined) return undefined;
    const begin = this.timesMs[before % KEPT_TICKS];
    if (before === tick) return begin;
    if (this.at(before + 1) === undefined) return undefined;
    return begin + (this.timesMs[(before + 1) % KEPT_TICKS] - begin) * (tick - before);
  }

  /** An entity's row at a whole tick; undefined: it was not there, or that was too long ago. */
  rowOf(kind: number, id: number, tick: Tick): Int32Array | undefined {
    const table = this.at(tick)?.kinds[kind];
    const slot = table?.slotOf(id) ?? -1;
    return table === undefined || slot < 0 ? undefined : rowAt(table, slot);
  }
}

export function rowAt({ rows, schema }: RowTable, slot: number): Int32Array {
  return rows.subarray(slot * schema.fields.length, (slot + 1) * schema.fields.length);
}
