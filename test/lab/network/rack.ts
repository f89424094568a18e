/**
 * How a sender notices losses: RACK (RFC 8985). What was sent before something that has come through is lost when it
 * stays away for a round trip and some patience more; the patience grows with each resend that turned out to be needless.
 */
import type { RoundTrips } from "./round-trips.ts";
import type { Segment } from "./segments.ts";

/** Segments past a gap that make it a loss, on a path that was not seen to reorder. */
const GAP_SEGMENTS = 3;
/** The patience stays as large as it is for so many repairs after the last needless resend. */
const KEPT_REPAIRS = 16;

export class Rack {
  private readonly roundTrips: RoundTrips;
  private isReordering = false;
  private highestNumber = -1;
  private newestSendOrder = -1;
  private rttMs = 0;
  /** The patience in quarters of the least round trip. */
  private steps = 1;
  private keptRepairs = 0;
  private nextStepMs = 0;

  constructor(roundTrips: RoundTrips) {
    this.roundTrips = roundTrips;
  }

  noteDelivered(segment: Segment, nowMs: number): void {
    const { number, sentMs, sendOrder, timesSent } = segment;
    if (timesSent === 1 && number < this.highestNumber) this.isReordering = true;
    this.highestNumber = Math.max(this.highestNumber, number);
    // What comes back sooner than anything can is the answer to an earlier sending.
    if (timesSent > 1 && nowMs - sentMs < this.roundTrips.leastMs) return;
    this.rttMs = nowMs - sentMs;
    this.newestSendOrder = Math.max(this.newestSendOrder, sendOrder);
  }

  /** Counts once within a round trip. */
  noteNeedless(nowMs: number): void {
    this.keptRepairs = KEPT_REPAIRS;
    if (nowMs < this.nextStepMs) return;
    this.steps++;
    this.nextStepMs = nowMs + (this.roundTrips.smoothedMs ?? 0);
  }

  noteRepair(): void {
    if (--this.keptRepairs <= 0) this.steps = 1;
  }

  /**
   * Marks what is lost by now.
   * @returns how many were marked, and when the next one is if nothing comes of it before
   */
  findLost(flight: readonly Segment[], nowMs: number, isRepairing: boolean): { marked: number; nextMs: number } {
    const waitMs = this.rttMs + this.patienceMs(flight, isRepairing);
    let [marked, nextMs] = [0, Number.POSITIVE_INFINITY];
    for (const segment of flight) {
      if (segment.isDelivered || segment.isLost || segment.sendOrder > this.newestSendOrder) continue;
      const lostMs = segment.sentMs + waitMs;
      if (lostMs <= nowMs) {
        segment.isLost = true;
        marked++;
      } else nextMs = nextMs === Number.POSITIVE_INFINITY ? lostMs : Math.max(nextMs, lostMs);
    }
    return { marked, nextMs };
  }

  /** Whether so much time has passed that a time-out may take it for lost. */
  isOverdue({ sentMs }: Segment, nowMs: number): boolean {
    return sentMs + this.rttMs <= nowMs;
  }

  private patienceMs(flight: readonly Segment[], isRepairing: boolean): number {
    const { leastMs, smoothedMs = 0 } = this.roundTrips;
    if (!this.isReordering) {
      const past = flight.reduce((sum, { isDelivered }) => sum + (isDelivered ? 1 : 0), 0);
      if (isRepairing || past >= GAP_SEGMENTS) return 0;
    }
    return Math.min((this.steps * leastMs) / 4, smoothedMs);
  }
}
