/**
 * The render clock: the tick that others are drawn at, behind the newest frame by a delay that follows the measured
 * jitter: up at once when frames come late, down within ten seconds.
 */
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const MAX_SLEW = 0.1;
const SNAP_MS = 500;
const SETTLE_SECONDS = 0.5;
const SMOOTHING = 0.08;
const JITTER_FACTOR = 4;
const WORST_KEPT_PER_SECOND = 0.75;
const MAX_DELAY_MS = 500;

export class RenderClock {
  /** Time for which there was nothing new to draw, and all time, in milliseconds. */
  starvedMs = 0;
  elapsedMs = 0;
  private readonly tickMs: number;
  private readonly frameMs: number;
  private position: number | undefined;
  private newestTick: Tick = 0;
  /** Smoothed time of arrival less the frame's tick, in milliseconds. */
  private offsetMs: number | undefined;
  private jitterMs = 4;
  private worstMs = 0;

  constructor(tickRate: number, frameRate: number) {
    this.tickMs = 1000 / tickRate;
    this.frameMs = 1000 / frameRate;
  }

  /** The tick to draw at, with its fraction; undefined before the first frame. */
  get tick(): number | undefined {
    return this.position;
  }

  get jitter(): number {
    return this.jitterMs;
  }

  /** From a frame's usual arrival to when it is drawn, in milliseconds. */
  get delayMs(): number {
    return Math.min(MAX_DELAY_MS, this.frameMs + this.tickMs + Math.max(JITTER_FACTOR * this.jitterMs, this.worstMs));
  }

  hear(tick: Tick, nowMs: number): void {
    this.newestTick = Math.max(this.newestTick, tick);
    const offset = nowMs - tick * this.tickMs;
    if (this.offsetMs === undefined || Math.abs(offset - this.offsetMs) > SNAP_MS) this.restart(offset, nowMs);
    const late = offset - this.offsetMs!;
    this.jitterMs += (Math.abs(late) - this.jitterMs) * SMOOTHING;
    this.worstMs = Math.max(this.worstMs, late);
    this.offsetMs = this.offsetMs! + late * SMOOTHING;
  }

  private restart(offsetMs: number, nowMs: number): void {
    this.offsetMs = offsetMs;
    this.position = this.wanted(nowMs);
  }

  advance(elapsedMs: number, nowMs: number): void {
    if (this.position === undefined) return;
    this.worstMs *= WORST_KEPT_PER_SECOND ** (elapsedMs / 1000);
    const behindMs = (this.wanted(nowMs) - this.position) * this.tickMs - elapsedMs;
    const slew = clamp(behindMs / (SETTLE_SECONDS * 1000), -MAX_SLEW, MAX_SLEW);
    if (Math.abs(behindMs) > SNAP_MS) this.position = this.wanted(nowMs);
    else this.position += (elapsedMs / this.tickMs) * (1 + slew);
    this.elapsedMs += elapsedMs;
    if (this.position > this.newestTick)
      this.starvedMs += Math.min(elapsedMs, (this.position - this.newestTick) * this.tickMs);
  }

  private wanted(nowMs: number): number {
    return (nowMs - this.offsetMs! - this.delayMs) / this.tickMs;
  }
}
