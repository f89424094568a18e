/**
 * The command queue ⑥: one player's commands, each waiting for the tick that it is stamped with.
 *
 * Guarantees: at most one command a tick is used, whatever arrives; memory is bounded; a command is used for its own
 * tick or not at all.
 *
 * Next: server/engine/tick-loop.ts (⑦), which says when a tick's time has come.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** A power of two: the furthest that a command may be ahead. */
const SLOTS = 64;

/** What became of a command on arrival. */
export type Arrival = "taken" | "duplicate" | "late" | "too-far-ahead";

export class CommandQueue<Command> {
  private readonly ticks = new Float64Array(SLOTS).fill(-1);
  private readonly commands: (Command | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly maxAhead: number;

  /** `maxAhead`: ticks that a command may be ahead of the newest step; 63 at most. */
  constructor(maxAhead: number) {
    this.maxAhead = Math.min(SLOTS - 1, maxAhead);
  }

  /** Takes a command for `tick`; `now` is the newest step. The first command for a tick counts. */
  put(tick: Tick, command: Command, now: Tick): Arrival {
    if (tick <= now) return "late";
    if (tick > now + this.maxAhead) return "too-far-ahead";
    const slot = tick & (SLOTS - 1);
    if (this.ticks[slot] === tick) return "duplicate";
    this.ticks[slot] = tick;
    this.commands[slot] = command;
    return "taken";
  }

  /** The command for a tick, which is then used up; undefined: it is missing. */
  take(tick: Tick): Command | undefined {
    const slot = tick & (SLOTS - 1);
    if (this.ticks[slot] !== tick) return undefined;
    this.ticks[slot] = -1;
    const command = this.commands[slot];
    // Not to be kept alive for a second: thousands that are make every collection of garbage long.
    this.commands[slot] = undefined;
    return command;
  }

  clear(): void {
    this.ticks.fill(-1);
    this.commands.fill(undefined);
  }
}
