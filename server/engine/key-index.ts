/**
 * Finds what belongs to a key, and the key that has most, without a look at everybody else's. Of a key that has nothing,
 * nothing is kept.
 */
export class KeyIndex<Value> {
  private readonly entries = new Map<string, Set<Value>>();
  /** At n - 1: the keys that have n; there are none of more than the last place tells. */
  private readonly bySize: Set<string>[] = [];

  /** What a key has, in the order in which it was added. */
  of(key: string): Iterable<Value> {
    return this.entries.get(key) ?? [];
  }

  /** What a key has had for the longest; undefined: it has nothing. */
  firstOf(key: string): Value | undefined {
    for (const value of this.of(key)) return value;
    return undefined;
  }

  countOf(key: string): number {
    return this.entries.get(key)?.size ?? 0;
  }

  /** Of the keys that have more than so many, one that has most; undefined: there is none. */
  largest(moreThan: number): string | undefined {
    if (this.bySize.length <= moreThan) return undefined;
    for (const key of this.bySize.at(-1) ?? []) return key;
    return undefined;
  }

  add(key: string, value: Value): void {
    const own = this.entries.get(key) ?? new Set();
    const before = own.size;
    own.add(value);
    this.entries.set(key, own);
    this.place(key, before, own.size);
  }

  /** @returns whether it was there */
  delete(key: string, value: Value): boolean {
    const own = this.entries.get(key);
    if (own?.delete(value) !== true) return false;
    if (own.size === 0) this.entries.delete(key);
    this.place(key, own.size + 1, own.size);
    return true;
  }

  private place(key: string, before: number, now: number): void {
    this.bySize[before - 1]?.delete(key);
    if (now > this.bySize.length) this.bySize.push(new Set());
    this.bySize[now - 1]?.add(key);
    if (this.bySize.at(-1)?.size === 0) this.bySize.pop();
  }
}
