/**
 * A fair limit: how many members there may be, in all and of each group. One group cannot have more than its share; and
 * when all places are taken, the site that has most of them gives one up to a site that has fewer, so that many groups
 * together cannot shut out a newcomer either.
 */
import { GroupHolders } from "./group-holders.ts";

/** What became of a member that asked to be added; `displaced` gave its place up and is to be sent away. */
export type Admission<Member> =
  | { readonly isAdded: true; readonly displaced: Member | undefined }
  | { readonly isAdded: false; readonly reason: LimitProblem };

/** All places are taken by sites that have no more than the one that asks; or the group, or its site, has its share. */
export type LimitProblem = "group-full" | "full";

export class FairLimit<Member> {
  private readonly most: number;
  private readonly mostOfGroup: number;
  private readonly members = new GroupHolders<Member>();

  constructor(most: number, mostOfGroup: number) {
    this.most = most;
    this.mostOfGroup = mostOfGroup;
  }

  get count(): number {
    return this.members.size;
  }

  /** Why a member of the group would not be added. */
  problemWith(group: string): LimitProblem | undefined {
    if (this.members.isFull(group, this.mostOfGroup)) return "group-full";
    return this.count >= this.most && this.whoGivesWayTo(group) === undefined ? "full" : undefined;
  }

  /** A member is added once. */
  add(member: Member, group: string): Admission<Member> {
    const reason = this.problemWith(group);
    if (reason !== undefined) return { isAdded: false, reason };
    const displaced = this.count >= this.most ? this.whoGivesWayTo(group) : undefined;
    if (displaced !== undefined) this.remove(displaced);
    this.members.put(member, group);
    return { isAdded: true, displaced };
  }

  /** Does nothing for one that is not there. */
  remove(member: Member): void {
    this.members.remove(member);
  }

  /** The oldest of the largest site, where that stays at least as large as the group's own will be. */
  private whoGivesWayTo(group: string): Member | undefined {
    return this.members.oldestOfLargestSite(this.members.ofSite(group) + 1);
  }
}
