/** Finds what belongs to a key without a look at everybody else's. Of a key that has nothing, nothing is kept. */
export class KeyIndex<Value> {
  private readonly entries = new Map<string, Set<Value>>();

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

  /** Of the keys that have more than so many, the one that has most; undefined: there is none. */
  largest(moreThan: number): string | undefined {
    let found: string | undefined;
    let most = moreThan;
    for (const [key, { size }] of this.entries) if (size > most) [found, most] = [key, size];
    return found;
  }

  add(key: string, value: Value): void {
    const own = this.entries.get(key);
    if (own === undefined) this.entries.set(key, new Set([value]));
    else own.add(value);
  }

  /** @returns whether it was there */
  delete(key: string, value: Value): boolean {
    const own = this.entries.get(key);
    if (own?.delete(value) !== true) return false;
    if (own.size === 0) this.entries.delete(key);
    return true;
  }
}
