/**
 * Player numbers of a room: small, since they travel often, and not given anew while anyone may still mean the one who
 * had them before (in a chunk on its way, in the roster, as a killer).
 *
 * So each visit uses a number up for a while, and numbers are what bounds the visits to a room. Who makes others wait is
 * who visits most: an address group gets a number only while those that its visits left at rest are fewer than a part of
 * what is left (the dynamic threshold of Choudhury and Hahne, 1998, for queues that share a buffer). However many groups
 * come and go as fast as they can, something is left for one that has not.
 */
import { MAX_PLAYER_ID, type PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { GroupCounts } from "./group-counts.ts";

const QUARANTINE_MS = 15_000;
/** Visits that a room takes in the long run, besides a roomful at once: each tells everybody of one who came and one who went. */
const MOST_VISITS_PER_SECOND = 60;
const LARGEST_PART = 1 / 2;

type Rest = { readonly sinceMs: number; readonly group: string | undefined };

export class PlayerIds {
  /** 1: used or at rest; by number. */
  private readonly taken = new Uint8Array(MAX_PLAYER_ID + 1);
  /** Each with the group of whose visit it is; undefined: a pilot's. */
  private readonly used = new Map<PlayerId, string | undefined>();
  /** Longest first. */
  private readonly resting = new Map<PlayerId, Rest>();
  private readonly visits = new GroupCounts();
  private readonly mostVisits: number;
  private restingVisits = 0;

  /** @param capacity players at a time, of whom all may leave at once and be followed by as many */
  constructor(capacity: number) {
    this.mostVisits = capacity + (MOST_VISITS_PER_SECOND * QUARANTINE_MS) / 1000;
    this.taken[0] = 1;
  }

  /** The lowest number that is free, for a pilot; undefined: there is none. */
  takeForPilot(nowMs: number): PlayerId | undefined {
    this.wake(nowMs);
    return this.takeLowest(undefined);
  }

  /**
   * The lowest number that is free, for a visitor.
   * @returns "room-busy": its address group has visited too often lately; "room-full": all numbers are in use or at rest
   */
  take(group: string, nowMs: number): PlayerId | "room-full" | "room-busy" {
    this.wake(nowMs);
    const free = MAX_PLAYER_ID - this.used.size - this.resting.size;
    if (free === 0) return "room-full";
    const left = Math.min(free, this.mostVisits - this.restingVisits);
    if (left < 1 || this.visits.isFull(group, Math.max(1, left * LARGEST_PART))) return "room-busy";
    return this.takeLowest(group) ?? "room-full";
  }

  release(id: PlayerId, nowMs: number): void {
    const group = this.used.get(id);
    this.used.delete(id);
    this.resting.set(id, { sinceMs: nowMs, group });
    if (group === undefined) return;
    this.restingVisits++;
    this.visits.add(group);
  }

  private takeLowest(group: string | undefined): PlayerId | undefined {
    const id = this.taken.indexOf(0);
    if (id < 0) return undefined;
    this.taken[id] = 1;
    this.used.set(id, group);
    return id;
  }

  /** Makes numbers free that have rested. */
  private wake(nowMs: number): void {
    for (const [id, { sinceMs, group }] of this.resting) {
      if (nowMs - sinceMs < QUARANTINE_MS) return;
      this.resting.delete(id);
      this.taken[id] = 0;
      if (group === undefined) continue;
      this.restingVisits--;
      this.visits.remove(group);
    }
  }
}
