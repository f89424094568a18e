/**
 * The render clock: the tick that others are drawn at, so far behind the newest frame that there is nearly always a
 * newer one to draw towards.
 *
 * How far is a bargain: more delay, and the others are seen later; less, and there is nothing newer to draw more often.
 * The clock keeps when the frames of the last seconds came, and takes the delay for which its own length and the price
 * of the time that would have been starved are least together. Up it goes as soon as frames come late, down as they
 * leave the window.
 */
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const MAX_SLEW = 0.1;
const SNAP_MS = 300;
const SETTLE_SECONDS = 0.25;
const KEPT_MS = 9_000;
/** What it is worth, in milliseconds of delay, that there is always something newer to draw rather than never. */
const STARVED_PRICE_MS = 2_950;
/** What has come late time and again within the last second is a new state of things: the same bargain at once. */
const SHORT_MS = 1_000;
const SHORT_PRICE_MS = 500;
const HASTE = 0.25;
/** At first so many frames are taken to be held up by a round trip, as a loss on the way would have it. */
const SUSPECTED_LOSSES = 1;
const SUSPECTED_FOR_MS = 4_000;
/** The first round trip may itself have been held up. */
const MAX_FIRST_RTT_MS = 300;
/** Delays are tried in steps of so much. */
const STEP_MS = 4;
const MAX_DELAY_MS = 500;
/** Costs that differ by less are the same, and the longer lag is kept: with two gaps in the last second, whole ranges cost alike. */
const SAME_COST_MS = 0.001;
/** Part of the way to the best bargain that each frame goes: the window is short, and one stall is not yet a rule. */
const STEADYING = 0.05;
/** Frames from one reckoning over the whole window to the next. */
const BARGAIN_EVERY = 3;
/** Timers' own coarseness. */
const BASE_MARGIN_MS = 3;
const SMOOTHING = 0.08;

/** Between two frames: from when the earlier one came, and until when it had to last; both less its tick's time. */
type Gap = { readonly atMs: number; readonly fromMs: number; readonly untilMs: number };

export class RenderClock {
  /** Time for which there was nothing new to draw, and all time, in milliseconds. */
  starvedMs = 0;
  elapsedMs = 0;
  private readonly tickMs: number;
  private readonly rttMs: number;
  private position: number | undefined;
  private newestTick: Tick = 0;
  private newestMs = 0;
  private beginMs = 0;
  /** The time at which a tick is drawn, less the tick's own time. */
  private lagMs = 0;
  private readonly gaps: Gap[] = [];
  private wantedLagMs = 0;
  private heard = 0;
  /** Smoothed time of arrival less the tick's, and how far it strays. */
  private arrivalMs: number | undefined;
  private jitterMs = 0;

  /** @param rttMs the round trip at the beginning */
  constructor(tickRate: number, rttMs: number) {
    this.tickMs = 1000 / tickRate;
    this.rttMs = rttMs;
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
    return this.lagMs - (this.arrivalMs ?? this.lagMs);
  }

  hear(tick: Tick, nowMs: number): void {
    const arrivalMs = nowMs - tick * this.tickMs;
    if (this.arrivalMs === undefined) this.begin(tick, nowMs);
    this.jitterMs += (Math.abs(arrivalMs - this.arrivalMs!) - this.jitterMs) * SMOOTHING;
    this.arrivalMs! += (arrivalMs - this.arrivalMs!) * SMOOTHING;
    if (tick <= this.newestTick) return;
    const base = this.newestTick * this.tickMs;
    this.gaps.push({ atMs: nowMs, fromMs: this.newestMs - base, untilMs: nowMs - base });
    while (this.gaps[0].atMs < nowMs - KEPT_MS) this.gaps.shift();
    this.newestTick = tick;
    this.newestMs = nowMs;
    if (this.heard++ % BARGAIN_EVERY === 0) this.wantedLagMs = this.bargain(nowMs - KEPT_MS, nowMs, STARVED_PRICE_MS);
    const atOnceMs = this.bargain(nowMs - SHORT_MS, nowMs, SHORT_PRICE_MS);
    if (atOnceMs > Math.max(this.wantedLagMs, this.lagMs)) this.lagMs += (atOnceMs - this.lagMs) * HASTE;
    else this.lagMs += (this.wantedLagMs - this.lagMs) * STEADYING;
  }

  private begin(tick: Tick, nowMs: number): void {
    this.arrivalMs = nowMs - tick * this.tickMs;
    this.newestTick = tick;
    this.newestMs = this.beginMs = nowMs;
    this.lagMs = this.arrivalMs + 3 * this.tickMs + Math.min(this.rttMs, MAX_FIRST_RTT_MS);
    const suspected = { atMs: nowMs - KEPT_MS + SUSPECTED_FOR_MS, fromMs: this.arrivalMs, untilMs: this.lagMs };
    this.gaps.push(...new Array<Gap>(SUSPECTED_LOSSES).fill(suspected));
    this.position = this.wanted(nowMs);
  }

  /**
   * The lag that is the best bargain for the gaps since a time.
   * @param priceMs what it is worth that there is always something newer to draw rather than never
   */
  private bargain(sinceMs: number, nowMs: number, priceMs: number): number {
    const gaps = this.gapsSince(sinceMs);
    const spanMs = Math.max(SHORT_MS, nowMs - Math.max(gaps[0].atMs, this.beginMs));
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { fromMs, untilMs } of gaps) {
      least = Math.min(least, fromMs);
      most = Math.max(most, untilMs);
    }
    const longest = Math.min(most, this.arrivalMs! + MAX_DELAY_MS);
    let best = most;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const [step, starvedMs] of starvedWithEach(gaps, longest, least).entries()) {
      const lag = longest - step * STEP_MS;
      const cost = lag + (starvedMs / spanMs) * priceMs;
      if (cost > bestCost - SAME_COST_MS) continue;
      best = lag;
      bestCost = cost;
    }
    return best + BASE_MARGIN_MS;
  }

  /** The newest of them, which are in order. */
  private gapsSince(sinceMs: number): Gap[] {
    let first = this.gaps.length - 1;
    while (first > 0 && this.gaps[first - 1].atMs >= sinceMs) first--;
    return this.gaps.slice(first);
  }

  advance(elapsedMs: number, nowMs: number): void {
    if (this.position === undefined) return;
    const behindMs = (this.wanted(nowMs) - this.position) * this.tickMs - elapsedMs;
    const slew = clamp(behindMs / (SETTLE_SECONDS * 1000), -MAX_SLEW, MAX_SLEW);
    if (Math.abs(behindMs) > SNAP_MS) this.position = this.wanted(nowMs);
    else this.position += (elapsedMs / this.tickMs) * (1 + slew);
    this.elapsedMs += elapsedMs;
    if (this.position > this.newestTick)
      this.starvedMs += Math.min(elapsedMs, (this.position - this.newestTick) * this.tickMs);
  }

  private wanted(nowMs: number): number {
    return (nowMs - this.lagMs) / this.tickMs;
  }
}

/**
 * The time for which there would have been nothing new to draw, for each lag from the longest down to the least, in steps.
 *
 * A gap starves nobody whose lag reaches to its end, then the more the shorter the lag is, and no more once the lag begins
 * before it: two bends, which are summed up over the steps, so that a gap costs as much however many lags there are.
 */
function starvedWithEach(gaps: readonly Gap[], longestMs: number, leastMs: number): Float64Array {
  const steps = Math.max(0, Math.floor((longestMs - leastMs) / STEP_MS) + 1);
  // At each step: how many gaps begin to grow there, less those that end, and what these two add at once.
  const growing = new Float64Array(steps + 1);
  const settled = new Float64Array(steps + 1);
  for (const { fromMs, untilMs } of gaps) {
    if (untilMs <= fromMs) continue;
    // The first lag that is shorter than the gap's end, and the first that reaches its beginning or less.
    const bent = Math.min(steps, Math.max(0, Math.floor((longestMs - untilMs) / STEP_MS) + 1));
    const flat = Math.min(steps, Math.max(0, Math.ceil((longestMs - fromMs) / STEP_MS)));
    growing[bent]++;
    growing[flat]--;
    settled[bent] += untilMs;
    settled[flat] -= fromMs;
  }
  const starved = new Float64Array(steps);
  let [count, sum] = [0, 0];
  for (let step = 0; step < steps; step++) {
    count += growing[step];
    sum += settled[step];
    starved[step] = sum - count * (longestMs - step * STEP_MS);
  }
  return starved;
}
