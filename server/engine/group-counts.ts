/** Counts by address group. Of a group that has nothing, nothing is kept. */
export class GroupCounts {
  private readonly counts = new Map<string, number>();

  of(group: string): number {
    return this.counts.get(group) ?? 0;
  }

  add(group: string): void {
    this.counts.set(group, this.of(group) + 1);
  }

  /** @throws when the group has nothing: what was not added cannot go */
  remove(group: string): void {
    const left = this.of(group) - 1;
    if (left < 0) throw new Error(`nothing is counted for ${group}: remove() was called once too often`);
    if (left === 0) this.counts.delete(group);
    else this.counts.set(group, left);
  }
}
