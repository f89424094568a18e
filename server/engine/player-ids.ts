/**
 * Player numbers of a room: small, since they travel often, and not given anew while anyone may still mean the one who
 * had them before (in a chunk on its way, in the roster, as a killer).
 */
import { MAX_PLAYER_ID, type PlayerId } from "@starwake/shared/engine/game-definition.ts";

const QUARANTINE_MS = 15_000;

export class PlayerIds {
  private readonly used = new Set<PlayerId>();
  private readonly resting = new Map<PlayerId, number>();

  /** The lowest number that is free. @throws when all are taken: a room's capacity lies far below that. */
  take(nowMs: number): PlayerId {
    for (let id = 1; id <= MAX_PLAYER_ID; id++) {
      const releasedMs = this.resting.get(id);
      if (this.used.has(id) || (releasedMs !== undefined && nowMs - releasedMs < QUARANTINE_MS)) continue;
      this.resting.delete(id);
      this.used.add(id);
      return id;
    }
    throw new Error(`all ${MAX_PLAYER_ID} player numbers of a room are in use: lower its capacity`);
  }

  release(id: PlayerId, nowMs: number): void {
    this.used.delete(id);
    this.resting.set(id, nowMs);
  }
}
