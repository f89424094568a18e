/**
 * Loop use: which part of the time the event loop is at work. A process that is stopped, or waits, is late without having much to
 * do; one that is at work nearly all the time has no time left.
 */
import { performance } from "node:perf_hooks";

/** Shorter times say little: a tick of a room takes some milliseconds by itself. */
const LEAST_MS = 500;

export class LoopUse {
  private before = performance.eventLoopUtilization();
  private beforeMs = Number.NEGATIVE_INFINITY;
  private part = 0;

  /** Since it was asked last, or the time before when that was just now: from 0 to 1. */
  lately(nowMs: number): number {
    if (nowMs - this.beforeMs < LEAST_MS) return this.part;
    const now = performance.eventLoopUtilization();
    this.part = performance.eventLoopUtilization(now, this.before).utilization;
    this.before = now;
    this.beforeMs = nowMs;
    return this.part;
  }
}
