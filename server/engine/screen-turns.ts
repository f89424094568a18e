/**
 * Screen turns: which shape of screen a session's view is cut to. A client may say another one at any time, as when a
 * phone is turned; it takes effect at once, but no sooner than TURN_SECONDS after the last time. So nobody sees what two
 * shapes show together by going to and fro between them.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

export const TURN_SECONDS = 3;

export class ScreenTurns {
  private readonly restTicks: number;
  private shape: number;
  private wish: number;
  private turnedTick: Tick;

  /** @param now the newest step's tick */
  constructor(shape: number, now: Tick, tickRate: number) {
    this.shape = shape;
    this.wish = shape;
    this.turnedTick = now;
    this.restTicks = TURN_SECONDS * tickRate;
  }

  /** Of several wishes that wait, the last one counts. */
  ask(shape: number): void {
    this.wish = shape;
  }

  /** Ticks are counted otherwise from now on: by so many more. */
  shift(ticks: number): void {
    this.turnedTick += ticks;
  }

  /** The shape that counts at a tick. */
  at(tick: Tick): number {
    if (this.wish !== this.shape && tick - this.turnedTick >= this.restTicks) {
      this.shape = this.wish;
      this.turnedTick = tick;
    }
    return this.shape;
  }
}
