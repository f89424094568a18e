/**
 * History: the records of the last 16 ticks, from which deltas are made. Who knows a region as of longer ago is told it
 * whole, which is shorter by then wherever anything happens.
 */
import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** No more than frames can say, see MAX_GAP in frame.ts. */
export const HISTORY_TICKS = 16;

export class History {
  readonly format: ChunkFormat;
  private readonly game: GameDefinition;
  private readonly world: EngineWorld;
  private readonly ring: readonly Records[];

  constructor(game: GameDefinition, world: EngineWorld) {
    const grid = createCellGrid(game.space(world));
    const homes = new HomeCells();
    const advance: ChunkFormat["advance"] = (kind, row, ticks) => game.advance(world, kind, row, ticks);
    this.game = game;
    this.world = world;
    const foretell: ChunkFormat["foretell"] = (anchor, row, field, tick) =>
      game.foretell(world, anchor, row, field, tick);
    this.format = { kinds: game.kinds, events: game.events, grid, advance, foretell };
    this.ring = Array.from({ length: HISTORY_TICKS }, () => new Records(game.kinds, game.events, grid, homes));
  }

  /** Records the world as the last step left it, over the oldest tick. */
  record(): Records {
    const records = this.ring[this.world.tick % HISTORY_TICKS];
    records.fill(this.world.tick, (sink) => this.game.record(this.world, sink));
    return records;
  }

  /** Writes where the middle of a player's view is, see GameDefinition.lookFrom. */
  lookFrom(rows: Int32Array, offset: number, middle: { x: number; y: number }): void {
    const { game, world } = this;
    const { at } = game.kinds[0];
    middle.x = rows[offset + at.x];
    middle.y = rows[offset + at.y];
    game.lookFrom?.(world, rows, offset, middle);
  }

  /** The records of a tick; undefined when it is older than the ring, or was never recorded. */
  at(tick: Tick): Records | undefined {
    const records = this.ring[((tick % HISTORY_TICKS) + HISTORY_TICKS) % HISTORY_TICKS];
    return records.tick === tick ? records : undefined;
  }
}
