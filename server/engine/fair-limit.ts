/**
 * A fair limit: how many members there may be, in all and of each group. One group cannot have more than its share; and
 * when all places are taken, the site that has most of them gives one up to a site that has fewer, so that many groups
 * together cannot shut out a newcomer either.
 */
import { GROUPS_OF_A_SITE, siteOf } from "./address-group.ts";
import { KeyIndex } from "./key-index.ts";

/** What became of a member that asked to be added; `displaced` gave its place up and is to be sent away. */
export type Admission<Member> =
  | { readonly isAdded: true; readonly displaced: Member | undefined }
  | { readonly isAdded: false; readonly reason: LimitProblem };

/** All places are taken by sites that have no more than the one that asks; or the group, or its site, has its share. */
export type LimitProblem = "group-full" | "full";

export class FairLimit<Member> {
  private readonly most: number;
  private readonly mostOfGroup: number;
  private readonly groups = new Map<Member, string>();
  private readonly inGroup = new KeyIndex<Member>();
  private readonly inSite = new KeyIndex<Member>();

  constructor(most: number, mostOfGroup: number) {
    this.most = most;
    this.mostOfGroup = mostOfGroup;
  }

  get count(): number {
    return this.groups.size;
  }

  /** Why a member of the group would not be added. */
  problemWith(group: string): LimitProblem | undefined {
    const own = this.inSite.countOf(siteOf(group));
    if (this.inGroup.countOf(group) >= this.mostOfGroup || own >= this.mostOfGroup * GROUPS_OF_A_SITE)
      return "group-full";
    return this.count >= this.most && this.largerSiteThan(own) === undefined ? "full" : undefined;
  }

  /** A member is added once. */
  add(member: Member, group: string): Admission<Member> {
    const reason = this.problemWith(group);
    if (reason !== undefined) return { isAdded: false, reason };
    const site = siteOf(group);
    const displaced = this.count >= this.most ? this.displaceFor(this.inSite.countOf(site)) : undefined;
    this.groups.set(member, group);
    this.inGroup.add(group, member);
    this.inSite.add(site, member);
    return { isAdded: true, displaced };
  }

  /** Does nothing for one that is not there. */
  remove(member: Member): void {
    const group = this.groups.get(member);
    if (group === undefined) return;
    this.groups.delete(member);
    this.inGroup.delete(group, member);
    this.inSite.delete(siteOf(group), member);
  }

  /** One that stays at least as large as the one that asks will be. */
  private largerSiteThan(ownSize: number): string | undefined {
    return this.inSite.largest(ownSize + 1);
  }

  /** Takes the oldest member out of the largest site. */
  private displaceFor(ownSize: number): Member | undefined {
    const largest = this.largerSiteThan(ownSize);
    const oldest = largest === undefined ? undefined : this.inSite.firstOf(largest);
    if (oldest !== undefined) this.remove(oldest);
    return oldest;
  }
}
