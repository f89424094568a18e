/**
 * The stall watch: whether the network holds things up now and then, as a loss on an ordered lane does. It is told how
 * late each thing came, and counts the times that this was far beyond the usual and then as usual again.
 *
 * What does not become usual again was held up elsewhere: a server that stood still goes on from where it was, so
 * everything is later from then on. More lanes to it would help nobody, least of all that server. Nor would they help
 * who stood still themselves, as a page on a slow phone does: what they hear afterwards tells nothing of the network.
 */

import { HELD_UP_MS } from "@starwake/shared/engine/held-up.ts";

/** No later than usual by this is as usual again. A server that stood still makes up for five ticks, and for no more. */
const AS_USUAL_MS = HELD_UP_MS / 2;
/** What was held up on the way comes at last by then, with all that was behind it. */
const MOST_HELD_UP_MS = 1_000;
/** Whoever watches and did not come to it for so long stood still; less does not look like a stall. */
const STOOD_STILL_MS = 80;
/** What was sent late, or came while nobody looked, is heard of for a round trip, and a little longer. */
const ECHO_MS = 250;
const USUAL_OF = 32;
const LEAST_SAMPLES = 5;
const WINDOW_MS = 3_000;
const MANY = 3;

type Lateness = {
  recent: number[];
  /** Since when it is held up, and what was usual then. */
  heldUp: { readonly usualMs: number; readonly sinceMs: number } | undefined;
};

export class StallWatch {
  private readonly up: Lateness = { recent: [], heldUp: undefined };
  private readonly down: Lateness = { recent: [], heldUp: undefined };
  private stallsMs: number[] = [];
  /** Those on the way up while the way down was held up, which may turn out to be a server that stood still. */
  private doubtfulMs: number[] = [];
  private lookedMs: number | undefined;
  private deafUntilMs = 0;

  /** Told whenever whoever watches comes to it, which is for each rendered frame. */
  look(nowMs: number, rttMs: number): void {
    if (this.isLeft(nowMs)) {
      this.deafUntilMs = nowMs + rttMs + ECHO_MS;
      this.up.heldUp = this.down.heldUp = undefined;
      this.doubtfulMs = [];
    }
    this.lookedMs = nowMs;
  }

  /** Takes how late something came, in milliseconds after any fixed moment; each `way` has its own usual. */
  note(way: "up" | "down", lateMs: number, nowMs: number): void {
    if (nowMs < this.deafUntilMs || this.isLeft(nowMs)) return;
    const lateness = this[way];
    const { recent, heldUp } = lateness;
    if (heldUp === undefined) {
      if (recent.length >= LEAST_SAMPLES && lateMs > usual(recent) + HELD_UP_MS)
        lateness.heldUp = { usualMs: usual(recent), sinceMs: nowMs };
    } else if (lateMs <= heldUp.usualMs + AS_USUAL_MS) this.endStall(way, nowMs);
    else if (nowMs - heldUp.sinceMs > MOST_HELD_UP_MS) this.beginAnew(way);
    if (lateness.heldUp !== undefined) return;
    lateness.recent.push(lateMs);
    if (lateness.recent.length > USUAL_OF) lateness.recent.shift();
  }

  /** Whether stalls came about once a second of late; one that has not ended yet counts where those before it did. */
  isStalling(nowMs: number): boolean {
    this.stallsMs = this.stallsMs.filter((atMs) => atMs > nowMs - WINDOW_MS);
    const isHeldUp = (this.down.heldUp ?? this.up.heldUp) !== undefined;
    return this.stallsMs.length + (isHeldUp ? 1 : 0) >= MANY;
  }

  /** Whether nobody has come to look for a while. */
  private isLeft(nowMs: number): boolean {
    return this.lookedMs !== undefined && nowMs - this.lookedMs > STOOD_STILL_MS;
  }

  private endStall(way: "up" | "down", nowMs: number): void {
    this[way].heldUp = undefined;
    if (way === "up" && this.down.heldUp !== undefined) {
      this.doubtfulMs.push(nowMs);
      return;
    }
    this.stallsMs.push(nowMs, ...this.doubtfulMs);
    this.doubtfulMs = [];
  }

  /** What is usual is another by now. Where the server stood still, that explains what came late to it meanwhile, too. */
  private beginAnew(way: "up" | "down"): void {
    this[way].heldUp = undefined;
    this[way].recent = [];
    if (way === "down") this.doubtfulMs = [];
  }
}

function usual(recent: readonly number[]): number {
  return Float64Array.from(recent).sort()[recent.length >> 1];
}
