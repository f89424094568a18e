/** A token bucket (Turner 1986): lets through so many a second, and so many at once. */
export class TokenBucket {
  private readonly perSecond: number;
  private readonly burst: number;
  /** Begun with a number, not with nothing, so that the engine keeps fractions in place and allocates none. */
  private tokens = 0;
  private filledMs = 0;

  /** Starts full. `nowMs` is a clock's now(), here and later. */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filledMs = nowMs;
  }

  /** Takes `cost` tokens if there are so many; takes none if there are fewer. */
  take(nowMs: number, cost = 1): boolean {
    this.fill(nowMs);
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  /** Takes `cost` tokens whether they are there or not; what is owed is never more than a burst. */
  spend(nowMs: number, cost: number): void {
    this.fill(nowMs);
    this.tokens = Math.max(-this.burst, this.tokens - cost);
  }

  /** Whether it is as full as a new one. */
  isFull(nowMs: number): boolean {
    this.fill(nowMs);
    return this.tokens >= this.burst;
  }

  /** The part of a burst that is there; below 0: owed. */
  level(nowMs: number): number {
    this.fill(nowMs);
    return this.tokens / this.burst;
  }

  private fill(nowMs: number): void {
    this.tokens = Math.min(this.burst, this.tokens + ((nowMs - this.filledMs) / 1000) * this.perSecond);
    this.filledMs = nowMs;
  }
}
