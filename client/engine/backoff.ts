/**
 * Backoff: the waits between attempts at what was refused for a while. Each is twice as long as the one before, up to a
 * most, and longer by chance by up to as much again: those who were refused together do not come back together
 * (exponential backoff with jitter; Metcalfe and Boggs, 1976).
 */
export class Backoff {
  private readonly firstMs: number;
  private readonly mostMs: number;
  private readonly chance: () => number;
  private nextMs: number;

  /** @param chance a number from 0 to below 1 */
  constructor(firstMs: number, mostMs: number, chance: () => number) {
    this.firstMs = firstMs;
    this.mostMs = mostMs;
    this.chance = chance;
    this.nextMs = firstMs;
  }

  /** The wait until the next attempt, in milliseconds. */
  take(): number {
    const waitMs = this.nextMs;
    this.nextMs = Math.min(this.mostMs, waitMs * 2);
    return waitMs * (1 + this.chance());
  }

  /** An attempt succeeded: the next wait is the first again. */
  reset(): void {
    this.nextMs = this.firstMs;
  }
}
