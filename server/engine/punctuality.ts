/**
 * Punctuality: whether the process's ticks are late again and again. Everything that comes from a busy server comes late by
 * fits and starts, as over a lossy path, and its clients open spares against that: each of them then says everything five
 * times to a server that was too busy before. So spares are for a server that has time for them, and so are more players.
 */

/** A tick that is later than this makes its second a late one: nearly half of what clients take for a stall. */
const LATE_MS = 50;
/** So late comes nobody's notice yet; where the process is at work nearly all the time, there is hardly any left. */
const STRAINED_MS = 30;
const AT_WORK = 0.8;
const SECONDS = 10;
/** One long pause is none of it: it is over before a spare could help or harm. */
const LATE_SECONDS = 3;

export class Punctuality {
  /** Called at most once a second while there is less time than those who play need; one listener, or none. */
  overloaded = () => {};
  private readonly late = new LateSeconds(LATE_MS);
  private readonly strained = new LateSeconds(STRAINED_MS);
  private readonly atWork: (nowMs: number) => number;

  /** @param atWork which part of the time the process is at work lately, from 0 to 1 */
  constructor(atWork: (nowMs: number) => number = () => 1) {
    this.atWork = atWork;
  }

  /** Takes how long after its time a tick began. */
  note(latenessMs: number, nowMs: number): void {
    if (latenessMs < STRAINED_MS) return;
    if (this.atWork(nowMs) >= AT_WORK) this.strained.note(latenessMs, nowMs);
    const isNew = this.late.note(latenessMs, nowMs);
    if (isNew && this.isLate(nowMs) && this.isStrained(nowMs)) this.overloaded();
  }

  /** Whether ticks were late in several of the last seconds. */
  isLate(nowMs: number): boolean {
    return this.late.areMany(nowMs);
  }

  /** Whether they were nearly late, with the process at work all the while: what else there is to do would make them so. */
  isStrained(nowMs: number): boolean {
    return this.strained.areMany(nowMs);
  }
}

class LateSeconds {
  private readonly leastMs: number;
  /** Of the last ones, which they were; the oldest is written over. */
  private readonly seconds = new Float64Array(LATE_SECONDS).fill(Number.NEGATIVE_INFINITY);
  private oldest = 0;
  private newest = Number.NEGATIVE_INFINITY;

  constructor(leastMs: number) {
    this.leastMs = leastMs;
  }

  /** @returns whether this is the first that was so late in its second */
  note(latenessMs: number, nowMs: number): boolean {
    if (latenessMs < this.leastMs) return false;
    const second = Math.floor(nowMs / 1000);
    if (second === this.newest) return false;
    this.newest = second;
    this.seconds[this.oldest] = second;
    this.oldest = (this.oldest + 1) % LATE_SECONDS;
    return true;
  }

  areMany(nowMs: number): boolean {
    return nowMs / 1000 - this.seconds[this.oldest] < SECONDS;
  }
}
