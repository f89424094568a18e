/** Counts by address group and by site. Of a group that has nothing, nothing is kept. */
import { GROUPS_OF_A_SITE, siteOf } from "./address-group.ts";

export class GroupCounts {
  /** Of groups, and of sites that are not groups themselves. */
  private readonly counts = new Map<string, number>();

  of(group: string): number {
    return this.counts.get(group) ?? 0;
  }

  /** Whether a group has so many, or its site as many as it may. */
  isFull(group: string, most: number): boolean {
    return this.of(group) >= most || this.of(siteOf(group)) >= most * GROUPS_OF_A_SITE;
  }

  add(group: string): void {
    for (const name of namesOf(group)) this.counts.set(name, this.of(name) + 1);
  }

  /** @throws when the group has nothing: what was not added cannot go */
  remove(group: string): void {
    for (const name of namesOf(group)) {
      const left = this.of(name) - 1;
      if (left < 0) throw new Error(`nothing is counted for ${name}: remove() was called once too often`);
      if (left === 0) this.counts.delete(name);
      else this.counts.set(name, left);
    }
  }
}

function namesOf(group: string): Iterable<string> {
  return new Set([group, siteOf(group)]);
}
