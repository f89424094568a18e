/**
 * A fair budget: how often all address groups together may have something that costs the process time. The less is left,
 * the less a group may have had before: so a hundred groups that ask for all that each of them may have get what the budget
 * brings, and whoever has had nothing for a while comes in ahead of them. What the groups of one site have had counts for all
 * of them: a site has as many groups as it likes, and each would be new.
 */
import { siteOf } from "./address-group.ts";
import { GroupBuckets } from "./group-buckets.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Among so many groups that ask for ever, one that asks for the first time is still told apart. */
const GROUPS = 1_000;
/** A group that has had all that it may at once needs so much of the budget to be left: one alone may have the other half. */
const MOST_NEEDED = 0.5;

export class FairBudget {
  private readonly inAll: TokenBucket;
  private readonly standings: GroupBuckets;
  private readonly isLifted: boolean;

  /**
   * @param perSecond infinite: everything is let through
   * @param burst of all groups together, at once
   * @param groupBurst what one group may have at once, by a limit of its own
   */
  constructor(perSecond: number, burst: number, groupBurst: number, nowMs: number) {
    this.isLifted = !Number.isFinite(perSecond);
    this.inAll = new TokenBucket(perSecond, burst, nowMs);
    this.standings = new GroupBuckets(perSecond / GROUPS, Math.max(1, Math.min(burst, groupBurst)), nowMs);
  }

  /** Takes so much for a group, if it is its turn. */
  take(group: string, nowMs: number, cost = 1): boolean {
    if (this.isLifted) return true;
    const site = siteOf(group);
    const needed = (1 - this.standings.levelOf(site, nowMs)) * MOST_NEEDED;
    if (this.inAll.level(nowMs) < needed || !this.inAll.take(nowMs, cost)) return false;
    this.standings.take(site, nowMs, cost);
    return true;
  }

  /** Takes so much for a group, whether it is there or not. */
  spend(group: string, cost: number, nowMs: number): void {
    if (this.isLifted) return;
    this.inAll.spend(nowMs, cost);
    this.standings.spend(siteOf(group), cost, nowMs);
  }
}
