/** Tick times: when a room's last ticks went out to its sessions, by which a session knows how old an acknowledged frame is. */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** A power of two: two seconds at 60 ticks a second, twice as long as a client may leave frames unanswered. */
const KEPT_TICKS = 128;

export class TickTimes {
  private readonly times = new Float64Array(KEPT_TICKS).fill(Number.NaN);
  private newest: Tick = -1;

  /** Ticks are noted one after the other. */
  note(tick: Tick, nowMs: number): void {
    this.newest = tick;
    this.times[tick & (KEPT_TICKS - 1)] = nowMs;
  }

  /** Real time since a tick, in milliseconds; undefined: it is to come, or too long ago. */
  msSince(tick: Tick, nowMs: number): number | undefined {
    if (tick > this.newest || tick <= this.newest - KEPT_TICKS) return undefined;
    const ms = nowMs - this.times[tick & (KEPT_TICKS - 1)];
    return Number.isNaN(ms) ? undefined : ms;
  }
}
