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

/** What a slot begins with, before the command's row: the tick that it is for, and the one that the player sees the others at. */
const Of = { Tick: 0, Look: 1 } as const;
const HEAD = 2;

/**
 * Commands wait as rows, in one array with all that belongs to them: thousands of records that are kept alive make every
 * collection of garbage long, and what lies apart has to be fetched for each player one by one.
 */
export class CommandQueue {
  /** All slots, one after the other. */
  readonly slots: Float64Array;
  /** Numbers in a slot. */
  private readonly width: number;
  private readonly maxAhead: number;
  /** There is a power of two of slots, each for the ticks that agree in their low bits. */
  private readonly mask: number;

  /**
   * @param width numbers in a command's row
   * @param maxAhead ticks that a command may be ahead of the newest step; 63 at most
   */
  constructor(width: number, maxAhead: number) {
    this.width = HEAD + width;
    this.maxAhead = Math.min(MOST_AHEAD, maxAhead);
    const slots = 2 ** Math.ceil(Math.log2(this.maxAhead + 1));
    this.mask = slots - 1;
    this.slots = new Float64Array(slots * this.width).fill(NO_TICK);
  }

  /**
   * What becomes of a command for `tick` on its arrival. The first one for a tick counts.
   * @param now the newest step
   */
  arrivalOf(tick: Tick, now: Tick): Arrival {
    if (tick <= now) return "late";
    if (tick > now + this.maxAhead) return "too-far-ahead";
    return this.slots[(tick & this.mask) * this.width + Of.Tick] === tick ? "duplicate" : "taken";
  }

  /**
   * Takes a command for `tick`, if it is to be taken (see arrivalOf).
   * @param rows holds its row from `offset` on
   * @param look the tick that the player sees the others at, or NO_LOOK
   * @param now the newest step
   */
  put(tick: Tick, rows: Int32Array, offset: number, look: number, now: Tick): Arrival {
    const arrival = this.arrivalOf(tick, now);
    if (arrival !== "taken") return arrival;
    const { slots, width } = this;
    const begin = (tick & this.mask) * width;
    slots[begin + Of.Tick] = tick;
    slots[begin + Of.Look] = look;
    for (let at = HEAD; at < width; at++) slots[begin + at] = rows[offset + at - HEAD];
    return arrival;
  }

  /**
   * Takes the command for a tick, which is then used up.
   * @returns where its row stands among the slots; -1: it is missing
   */
  take(tick: Tick): number {
    const begin = (tick & this.mask) * this.width;
    if (this.slots[begin + Of.Tick] !== tick) return -1;
    this.slots[begin + Of.Tick] = NO_TICK;
    return begin + HEAD;
  }

  /** What a command that was taken came with: the tick that its player sees the others at, or NO_LOOK. */
  lookWith(row: number): number {
    return this.slots[row - HEAD + Of.Look];
  }

  clear(): void {
    this.slots.fill(NO_TICK);
  }
}
