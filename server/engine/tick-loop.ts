/**
 * The tick loop ⑦: turns real time into whole ticks. After an overrun it catches up at most five ticks, then drops the
 * backlog and counts it: a world that runs late for ever is worse than one that lost a moment.
 *
 * Next: server/engine/room.ts, whose tick is the game's step (⑧) and all that follows from it.
 */
import type { Clock } from "./clock.ts";

const MAX_CATCH_UP_TICKS = 5;

export type TickObserver = {
  /** A tick ran: how long after its time it began, and how long it took. */
  ran(latenessMs: number, durationMs: number): void;
  dropped(ticks: number): void;
};

export class TickLoop {
  private readonly clock: Clock;
  private readonly intervalMs: number;
  private readonly run: () => void;
  private readonly observer: TickObserver;
  private readonly failed: (error: unknown) => void;
  /** When the next tick is due. */
  private dueMs: number;
  private cancel: (() => void) | undefined;
  private isRunning = false;

  /**
   * @param run is one tick
   * @param failed is told what a tick, or its observer, threw; the loop has stopped then
   */
  constructor(
    clock: Clock,
    tickRate: number,
    run: () => void,
    observer: TickObserver,
    failed: (error: unknown) => void,
  ) {
    this.clock = clock;
    this.intervalMs = 1000 / tickRate;
    this.run = run;
    this.observer = observer;
    this.failed = failed;
    this.dueMs = clock.now() + this.intervalMs;
  }

  /** @param delayMs until the first tick */
  start(delayMs = this.intervalMs): void {
    this.isRunning = true;
    this.dueMs = this.clock.now() + delayMs;
    this.schedule();
  }

  stop(): void {
    this.isRunning = false;
    this.cancel?.();
  }

  /** Time until the next tick's time, in ticks; negative when it is overdue. */
  ticksUntilNext(): number {
    return (this.dueMs - this.clock.now()) / this.intervalMs;
  }

  private schedule(): void {
    if (this.isRunning) this.cancel = this.clock.after(Math.max(0, this.dueMs - this.clock.now()), () => this.wake());
  }

  private wake(): void {
    try {
      this.runDue();
      this.schedule();
    } catch (error) {
      this.stop();
      this.failed(error);
    }
  }

  private runDue(): void {
    for (let ticks = 0; ticks < MAX_CATCH_UP_TICKS && this.isRunning && this.clock.now() >= this.dueMs; ticks++)
      this.runOne();
    this.dropBacklog();
  }

  private runOne(): void {
    const begin = this.clock.now();
    const lateness = begin - this.dueMs;
    this.dueMs += this.intervalMs;
    this.run();
    this.observer.ran(lateness, this.clock.now() - begin);
  }

  private dropBacklog(): void {
    const backlog = Math.floor((this.clock.now() - this.dueMs) / this.intervalMs);
    if (backlog <= 0) return;
    this.dueMs += backlog * this.intervalMs;
    this.observer.dropped(backlog);
  }
}
