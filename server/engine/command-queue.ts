/**
 * The command queue ⑥: one player's commands, each waiting for the tick that it is stamped with.
 *
 * Guarantees: at most one command a tick is used, whatever arrives; memory is bounded; a command is used for its own
 * tick or not at all.
 *
 * Next: server/engine/tick-loop.ts (⑦), which says when a tick's time has come.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** The furthest that a command may be ahead, in ticks. */
export const MOST_AHEAD = 63;
/** In place of a tick: the player has seen nothing yet. */
export const NO_LOOK = Number.NaN;
const NO_TICK = -1;

/** What became of a command on arrival. */
export type Arrival = "taken" | "duplicate" | "late" | "too-far-ahead";

/** Commands wait as rows: thousands of records that are kept alive make every collection of garbage long. */
export class CommandQueue {
  /** The commands' rows, one for each slot. */
  readonly rows: Int32Array;
  /** For each slot the tick that the player sees the others at, or NO_LOOK. */
  readonly looks: Float64Array;
  private readonly ticks: Float64Array;
  private readonly width: number;
  private readonly maxAhead: number;
  /** There is a power of two of slots, each for the ticks that agree in their low bits. */
  private readonly mask: number;

  /**
   * @param width numbers in a command's row
   * @param maxAhead ticks that a command may be ahead of the newest step; 63 at most
   */
  constructor(width: number, maxAhead: number) {
    this.width = width;
    this.maxAhead = Math.min(MOST_AHEAD, maxAhead);
    const slots = 2 ** Math.ceil(Math.log2(this.maxAhead + 1));
    this.mask = slots - 1;
    this.rows = new Int32Array(slots * width);
    this.looks = new Float64Array(slots);
    this.ticks = new Float64Array(slots).fill(NO_TICK);
  }

  /**
   * Takes a command for `tick`. The first one for a tick counts.
   * @param rows holds its row from `offset` on
   * @param look the tick that the player sees the others at, or NO_LOOK
   * @param now the newest step
   */
  put(tick: Tick, rows: Int32Array, offset: number, look: number, now: Tick): Arrival {
    if (tick <= now) return "late";
    if (tick > now + this.maxAhead) return "too-far-ahead";
    const slot = tick & this.mask;
    if (this.ticks[slot] === tick) return "duplicate";
    this.ticks[slot] = tick;
    this.looks[slot] = look;
    for (let at = 0; at < this.width; at++) this.rows[slot * this.width + at] = rows[offset + at];
    return "taken";
  }

  /** The slot of the command for a tick, which is then used up; -1: it is missing. */
  take(tick: Tick): number {
    const slot = tick & this.mask;
    if (this.ticks[slot] !== tick) return -1;
    this.ticks[slot] = NO_TICK;
    return slot;
  }

  clear(): void {
    this.ticks.fill(NO_TICK);
  }
}
