import type { Clock } from "@starwake/server/engine/clock.ts";

/** Rings once at the time that was set last. Put off often and rarely rung: what is set later than before costs nothing. */
export class Alarm {
  private readonly clock: Clock;
  private readonly ring: () => void;
  private dueMs = Number.POSITIVE_INFINITY;
  /** When the clock calls next. */
  private callMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.clock = clock;
    this.ring = ring;
  }

  /** Infinity: not at all. */
  setAt(dueMs: number): void {
    this.dueMs = dueMs;
    if (dueMs < this.callMs) this.callAt(dueMs);
  }

  private callAt(callMs: number): void {
    this.callMs = callMs;
    this.clock.after(Math.max(0, callMs - this.clock.now()), () => this.called(callMs));
  }

  private called(callMs: number): void {
    // An earlier call was asked for after this one.
    if (callMs !== this.callMs) return;
    this.callMs = Number.POSITIVE_INFINITY;
    if (this.dueMs > this.clock.now()) {
      if (this.dueMs < Number.POSITIVE_INFINITY) this.callAt(this.dueMs);
      return;
    }
    this.dueMs = Number.POSITIVE_INFINITY;
    this.ring();
  }
}
