/**
 * The search for a system's limit: players are raised in large steps until it fails, and then the gap is halved. A
 * number of players that fails is tried a second time, because a machine hiccups more often than a server does.
 */
import { type Figures, LOAD_AT_ITS_LIMIT, OTHERS_WERE_BUSY } from "./figures.ts";
import type { Outcome } from "./measurement.ts";

/** As many as Starwake takes in a room, see server/config.ts. */
export const MOST_PLAYERS = 2048;

export const MAX_LATENESS_MS = 5;
export const LEAST_FRAMES_KEPT = 0.99;

const FIRST_PLAYERS = 100;
const LEAST_PLAYERS = 2;
const GROWTH = 1.6;
/** The gap between what it bears and what it does not, over the former, at which the search ends. */
const PRECISION = 0.05;
const ATTEMPTS = 2;

/** Whether all ticks and frames were kept: else what all of them cost is not known. */
export function hasDoneAll({ ticksKept, framesKept }: Figures): boolean {
  return Math.min(ticksKept, framesKept) >= LEAST_FRAMES_KEPT;
}

/** What the system does not bear; undefined: it bears it all. */
export function failureOf(outcome: Outcome): string | undefined {
  if ("failure" in outcome) return outcome.failure.split("\n")[0];
  const { latenessMs, framesKept, problems } = outcome.figures;
  const limitOfLoad = problems.find((problem) => problem.startsWith(LOAD_AT_ITS_LIMIT));
  if (limitOfLoad !== undefined) return limitOfLoad;
  const disturbance = disturbanceOf(outcome);
  const meanwhile = disturbance === undefined ? "" : ` (${disturbance})`;
  if (latenessMs.p99 > MAX_LATENESS_MS) return `ticks were late: p99 ${latenessMs.p99.toFixed(1)} ms${meanwhile}`;
  if (framesKept < LEAST_FRAMES_KEPT) return `frames were lost: ${(framesKept * 100).toFixed(1)} % came${meanwhile}`;
  return undefined;
}

/** What else the machine did meanwhile, so that the server is not to blame for late ticks; undefined: nothing. */
export function disturbanceOf(outcome: Outcome): string | undefined {
  if ("failure" in outcome) return undefined;
  return outcome.figures.problems.find((problem) => problem.startsWith(OTHERS_WERE_BUSY));
}

export class LimitSearch {
  /** The most players that it bore; 0: none that was tried. */
  limit = 0;
  /** What happened with more; undefined: nothing did, and the limit is beyond. */
  failure: string | undefined;
  private readonly most: number;
  private failed = Infinity;
  private attempts = 0;

  /** @param most no more are tried */
  constructor(most = MOST_PLAYERS) {
    this.most = most;
  }

  /** How many players to try next; undefined: the limit is found. */
  get next(): number | undefined {
    if (this.limit === 0 && this.failure === undefined) return Math.min(this.most, FIRST_PLAYERS);
    if (this.failure === undefined)
      return this.limit >= this.most ? undefined : Math.min(this.most, Math.ceil(this.limit * GROWTH));
    if (this.failed - this.limit <= Math.max(1, this.limit * PRECISION) || this.failed <= LEAST_PLAYERS)
      return undefined;
    return Math.max(LEAST_PLAYERS, Math.floor((this.limit + this.failed) / 2));
  }

  /** Tells what came of the number that was next. */
  note(players: number, failure: string | undefined): void {
    if (failure === undefined) this.limit = Math.max(this.limit, players);
    else if (++this.attempts < ATTEMPTS) return;
    else {
      this.failed = players;
      this.failure = failure;
    }
    this.attempts = 0;
  }
}
