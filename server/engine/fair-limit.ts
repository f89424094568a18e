/**
 * A fair limit: how many members there may be, in all and of each group. One group cannot have more than its share; and
 * when all places are taken, the group that has most of them gives one up to a group that has fewer, so that many groups
 * together cannot shut out a newcomer either.
 */

/** What became of a member that asked to be added; `displaced` gave its place up and is to be sent away. */
export type Admission<Member> =
  | { readonly isAdded: true; readonly displaced: Member | undefined }
  | { readonly isAdded: false; readonly reason: "group-full" | "full" };

const ADDED = { isAdded: true, displaced: undefined } as const;
const GROUP_FULL = { isAdded: false, reason: "group-full" } as const;
const FULL = { isAdded: false, reason: "full" } as const;

export class FairLimit<Member> {
  private readonly most: number;
  private readonly mostOfGroup: number;
  /** Members of each group that has any, the oldest first. */
  private readonly groups = new Map<string, Set<Member>>();
  private members = 0;

  constructor(most: number, mostOfGroup: number) {
    this.most = most;
    this.mostOfGroup = mostOfGroup;
  }

  get count(): number {
    return this.members;
  }

  /** A member is added once. */
  add(member: Member, group: string): Admission<Member> {
    const own = this.groups.get(group);
    if ((own?.size ?? 0) >= this.mostOfGroup) return GROUP_FULL;
    if (this.members < this.most) {
      this.insert(member, group);
      return ADDED;
    }
    const displaced = this.displaceFor(own?.size ?? 0);
    if (displaced === undefined) return FULL;
    this.insert(member, group);
    return { isAdded: true, displaced };
  }

  /** Does nothing for one that is not there. */
  remove(member: Member, group: string): void {
    const own = this.groups.get(group);
    if (own?.delete(member) !== true) return;
    this.members--;
    if (own.size === 0) this.groups.delete(group);
  }

  private insert(member: Member, group: string): void {
    const own = this.groups.get(group);
    if (own === undefined) this.groups.set(group, new Set([member]));
    else own.add(member);
    this.members++;
  }

  /** Takes the oldest member out of the largest group, if that stays at least as large as the one that asks will be. */
  private displaceFor(ownSize: number): Member | undefined {
    let [largest, size] = ["", ownSize + 1];
    for (const [group, { size: count }] of this.groups) if (count > size) [largest, size] = [group, count];
    const [oldest] = this.groups.get(largest) ?? [];
    if (oldest !== undefined) this.remove(oldest, largest);
    return oldest;
  }
}
