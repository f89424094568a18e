/**
 * What each group has had lately: a sum that decays, so that it tells rates apart, however long they last. What is next to
 * nothing is forgotten. Memory is bounded: groups for which there is no place share one sum.
 */

/** What was had so long ago counts for a third: whoever has so much a second for ever comes to 60 times that. */
const DECAY_MS = 60_000;
/** About 100 bytes each. */
const MAX_GROUPS = 10_000;
const SWEEP_INTERVAL_MS = 1_000;

type Use = { had: number; atMs: number };

export class GroupUse {
  private readonly least: number;
  private readonly uses = new Map<string, Use>();
  private readonly shared: Use;
  private sweptMs: number;

  /** @param least a group that has had less is as one that has had nothing */
  constructor(least: number, nowMs: number) {
    this.least = least;
    this.shared = { had: 0, atMs: nowMs };
    this.sweptMs = nowMs;
  }

  /** Groups that are known now. */
  get size(): number {
    return this.uses.size;
  }

  of(group: string, nowMs: number): number {
    const use = this.uses.get(group) ?? (this.uses.size < MAX_GROUPS ? undefined : this.shared);
    return use === undefined ? 0 : decayed(use, nowMs);
  }

  add(group: string, cost: number, nowMs: number): void {
    if (nowMs - this.sweptMs >= SWEEP_INTERVAL_MS) this.sweep(nowMs);
    const use = this.useOf(group, nowMs);
    use.had = decayed(use, nowMs) + cost;
    use.atMs = nowMs;
  }

  private useOf(group: string, nowMs: number): Use {
    const known = this.uses.get(group);
    if (known !== undefined) return known;
    if (this.uses.size >= MAX_GROUPS) return this.shared;
    const use = { had: 0, atMs: nowMs };
    this.uses.set(group, use);
    return use;
  }

  private sweep(nowMs: number): void {
    this.sweptMs = nowMs;
    for (const [group, use] of this.uses) if (decayed(use, nowMs) < this.least) this.uses.delete(group);
  }
}

function decayed({ had, atMs }: Use, nowMs: number): number {
  return had * Math.exp((atMs - nowMs) / DECAY_MS);
}
