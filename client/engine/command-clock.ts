/**
 * The command clock: which tick the player's next command is for. It runs ahead of the server by the way there and a
 * margin, so that a command arrives just before its tick; every frame tells how early the least timely one came.
 *
 * How far ahead is a bargain: a longer lead makes fewer commands late, and shows contact with others later. The clock
 * keeps how long commands of the last seconds were on their way, and takes the lead for which its own length and the
 * price of what would have come late are least together. So a steady network gets a short lead, one that strays gets a
 * longer one, and a rare stall is let go. It is slewed by a few per cent, and set anew only when it is far off.
 */
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const MAX_SLEW = 0.08;
/**
 * When the usual command of the last half second was later than this, slewing would take too long; further ahead than
 * that the server takes none: then the clock is set anew.
 */
const MAX_LATE_TICKS = 5;
const RECENT_SAMPLES = 15;
const LEAST_USUAL_SAMPLES = 4;
const MAX_AHEAD_SECONDS = 0.9;
/** Time in which an error is slewed away. */
const SETTLE_SECONDS = 0.3;
/** What it is worth, in seconds of lead, that no command at all comes late rather than every one. */
const LATE_PRICE_SECONDS = 14;
/** For how long a frame's word is kept. */
const KEPT_MS = 9_000;
/** Fewer than these count as so many, of which the rest was in time: one early stall is not the network's nature. */
const FEW_SAMPLES = 60;
const FEW_SPARED_SAMPLES = 150;
/** At first so many commands are taken to need a round trip more than the others, as a loss on the way would have it. */
const SUSPECTED_LOSSES = 1;
/** Half of one for the way there, and one for a loss; or little more than the way. */
const FEARED_ROUND_TRIPS = 1.5;
const SPARED_ROUND_TRIPS = 1.1;
const SUSPECTED_FOR_MS = 4_000;
/** The first round trip may itself have been held up. */
const MAX_FIRST_RTT_MS = 240;
/** After the clock was set anew, frames tell of the old lead for a round trip, and a little longer. */
const DEAF_MS = 250;
/** Timers' own coarseness, here and on the server. */
const BASE_MARGIN_TICKS = 0.75;
const SMOOTHING = 0.1;
/** A lead of so much more than half of the commands need is for stalls; with less they are over. */
const STALLING_SECONDS = 0.13;
const CALM_SECONDS = 0.07;
/** By how much one lane strays more than the first of several does, at a jitter of 50 ms. */
const BRACED_SECONDS = 0.042;
/** What has not been heard of yet, while little has. */
const UNHEARD_TICKS = 2.5;
/** The first commands are made with the first frame after the seat was taken, which is so much later at most. */
const FIRST_FRAME_TICKS = 1;
const MAX_SLEWED_SECONDS = 0.5;
/** Frames from one reckoning to the next. */
const BARGAIN_EVERY = 3;

/** The least lead with which a frame's least timely command would have been in time; without a time: a suspicion. */
type Sample = { readonly atMs: number | undefined; readonly needed: number };

export class CommandClock {
  /** Whether the lead is long because commands are held up now and then: whoever sends less often is held up less. */
  isStalling = false;
  private readonly tickRate: number;
  /** Ticks that have passed at the server's rate, and how far the clock is ahead of them. */
  private nominal: number;
  private lead: number;
  private slew = 0;
  private margin: number | undefined;
  private deafUntilMs = 0;
  private firstMs: number | undefined;
  private wantedLead: number;
  private heard = 0;
  private samples: Sample[];
  private fewSamples: number;

  /**
   * @param serverTick the server's tick by now, with its fraction
   * @param rttMs the round trip
   * @param hasSpares whether spare lanes are on their way: then a loss is not feared
   */
  constructor(tickRate: number, serverTick: number, rttMs: number, hasSpares = false) {
    const roundTrip = (Math.min(rttMs, MAX_FIRST_RTT_MS) / 1000) * tickRate;
    this.tickRate = tickRate;
    this.nominal = serverTick;
    const spared = roundTrip * SPARED_ROUND_TRIPS;
    const needed = hasSpares ? spared : Math.max(roundTrip * FEARED_ROUND_TRIPS, spared + FIRST_FRAME_TICKS);
    this.lead = this.wantedLead = needed + (hasSpares ? UNHEARD_TICKS : 0) + BASE_MARGIN_TICKS;
    this.fewSamples = hasSpares ? FEW_SPARED_SAMPLES : FEW_SAMPLES;
    this.samples = hasSpares ? [] : new Array(SUSPECTED_LOSSES).fill({ atMs: undefined, needed });
  }

  private get position(): number {
    return this.nominal + this.lead;
  }

  /** The newest tick whose command's time has come. */
  get tick(): number {
    return Math.floor(this.position);
  }

  /** The part of a tick that has passed since, 0 to 1. */
  get fraction(): number {
    return this.position - Math.floor(this.position);
  }

  /** The margin as last heard of, smoothed, in ticks. */
  get heardMargin(): number {
    return this.margin ?? BASE_MARGIN_TICKS;
  }

  /** How much faster than real time the clock runs, such as 0.02. */
  get currentSlew(): number {
    return this.slew;
  }

  advance(elapsedMs: number): void {
    const ticks = (elapsedMs / 1000) * this.tickRate;
    this.nominal += ticks;
    // Who slept hears nothing meanwhile: the clock is not slewed on for all of that time.
    this.lead += Math.min(ticks, this.tickRate * MAX_SLEWED_SECONDS) * this.slew;
  }

  /**
   * Takes what a frame tells.
   * @param margin how many ticks early the least timely command came
   * @param rttMs the round trip: what is told is of commands sent so long ago
   * @returns how long that command was on its way, in ticks after any fixed moment; undefined: it is not known of which lead
   *     the frame tells
   */
  hear(margin: number, nowMs: number, rttMs: number): number | undefined {
    if (nowMs < this.deafUntilMs) return undefined;
    this.firstMs ??= nowMs;
    this.margin = this.margin === undefined ? margin : this.margin + (margin - this.margin) * SMOOTHING;
    const leadWhenSent = this.lead - this.slew * (rttMs / 1000) * this.tickRate;
    const needed = leadWhenSent - margin;
    this.samples.push({ atMs: nowMs, needed });
    while (this.timeOf(this.samples[0]) < nowMs - KEPT_MS) this.samples.shift();
    const { usualNeed } = this;
    const isTooLate = usualNeed - this.lead > MAX_LATE_TICKS;
    // However few have been heard of, the usual one is not let go.
    if (isTooLate || this.heard++ % BARGAIN_EVERY === 0) this.wantedLead = Math.max(this.bargain(), usualNeed);
    const error = this.wantedLead - this.lead;
    if (isTooLate || -error > MAX_AHEAD_SECONDS * this.tickRate) {
      this.lead += error;
      this.slew = 0;
      this.margin = undefined;
      this.deafUntilMs = nowMs + rttMs + DEAF_MS;
    } else this.slew = clamp(error / (this.tickRate * SETTLE_SECONDS), -MAX_SLEW, MAX_SLEW);
    return needed;
  }

  /** What carries the commands is another now: what was heard of it so far, and will be for a round trip, counts no more. */
  forget(nowMs: number, rttMs: number): void {
    this.samples = [];
    this.fewSamples = FEW_SPARED_SAMPLES;
    this.deafUntilMs = nowMs + rttMs + DEAF_MS;
  }

  /** What carries the commands will stray more from now on than what was heard tells: the lead grows before it does. */
  brace(nowMs: number): void {
    this.samples.push({ atMs: nowMs, needed: this.lead + BRACED_SECONDS * this.tickRate });
  }

  /** The server has come to a tick: what is sent for it or an earlier one is late for sure. */
  pass(tick: Tick, nowMs: number, rttMs: number): void {
    const behind = tick + 1 - this.position;
    if (behind <= 0) return;
    this.lead += behind;
    this.wantedLead = Math.max(this.wantedLead, this.lead);
    this.deafUntilMs = nowMs + rttMs + DEAF_MS;
  }

  /** The lead with which half of the last half second's frames would have told of commands in time; of too few, none. */
  private get usualNeed(): number {
    const newest = this.samples.slice(-RECENT_SAMPLES - SUSPECTED_LOSSES);
    const heard = newest.filter(({ atMs }) => atMs !== undefined);
    if (heard.length < LEAST_USUAL_SAMPLES) return Number.NEGATIVE_INFINITY;
    const recent = Float64Array.from(heard.slice(-RECENT_SAMPLES), ({ needed }) => needed).sort();
    return recent[recent.length >> 1];
  }

  private timeOf({ atMs }: Sample): number {
    return atMs ?? this.firstMs! - KEPT_MS + SUSPECTED_FOR_MS;
  }

  private bargain(): number {
    const needed = Float64Array.from(this.samples, (sample) => sample.needed)
      .sort()
      .reverse();
    const pricePerLate = (LATE_PRICE_SECONDS * this.tickRate) / Math.max(this.fewSamples, needed.length);
    let best = 0;
    // With the lead that the one in place `late` needs, as many as stand before it come late.
    for (let late = 1; late < needed.length; late++)
      if (needed[late] + late * pricePerLate < needed[best] + best * pricePerLate) best = late;
    const reserveSeconds = (needed[best] - needed[needed.length >> 1]) / this.tickRate;
    this.isStalling = reserveSeconds > (this.isStalling ? CALM_SECONDS : STALLING_SECONDS);
    const unheard = UNHEARD_TICKS * Math.max(0, 1 - needed.length / FEW_SPARED_SAMPLES);
    return needed[best] + unheard + BASE_MARGIN_TICKS;
  }
}
