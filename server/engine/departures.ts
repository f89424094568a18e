/**
 * Departures: players who left a short while ago, known by their browser's key, and the condition that they left in:
 * whatever room they come into next, it follows them.
 *
 * A key is a secret: it is told to nobody, and stands in no log. One that nobody else knows harms nobody else: it
 * gives its owner no more than staying would have.
 */
import type { Condition } from "@starwake/shared/engine/game-definition.ts";
import type { Clock } from "./clock.ts";
import { KeyIndex } from "./key-index.ts";

/** Longer than any game remembers a condition for; then an entry is dropped unasked. */
const KEPT_MS = 60_000;
/** Entries of those who are gone; the oldest are dropped beyond it. One takes some hundred bytes. */
const MOST_KEPT = 10_000;

/** What follows a player: a condition as it was a while ago. */
export type Carried = { readonly condition: Condition; readonly ageMs: number };

/** One who left: while what they steered stays, its condition is asked for, and once it is gone, it is as it was then. */
export type Departure = {
  readonly key: string;
  readonly conditionNow: () => Condition;
};

type Settled = { readonly key: string; readonly condition: Condition; readonly atMs: number };

export class Departures {
  private readonly clock: Clock;
  private readonly open = new KeyIndex<Departure>();
  private readonly settled = new KeyIndex<Settled>();
  /** All that are settled, the oldest first. */
  private readonly byAge = new Set<Settled>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Somebody left, and what they steered is still there. */
  begin(departure: Departure): void {
    this.open.add(departure.key, departure);
  }

  /** What one who left steered is about to go. Nothing is kept where its condition was asked for already. */
  settle(departure: Departure): void {
    const { key } = departure;
    if (!this.open.delete(key, departure)) return;
    this.forgetOld();
    const entry = { key, condition: departure.conditionNow(), atMs: this.clock.now() };
    this.settled.add(key, entry);
    this.byAge.add(entry);
  }

  /** What one who left steered is theirs again, or nobody's. */
  withdraw(departure: Departure): void {
    this.open.delete(departure.key, departure);
  }

  /** What follows the owner of a key, until it is forgotten: once for each time that they left. */
  of(key: string): Carried | undefined {
    const open = this.open.firstOf(key);
    if (open !== undefined) return { condition: open.conditionNow(), ageMs: 0 };
    const settled = this.settled.firstOf(key);
    return settled && { condition: settled.condition, ageMs: this.clock.now() - settled.atMs };
  }

  /** What follows the owner of a key has been given to them. */
  forget(key: string): void {
    const open = this.open.firstOf(key);
    const settled = this.settled.firstOf(key);
    if (open !== undefined) this.withdraw(open);
    else if (settled !== undefined) this.drop(settled);
  }

  private drop(entry: Settled): void {
    this.settled.delete(entry.key, entry);
    this.byAge.delete(entry);
  }

  private forgetOld(): void {
    const nowMs = this.clock.now();
    for (const entry of this.byAge) {
      if (this.byAge.size < MOST_KEPT && nowMs - entry.atMs < KEPT_MS) return;
      this.drop(entry);
    }
  }
}
