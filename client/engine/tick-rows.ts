/**
 * The rows of one tick, private fields and hidden entities with them, and its events: what a replay draws from.
 *
 * Next: replay-player.ts, which keeps those of two ticks.
 */
import type { EntityId } from "@starwake/shared/engine/entity-kind.ts";
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { RecordSink } from "@starwake/shared/engine/records.ts";
import { writeRow } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

type Values = Readonly<Record<string, number>>;

/** @param schema the event's place in the game's list */
export type TickEvent = { readonly tick: Tick; readonly schema: number; readonly values: Values };

export class TickRows implements RecordSink {
  tick: Tick = -1;
  /** By kind, and then by id. */
  readonly kinds: readonly Map<EntityId, Int32Array>[];
  events: TickEvent[] = [];
  private readonly game: GameDefinition;

  constructor(game: GameDefinition) {
    this.game = game;
    this.kinds = game.kinds.map(() => new Map());
  }

  /** Takes all that the world holds now. */
  fill(world: EngineWorld): void {
    this.tick = world.tick;
    this.events = [];
    for (const rows of this.kinds) rows.clear();
    this.game.record(world, this);
  }

  entity(kind: number, id: EntityId, values: Values): void {
    const schema = this.game.kinds[kind];
    const row = new Int32Array(schema.fields.length);
    writeRow(schema, values, row, 0);
    this.kinds[kind].set(id, row);
  }

  /** Of an earlier tick nothing is kept. */
  again(): boolean {
    return false;
  }

  hidden(kind: number, id: EntityId, values: Values): void {
    this.entity(kind, id, values);
  }

  event(schema: number, values: Values): void {
    this.events.push({ tick: this.tick, schema, values });
  }
}
