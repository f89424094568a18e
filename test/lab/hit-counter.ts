/** Counts, from the server's records, which of the shots that were fired hit a ship. */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RowTable } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind, projectileKind } from "@starwake/shared/game/entities.ts";
import { EventKind } from "@starwake/shared/game/events.ts";
import { rowAt, type Truth } from "./truth.ts";

type Note = (shooter: PlayerId, hasHit: boolean, tick: Tick) => void;

export class HitCounter {
  private readonly truth: Truth;
  private readonly note: Note;
  /** Projectiles in flight, and who shot them. */
  private flying = new Map<number, PlayerId>();

  constructor(truth: Truth, note: Note) {
    this.truth = truth;
    this.note = note;
  }

  stepped(tick: Tick): void {
    const { kinds, events } = this.truth.at(tick)!;
    const hits = valuesOf(events[EventKind.Hit], "shooter");
    const take = (shooter: PlayerId) => {
      const place = hits.indexOf(shooter);
      if (place >= 0) hits.splice(place, 1);
      return place >= 0;
    };
    for (const shooter of valuesOf(events[EventKind.Beam], "shooter")) this.note(shooter, take(shooter), tick);
    const flying = new Map<number, PlayerId>();
    const table = kinds[Kind.Projectile];
    for (let slot = 0; slot < table.count; slot++)
      flying.set(table.ids[slot], rowAt(table, slot)[projectileKind.at.owner]);
    for (const [id, owner] of this.flying) if (!flying.has(id)) this.note(owner, take(owner), tick);
    // What is left has hit in the tick in which it was fired.
    for (const shooter of hits) this.note(shooter, true, tick);
    this.flying = flying;
  }
}

function valuesOf(table: RowTable, name: string): number[] {
  const at = table.schema.names.indexOf(name);
  return Array.from({ length: table.count }, (_, slot) => rowAt(table, slot)[at]);
}
