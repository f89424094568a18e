/**
 * Resting streams: whoever asks more than there is time for is not heard for a while. Most of what a refused question costs is
 * to be read by itself; what comes meanwhile waits in the kernel, then at its sender, and is read at once.
 */
import type { Socket as Stream } from "node:net";
import type { Clock } from "./clock.ts";
import { readAgain, readLater } from "./read-in-place.ts";

const REST_MS = 500;
/** Whoever is due within so long is heard together: thousands may rest, and an alarm for each would cost more than it saves. */
const TOGETHER_MS = 10;

export class RestingStreams {
  private readonly clock: Clock;
  /** When each is to be heard again; the first one first, as all rest for equally long. */
  private readonly dueMs = new Map<Stream, number>();
  /** One alarm is enough, also where all that rested were forgotten before it rings. */
  private isAlarmSet = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whoever rests already does not rest for longer. */
  rest(stream: Stream): void {
    if (this.dueMs.has(stream)) return;
    readLater(stream);
    this.dueMs.set(stream, this.clock.now() + REST_MS);
    this.setAlarm(REST_MS);
  }

  /** Forgets a stream that is not to be heard again. */
  forget(stream: Stream): void {
    this.dueMs.delete(stream);
  }

  private setAlarm(delayMs: number): void {
    if (this.isAlarmSet) return;
    this.isAlarmSet = true;
    this.clock.after(delayMs, this.hearAgain);
  }

  private readonly hearAgain = (): void => {
    this.isAlarmSet = false;
    const nowMs = this.clock.now();
    for (const [stream, dueMs] of this.dueMs) {
      if (dueMs > nowMs + TOGETHER_MS) {
        this.setAlarm(dueMs - nowMs);
        return;
      }
      this.dueMs.delete(stream);
      readAgain(stream);
    }
  };
}
