/**
 * Departures: players who left a short while ago, known by their browser's key, and the condition that they left in:
 * whatever room they come into next, it follows them.
 *
 * A key is a secret: it is told to nobody, and stands in no log. One that nobody else knows harms nobody else: it
 * gives its owner no more than staying would have.
 */
import type { Condition } from "@starwake/shared/engine/game-definition.ts";
import type { Clock } from "./clock.ts";

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
  private readonly open = new Set<Departure>();
  /** Oldest first. */
  private readonly settled = new Set<Settled>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Somebody left, and what they steered is still there. */
  begin(departure: Departure): void {
    this.open.add(departure);
  }

  /** What one who left steered is about to go. Nothing is kept where its condition was asked for already. */
  settle(departure: Departure): void {
    if (!this.open.delete(departure)) return;
    this.forgetOld();
    this.settled.add({ key: departure.key, condition: departure.conditionNow(), atMs: this.clock.now() });
  }

  /** What one who left steered is theirs again, or nobody's. */
  withdraw(departure: Departure): void {
    this.open.delete(departure);
  }

  /** What follows the owner of a key, until it is forgotten: once for each time that they left. */
  of(key: string): Carried | undefined {
    const open = this.openOf(key);
    if (open !== undefined) return { condition: open.conditionNow(), ageMs: 0 };
    const settled = this.settledOf(key);
    return settled && { condition: settled.condition, ageMs: this.clock.now() - settled.atMs };
  }

  /** What follows the owner of a key has been given to them. */
  forget(key: string): void {
    const open = this.openOf(key);
    if (open !== undefined) this.open.delete(open);
    else this.settled.delete(this.settledOf(key)!);
  }

  private openOf(key: string): Departure | undefined {
    for (const departure of this.open) if (departure.key === key) return departure;
    return undefined;
  }

  private settledOf(key: string): Settled | undefined {
    for (const entry of this.settled) if (entry.key === key) return entry;
    return undefined;
  }

  private forgetOld(): void {
    const nowMs = this.clock.now();
    for (const entry of this.settled) {
      if (this.settled.size < MOST_KEPT && nowMs - entry.atMs < KEPT_MS) return;
      this.settled.delete(entry);
    }
  }
}
