/**
 * Punctuality: whether the process's ticks are late again and again. Everything that comes from a busy server comes late by
 * fits and starts, as over a lossy path, and its clients open spares against that: each of them then says everything five
 * times to a server that was too busy before. So spares are for a server that has time for them.
 */

/** A tick that is later than this makes its second a late one: nearly half of what clients take for a stall. */
const LATE_MS = 50;
const SECONDS = 10;
/** One long pause is none of it: it is over before a spare could help or harm. */
const LATE_SECONDS = 3;

export class Punctuality {
  /** Of the last late seconds, which they were; the oldest is written over. */
  private readonly late = new Float64Array(LATE_SECONDS).fill(Number.NEGATIVE_INFINITY);
  private oldest = 0;
  private newest = Number.NEGATIVE_INFINITY;

  /** Takes how long after its time a tick began. */
  note(latenessMs: number, nowMs: number): void {
    if (latenessMs < LATE_MS) return;
    const second = Math.floor(nowMs / 1000);
    if (second === this.newest) return;
    this.newest = second;
    this.late[this.oldest] = second;
    this.oldest = (this.oldest + 1) % LATE_SECONDS;
  }

  /** Whether ticks were late in several of the last seconds. */
  isLate(nowMs: number): boolean {
    return nowMs / 1000 - this.late[this.oldest] < SECONDS;
  }
}
