/**
 * A fair limit: how many members there may be, in all and of each group. One group cannot have more than its share; and
 * when all places are taken, the group that has most of them gives one up to a group that has fewer, so that many groups
 * together cannot shut out a newcomer either.
 */
import { KeyIndex } from "./key-index.ts";

/** What became of a member that asked to be added; `displaced` gave its place up and is to be sent away. */
export type Admission<Member> =
  | { readonly isAdded: true; readonly displaced: Member | undefined }
  | { readonly isAdded: false; readonly reason: "group-full" | "full" };

const GROUP_FULL = { isAdded: false, reason: "group-full" } as const;
const FULL = { isAdded: false, reason: "full" } as const;

export class FairLimit<Member> {
  private readonly most: number;
  private readonly mostOfGroup: number;
  private readonly groups = new KeyIndex<Member>();
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
    const own = this.groups.countOf(group);
    if (own >= this.mostOfGroup) return GROUP_FULL;
    const isFull = this.members >= this.most;
    const displaced = isFull ? this.displaceFor(own) : undefined;
    if (isFull && displaced === undefined) return FULL;
    this.groups.add(group, member);
    this.members++;
    return { isAdded: true, displaced };
  }

  /** Does nothing for one that is not there. */
  remove(member: Member, group: string): void {
    if (this.groups.delete(group, member)) this.members--;
  }

  /** Takes the oldest member out of the largest group, if that stays at least as large as the one that asks will be. */
  private displaceFor(ownSize: number): Member | undefined {
    const largest = this.groups.largest(ownSize + 1);
    if (largest === undefined) return undefined;
    const oldest = this.groups.firstOf(largest);
    if (oldest !== undefined) this.remove(oldest, largest);
    return oldest;
  }
}
