/** How often something may be asked for: by each address group, by those of a site, and by all of them together. */
import { GROUPS_OF_A_SITE, siteOf } from "./address-group.ts";
import { FairBudget } from "./fair-budget.ts";
import { GroupBuckets } from "./group-buckets.ts";

/** Infinity lifts a limit. */
export type AskingLimits = {
  readonly perSecond: { readonly ofGroup: number; readonly inAll: number };
  /** So many seconds' worth may be asked for at once. */
  readonly burstSeconds: { readonly ofGroup: number; readonly inAll: number };
};

export class AskingRate {
  private readonly ofGroup: GroupBuckets;
  private readonly ofSite: GroupBuckets;
  private readonly inAll: FairBudget;

  constructor({ perSecond, burstSeconds }: AskingLimits, nowMs: number) {
    const burst = Math.max(1, perSecond.ofGroup * burstSeconds.ofGroup);
    this.ofGroup = new GroupBuckets(perSecond.ofGroup, burst, nowMs);
    this.ofSite = new GroupBuckets(perSecond.ofGroup * GROUPS_OF_A_SITE, burst * GROUPS_OF_A_SITE, nowMs);
    this.inAll = new FairBudget(perSecond.inAll, Math.max(1, perSecond.inAll * burstSeconds.inAll), burst, nowMs);
  }

  /**
   * To be called for each time that a group asks.
   * @param cost in what the limits count
   * @returns why it is not to be let through
   */
  problemWith(group: string, nowMs: number, cost = 1): "too-often" | "busy" | undefined {
    return this.ownProblemWith(group, nowMs, cost) ?? (this.inAll.take(group, nowMs, cost) ? undefined : "busy");
  }

  /** The same for what has to be let through whatever others ask for: it is counted among the group's own alone. */
  ownProblemWith(group: string, nowMs: number, cost = 1): "too-often" | undefined {
    if (!this.ofGroup.take(group, nowMs, cost)) return "too-often";
    const site = siteOf(group);
    // What is a site by itself has been asked for already.
    return site === group || this.ofSite.take(site, nowMs, cost) ? undefined : "too-often";
  }

  /** Makes a group wait for longer, as if it had asked so often. */
  spend(group: string, times: number, nowMs: number): void {
    this.ofGroup.spend(group, times, nowMs);
  }

  /**
   * To be called with what something turns out to cost that was let through, before it is done. It is charged in full, so that a
   * group may owe for it; while the group owes, or all together do, nothing more is let through.
   * @returns why it is not to be done after all; nothing is charged then
   */
  problemWithCost(group: string, nowMs: number, cost: number): "too-often" | "busy" | undefined {
    const problem = this.problemWith(group, nowMs, 0);
    if (problem !== undefined) return problem;
    this.ofGroup.spend(group, cost, nowMs);
    const site = siteOf(group);
    if (site !== group) this.ofSite.spend(site, cost, nowMs);
    this.inAll.spend(group, cost, nowMs);
    return undefined;
  }
}
