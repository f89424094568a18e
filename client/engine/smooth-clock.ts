/**
 * A smooth clock: the time of frames, also where the browser tells the time in steps of up to 100 ms, as those do that
 * guard against being recognised. There a frame is as long as frames are in the mean, and the clock drifts towards what
 * the browser says; a fine clock is taken as it is.
 */
import { clamp } from "@starwake/shared/engine/exact-maths.ts";

/** A second at 240 Hz: over less, the mean of what comes in steps is no mean. */
const KEPT_FRAMES = 240;
/** Of the frames that are kept, so many at the same moment as the one before: no fine clock has those. */
const COARSE_FRAMES = 4;
/** Part of what the clock is off by that each frame makes good, at most half a frame. */
const DRIFT = 0.05;
/** Farther off than coarseness can be: the page was hidden, or stood still. */
const SNAP_MS = 250;

export class SmoothClock {
  private readonly read: () => number;
  private readonly readMs: number[] = [];
  /** Kept frames at the same moment as the one before them. */
  private stillFrames = 0;
  private shownMs = 0;

  /** @param read the browser's time in milliseconds, which never goes back */
  constructor(read: () => number) {
    this.read = read;
  }

  /** To be called once for each frame, before now(). */
  frame(): number {
    const nowMs = this.read();
    this.keep(nowMs);
    this.shownMs = this.isCoarse ? this.nextMs(nowMs) : nowMs;
    return this.shownMs;
  }

  now(): number {
    return this.isCoarse ? this.shownMs : this.read();
  }

  private keep(nowMs: number): void {
    const { readMs } = this;
    if (nowMs === readMs.at(-1)) this.stillFrames++;
    readMs.push(nowMs);
    if (readMs.length <= KEPT_FRAMES) return;
    if (readMs.shift() === readMs[0]) this.stillFrames--;
  }

  private get isCoarse(): boolean {
    return this.stillFrames >= COARSE_FRAMES;
  }

  private nextMs(nowMs: number): number {
    const { readMs, shownMs } = this;
    const frameMs = (nowMs - readMs[0]) / (readMs.length - 1);
    const offMs = nowMs - (shownMs + frameMs);
    if (Math.abs(offMs) > SNAP_MS) return Math.max(shownMs, nowMs);
    return shownMs + frameMs + clamp(offMs * DRIFT, -frameMs / 2, frameMs / 2);
  }
}
