/**
 * A run of a replay: its world, brought from tick to tick by what was recorded. The simulation is exact, so the world is
 * at each tick what it was in the room, to the last bit; where a hash was recorded, that can be seen.
 */
import { createCellGrid } from "./cell-grid.ts";
import type { EngineWorld, GameDefinition } from "./game-definition.ts";
import { HomeCells } from "./home-cells.ts";
import { Records } from "./records.ts";
import type { Replay } from "./replay.ts";
import type { Tick } from "./tick.ts";
import { hashWorld } from "./world-hash.ts";

/** Brings a world of the replay from its tick to the next. */
export function stepReplay(game: GameDefinition, replay: Replay, world: EngineWorld): void {
  const { changes, commands, looks } = replay.steps[world.tick];
  for (const change of changes) {
    if (change.kind === "added") game.addPlayer(world, change.player, change.condition);
    else game.removePlayer(world, change.player);
  }
  game.step(world, commands, looks);
}

export class ReplayRun {
  readonly world: EngineWorld;
  private readonly game: GameDefinition;
  private readonly replay: Replay;
  private readonly records: Records;

  /** @throws what the game throws for a setup that it cannot play */
  constructor(game: GameDefinition, replay: Replay) {
    this.game = game;
    this.replay = replay;
    this.world = game.createWorld({ ...replay.head.setup, role: "authority" });
    this.records = new Records(game.kinds, game.events, createCellGrid(game.space(this.world)), new HomeCells());
  }

  get tick(): Tick {
    return this.world.tick;
  }

  get isAtEnd(): boolean {
    return this.tick >= this.replay.steps.length;
  }

  /** One step further. */
  advance(): void {
    stepReplay(this.game, this.replay, this.world);
  }

  /** The world's hash, as the room recorded it. */
  hash(): number {
    this.records.fill(this.tick, (sink) => this.game.record(this.world, sink));
    return hashWorld(this.world, this.records);
  }
}
