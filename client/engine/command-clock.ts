/**
 * The command clock: which tick the player's next command is for. It runs ahead of the server by half the round trip
 * and a margin, so that a command arrives just before its tick; every frame tells how early the least timely one came.
 * It is slewed by a few per cent, and set anew only when it is far off.
 *
 * The margin follows Lightyear's rule (a tick and four times the jitter), with the worst of the last seconds besides.
 */
import { clamp } from "@starwake/shared/engine/exact-maths.ts";

const MAX_SLEW = 0.08;
const SNAP_TICKS = 10;
/** Time in which an error is slewed away; several round trips, or the clock would swing. */
const SETTLE_SECONDS = 0.6;
const JITTER_FACTOR = 4;
const SMOOTHING = 0.1;
/** Part of the worst lateness that is still remembered after a second. */
const WORST_KEPT_PER_SECOND = 0.8;
const BASE_MARGIN_TICKS = 0.75;
/** Below this the timers' own coarseness is all that there is. */
const LEAST_SPREAD_TICKS = 0.25;

export class CommandClock {
  private readonly tickRate: number;
  private position: number;
  private margin: number | undefined;
  private jitter = 0.25;
  private worst = 0;
  private slew = 0;
  /** While the effect of a new setting is still on its way, frames tell of the old one. */
  private deafUntilMs = 0;

  /** `position`: the tick, with its fraction, that a command sent now would be for. */
  constructor(tickRate: number, position: number) {
    this.tickRate = tickRate;
    this.position = position;
  }

  /** The newest tick whose command's time has come. */
  get tick(): number {
    return Math.floor(this.position);
  }

  /** The part of a tick that has passed since, 0 to 1. */
  get fraction(): number {
    return this.position - Math.floor(this.position);
  }

  /** The margin that is aimed at, in ticks. */
  get target(): number {
    return BASE_MARGIN_TICKS + Math.max(LEAST_SPREAD_TICKS, this.jitter * JITTER_FACTOR, this.worst);
  }

  /** The margin as last heard of, smoothed, in ticks. */
  get heardMargin(): number {
    return this.margin ?? this.target;
  }

  /** How much faster than real time the clock runs, such as 0.02. */
  get currentSlew(): number {
    return this.slew;
  }

  advance(elapsedMs: number): void {
    this.position += (elapsedMs / 1000) * this.tickRate * (1 + this.slew);
    this.worst *= WORST_KEPT_PER_SECOND ** (elapsedMs / 1000);
  }

  /**
   * Takes what a frame tells.
   * @param margin how many ticks early the least timely command came
   */
  hear(margin: number, nowMs: number, rttMs: number): void {
    if (nowMs < this.deafUntilMs) return;
    const expected = this.margin ?? margin;
    this.jitter += (Math.abs(margin - expected) - this.jitter) * SMOOTHING;
    this.worst = Math.max(this.worst, Math.min(SNAP_TICKS, expected - margin));
    this.margin = expected + (margin - expected) * SMOOTHING;
    const error = this.margin - this.target;
    if (Math.abs(error) > SNAP_TICKS) this.snap(error, nowMs, rttMs);
    else this.slew = clamp(-error / (this.tickRate * SETTLE_SECONDS), -MAX_SLEW, MAX_SLEW);
  }

  private snap(error: number, nowMs: number, rttMs: number): void {
    this.position -= error;
    this.margin = undefined;
    this.slew = 0;
    this.deafUntilMs = nowMs + rttMs + 2 * (1000 / this.tickRate);
  }
}
