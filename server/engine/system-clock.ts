/**
 * The process's clock. Node rings what is due when its loop comes round to it, after all packets that had come by then:
 * with thousands of players that is milliseconds, and when the machine is slow for a moment the loop takes ever more packets
 * at once. So whoever takes packets says so after each, and what is due then need not wait for the others.
 *
 * Packets do not starve: what is set again while it rings between them waits until those that have come by now are taken.
 */
import type { Clock } from "./clock.ts";

type Alarm = {
  readonly dueMs: number;
  readonly ring: () => void;
  /** The round in which it was set between packets; else NO_ROUND. */
  readonly round: number;
};

const NO_ROUND = -1;

export class SystemClock implements Clock {
  /** The next one last. */
  private readonly alarms: Alarm[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** When the timer is to fire; infinite: there is none. */
  private timerMs = Number.POSITIVE_INFINITY;
  /** Ends with the packets that had come when something rang between them. */
  private round = 0;
  private isRoundOpen = false;
  private isBetweenPackets = false;

  private readonly failed: (error: unknown) => void;

  /** @param failed is told what an alarm threw: it keeps no other from ringing, and does not reach whoever let it ring */
  constructor(failed: (error: unknown) => void) {
    this.failed = failed;
  }

  readonly now = (): number => performance.now();

  after(delayMs: number, callback: () => void): () => void {
    const round = this.isBetweenPackets ? this.round : NO_ROUND;
    const alarm = { dueMs: this.now() + delayMs, ring: callback, round };
    this.alarms.splice(this.placeFor(alarm.dueMs), 0, alarm);
    this.setTimer();
    return () => void this.takeOut(alarm);
  }

  /** To be called after each packet. */
  ringDue(): void {
    const next = this.alarms.at(-1);
    if (next === undefined || next.dueMs > this.now()) return;
    this.isBetweenPackets = true;
    try {
      this.openRound();
      this.ringAll(({ round }) => round !== this.round);
    } finally {
      this.isBetweenPackets = false;
    }
  }

  /** Node's immediates come when all packets are taken that it knew of. */
  private openRound(): void {
    if (this.isRoundOpen) return;
    this.isRoundOpen = true;
    setImmediate(() => {
      this.isRoundOpen = false;
      this.round++;
    });
  }

  /** Rings what is due by now, once, and may ring: the earliest first. */
  private ringAll(mayRing: (alarm: Alarm) => boolean): void {
    const nowMs = this.now();
    const due = this.alarms.slice(this.placeFor(nowMs)).filter(mayRing);
    for (const alarm of due.reverse()) if (this.takeOut(alarm)) this.ring(alarm);
  }

  private ring(alarm: Alarm): void {
    try {
      alarm.ring();
    } catch (error) {
      this.failed(error);
    }
  }

  /** @returns whether it had not rung, or been taken out, before */
  private takeOut(alarm: Alarm): boolean {
    const place = this.alarms.indexOf(alarm, this.placeFor(alarm.dueMs));
    if (place >= 0) this.alarms.splice(place, 1);
    return place >= 0;
  }

  /** Before all that is due by then; of what is due at once, what was set first rings first. */
  private placeFor(dueMs: number): number {
    let low = 0;
    let high = this.alarms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.alarms[middle].dueMs > dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private setTimer(): void {
    const next = this.alarms.at(-1);
    if (next === undefined || next.dueMs >= this.timerMs) return;
    clearTimeout(this.timer);
    this.timerMs = next.dueMs;
    this.timer = setTimeout(this.fire, Math.max(0, next.dueMs - this.now()));
  }

  /** Whatever happens, the next timer is set: a clock that stands still stops every room. */
  private readonly fire = (): void => {
    try {
      this.ringAll(() => true);
    } finally {
      this.timerMs = Number.POSITIVE_INFINITY;
      this.setTimer();
    }
  };
}
