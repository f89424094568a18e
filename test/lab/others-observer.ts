/** Follows the other ships as one client draws them, against where the server had them at that time. */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import type { Note } from "./measures.ts";
import { distance, leap, placeAt, type Seen, seenIn } from "./ship-places.ts";
import type { Truth } from "./truth.ts";

export class OthersObserver {
  private readonly truth: Truth;
  private readonly note: Note;
  private readonly tickRate: number;
  private seen = new Map<number, Seen>();

  constructor(truth: Truth, note: Note, tickRate: number) {
    this.truth = truth;
    this.note = note;
    this.tickRate = tickRate;
  }

  show({ player }: Match, picture: Picture, nowMs: number): void {
    const others = new Map<number, Seen>();
    for (const { id, row } of picture.moving(Kind.Ship)) {
      const truth = id === player ? undefined : placeAt(this.truth, id, picture.renderTick);
      if (truth === undefined) continue;
      const seen = seenIn(row, this.tickRate, nowMs);
      const before = this.seen.get(id);
      this.note("othersErrorUnits", distance(truth, seen));
      if (before !== undefined) this.note("othersJumpUnits", leap(before, seen));
      others.set(id, seen);
    }
    this.seen = others;
  }
}
