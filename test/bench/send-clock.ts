/**
 * The tick that a cheap client's commands are for: a little ahead of where the server is, going by its frames. They come
 * over this machine's own network, so the least delayed frame tells the time, and no more than that is needed.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** Two ticks for the time until the next packet, one for that until the next frame, and one to be sure. */
const LEAD_TICKS = 4;
/** A server that has dropped ticks is behind its time: nobody runs further ahead of its frames than this. */
const MOST_AHEAD_TICKS = 8;

export class SendClock {
  /** The newest frame's tick; undefined before the first. */
  newestTick: Tick | undefined;
  private readonly tickMs: number;
  private startMs = Infinity;

  constructor(tickRate: number) {
    this.tickMs = 1000 / tickRate;
  }

  hear(tick: Tick, nowMs: number): void {
    this.newestTick = Math.max(this.newestTick ?? tick, tick);
    this.startMs = Math.min(this.startMs, nowMs - tick * this.tickMs);
  }

  /** The last tick that commands may be for now; undefined before the first frame. */
  lastTick(nowMs: number): Tick | undefined {
    if (this.newestTick === undefined) return undefined;
    const tick = Math.floor((nowMs - this.startMs) / this.tickMs) + LEAD_TICKS;
    return Math.min(tick, this.newestTick + MOST_AHEAD_TICKS);
  }
}
