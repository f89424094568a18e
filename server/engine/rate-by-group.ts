/**
 * A rate for each address group: how often it may do something. Groups that rest are forgotten, and only those: however
 * many groups come, none has its allowance renewed by it.
 */
import type { Clock } from "./clock.ts";
import { TokenBucket } from "./token-bucket.ts";

/** So many groups are known before those that rest are looked for, and then twice as many as were found not to. */
const FIRST_SWEEP_AT = 1_024;

export class RateByGroup {
  private readonly perSecond: number;
  private readonly burst: number;
  private readonly clock: Clock;
  private readonly buckets = new Map<string, TokenBucket>();
  private sweepAt = FIRST_SWEEP_AT;

  /** @param perSecond 0: there is no limit */
  constructor(perSecond: number, burst: number, clock: Clock) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
  }

  /** Whether a group may do it once more now; if so, that is counted. */
  take(group: string): boolean {
    return this.perSecond === 0 || this.bucketOf(group).take(this.clock.now());
  }

  /** Counts `cost` times at once, whether they may be or not. */
  spend(group: string, cost: number): void {
    if (this.perSecond > 0) this.bucketOf(group).spend(this.clock.now(), cost);
  }

  /** Groups that are known at this moment. */
  get size(): number {
    return this.buckets.size;
  }

  private bucketOf(group: string): TokenBucket {
    const known = this.buckets.get(group);
    if (known !== undefined) return known;
    const nowMs = this.clock.now();
    if (this.buckets.size >= this.sweepAt) this.sweep(nowMs);
    const bucket = new TokenBucket(this.perSecond, this.burst, nowMs);
    this.buckets.set(group, bucket);
    return bucket;
  }

  /** A bucket that is full says no more than none. */
  private sweep(nowMs: number): void {
    for (const [group, bucket] of this.buckets) if (bucket.isFull(nowMs)) this.buckets.delete(group);
    this.sweepAt = Math.max(FIRST_SWEEP_AT, this.buckets.size * 2);
  }
}
