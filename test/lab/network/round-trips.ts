/** A sender's estimate of the round trip, and the retransmission time-out that follows from it (RFC 6298). */

const FIRST_TIMEOUT_MS = 1000;
const MOST_TIMEOUT_MS = 120_000;
/** Linux lets the part of the time-out that stands for the variation be no less. */
const LEAST_VARIATION_MS = 200;

export class RoundTrips {
  smoothedMs: number | undefined;
  leastMs = Number.POSITIVE_INFINITY;
  private variationMs = 0;

  add(sampleMs: number): void {
    this.leastMs = Math.min(this.leastMs, sampleMs);
    if (this.smoothedMs === undefined) {
      this.smoothedMs = sampleMs;
      this.variationMs = sampleMs / 2;
      return;
    }
    this.variationMs += (Math.abs(sampleMs - this.smoothedMs) - this.variationMs) / 4;
    this.smoothedMs += (sampleMs - this.smoothedMs) / 8;
  }

  /** After `expired` time-outs in a row. */
  timeoutMs(expired: number): number {
    const { smoothedMs } = this;
    const onceMs =
      smoothedMs === undefined ? FIRST_TIMEOUT_MS : smoothedMs + Math.max(LEAST_VARIATION_MS, 4 * this.variationMs);
    return Math.min(MOST_TIMEOUT_MS, onceMs * 2 ** expired);
  }
}
