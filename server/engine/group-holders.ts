/**
 * Who holds something that an address group may have so many of. Each holder counts for one group at a time, and what is said
 * twice counts once: books that are kept by those who hold cannot come to disagree with them, whatever throws on the way.
 */
import { GROUPS_OF_A_SITE, siteOf } from "./address-group.ts";
import { KeyIndex } from "./key-index.ts";

export class GroupHolders<Holder> {
  private readonly groups = new Map<Holder, string>();
  private readonly inGroup = new KeyIndex<Holder>();
  private readonly inSite = new KeyIndex<Holder>();

  /** Of all groups together. */
  get size(): number {
    return this.groups.size;
  }

  /** Those of the group's site. */
  ofSite(group: string): number {
    return this.inSite.countOf(siteOf(group));
  }

  /** Whether a group has so many, or its site as many as it may. */
  isFull(group: string, most: number): boolean {
    return this.inGroup.countOf(group) >= most || this.ofSite(group) >= most * GROUPS_OF_A_SITE;
  }

  /** Of the sites that have more than so many, who has held longest of one that has most; undefined: there is none. */
  oldestOfLargestSite(moreThan: number): Holder | undefined {
    const site = this.inSite.largest(moreThan);
    return site === undefined ? undefined : this.inSite.firstOf(site);
  }

  /** From now on the holder counts for this group, and for no other. */
  put(holder: Holder, group: string): void {
    this.remove(holder);
    this.groups.set(holder, group);
    this.inGroup.add(group, holder);
    this.inSite.add(siteOf(group), holder);
  }

  /** Does nothing for one that is not there. */
  remove(holder: Holder): void {
    const group = this.groups.get(holder);
    if (group === undefined) return;
    this.inGroup.delete(group, holder);
    this.inSite.delete(siteOf(group), holder);
    // Last: what throws before can be tried again.
    this.groups.delete(holder);
  }
}
