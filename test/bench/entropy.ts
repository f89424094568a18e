/** Empirical entropy: the fewest bits in which a stream of symbols could be told, were its frequencies known. */

/** A symbol's place in a stream is its context; a stream without one has entropy of order 0. */
export class Entropy {
  count = 0;
  private readonly contexts = new Map<string, Map<string, number>>();

  note(symbol: string | number, context: string | number = ""): void {
    this.count++;
    const key = String(context);
    const counts = this.contexts.get(key) ?? new Map<string, number>();
    this.contexts.set(key, counts);
    counts.set(String(symbol), (counts.get(String(symbol)) ?? 0) + 1);
  }

  /** Of the whole stream, each symbol told by its frequency in its context. */
  get bits(): number {
    let bits = 0;
    for (const counts of this.contexts.values()) {
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      for (const count of counts.values()) bits -= count * Math.log2(count / total);
    }
    return bits;
  }
}
