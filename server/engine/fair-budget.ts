/**
 * A fair budget: how often all address groups together may have something that costs the process time. The less is left,
 * the less a group may have had lately: so a hundred groups that ask for all that each of them may have get what the budget
 * brings, and whoever has less than they do, or has had nothing for a while, comes in ahead of them. What the groups of one
 * site have had counts for all of them: a site has as many groups as it likes, and each would be new.
 */
import { siteOf } from "./address-group.ts";
import { GroupUse } from "./group-use.ts";
import { TokenBucket } from "./token-bucket.ts";

/** A group that has had less than this part of what it may have at once is as one that has had nothing. */
const LEAST_USE = 1 / 100;
/** Who has had all that a group may have at once must leave so much of the budget: one alone may have the other half. */
const MOST_NEEDED = 0.5;

export class FairBudget {
  private readonly inAll: TokenBucket;
  private readonly burst: number;
  private readonly groupBurst: number;
  private readonly uses: GroupUse;
  private readonly isLifted: boolean;

  /**
   * @param perSecond infinite: everything is let through
   * @param burst of all groups together, at once
   * @param groupBurst what one group may have at once, by a limit of its own
   */
  constructor(perSecond: number, burst: number, groupBurst: number, nowMs: number) {
    this.isLifted = !Number.isFinite(perSecond);
    this.inAll = new TokenBucket(perSecond, burst, nowMs);
    this.burst = burst;
    this.groupBurst = Math.max(1, Math.min(burst, groupBurst));
    this.uses = new GroupUse(this.groupBurst * LEAST_USE, nowMs);
  }

  /** Takes so much for a group, if it is its turn. */
  take(group: string, nowMs: number, cost = 1): boolean {
    if (this.isLifted) return true;
    const site = siteOf(group);
    const needed = Math.min(1, this.uses.of(site, nowMs) / this.groupBurst) * MOST_NEEDED;
    if (this.inAll.level(nowMs) - cost / this.burst < needed || !this.inAll.take(nowMs, cost)) return false;
    this.uses.add(site, cost, nowMs);
    return true;
  }

  /** Takes so much for a group, whether it is there or not. */
  spend(group: string, cost: number, nowMs: number): void {
    if (this.isLifted) return;
    this.inAll.spend(nowMs, cost);
    this.uses.add(siteOf(group), cost, nowMs);
  }
}
