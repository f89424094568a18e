/**
 * A token bucket for each address group. A bucket that is full again says nothing that a new one would not, so it is
 * forgotten; one that is not full never is, however many groups there are. Memory is bounded: groups for which there is
 * no place share one bucket, and those who came before keep theirs.
 */
import { TokenBucket } from "./token-bucket.ts";

/** About 200 bytes each. To fill the table takes a hundred thousand visits a second, each of a group that just came. */
const MAX_BUCKETS = 10_000;
const SWEEP_INTERVAL_MS = 1_000;

export class GroupBuckets {
  private readonly perSecond: number;
  private readonly burst: number;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly shared: TokenBucket;
  private sweptMs: number;

  /** @param perSecond infinite: everything is let through */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.shared = new TokenBucket(perSecond, burst, nowMs);
    this.sweptMs = nowMs;
  }

  /** Groups that have a bucket of their own now. */
  get size(): number {
    return this.buckets.size;
  }

  /** Takes so many of a group's tokens, if they are there. */
  take(group: string, nowMs: number, cost = 1): boolean {
    if (!Number.isFinite(this.perSecond)) return true;
    if (nowMs - this.sweptMs >= SWEEP_INTERVAL_MS) this.sweep(nowMs);
    return this.bucketOf(group, nowMs).take(nowMs, cost);
  }

  /** Takes so many of a group's tokens, whether they are there or not: the next ones wait for longer. */
  spend(group: string, cost: number, nowMs: number): void {
    if (Number.isFinite(this.perSecond)) this.bucketOf(group, nowMs).spend(nowMs, cost);
  }

  private bucketOf(group: string, nowMs: number): TokenBucket {
    const known = this.buckets.get(group);
    if (known !== undefined) return known;
    if (this.buckets.size >= MAX_BUCKETS) return this.shared;
    const bucket = new TokenBucket(this.perSecond, this.burst, nowMs);
    this.buckets.set(group, bucket);
    return bucket;
  }

  private sweep(nowMs: number): void {
    this.sweptMs = nowMs;
    for (const [group, bucket] of this.buckets) if (bucket.isFull(nowMs)) this.buckets.delete(group);
  }
}
