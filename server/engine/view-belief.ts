/**
 * View belief: how much of a player's word on what they see is believed. By that word shots are judged, so it is worth
 * something to a cheat to seem to see the others later than it does.
 *
 * - No further back than the round trips of the last ten seconds and the usual interpolation explain: an honest picture
 *   lies between the newest frame and a little before the oldest that a newest frame gets.
 * - One tick on for each tick, give or take what honest clocks are slewed by; it leaps back once in a while, as an honest
 *   one does after a stall. Nobody is judged by an older past than they say that they saw.
 *
 * A bad network cannot be told from a client that answers late on purpose and acts on what it has received all the same:
 * nothing that such a client sends differs from what an honest one sends over that network. `npm run cheats` shows what
 * that is worth (old-ack, ten-seconds, jittered, stalls).
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { NO_LOOK } from "./command-queue.ts";
import { RoundTrips } from "./round-trips.ts";

/**
 * Honest looks are older than the oldest newest frame by two ticks at most, for the time from a picture to the commands
 * that it brings about and for rounding: measured in the laboratory over 20 to 150 ms with and without jitter.
 */
const MARGIN_TICKS = 2.25;
/** What a client draws later by for jitter and stalls: no more is believed. With less, honest looks are cut at 150 ± 50 ms. */
const MOST_STRAY_SECONDS = 0.12;
/** At first a client draws later by a round trip, until it has seen for a while that nothing is lost on the way. */
const WARM_UP_SECONDS = 6;
const MOST_FEAR_SECONDS = 0.3;
const FEAR_MARGIN_TICKS = 1;
/** Whoever comes back sooner is not given that time again. */
const WARM_UP_AGAIN_SECONDS = 60;
/** The most that the render clock (10 %) and the command clock (8 %) move against each other in a tick. */
const SLEW = 0.2;
/**
 * Ticks of one rendered frame are all looked at alike: a page that is drawn 20 times a second has three of them, of which the
 * last is two ticks older than the first, and one more by rounding.
 */
const TICKS_OF_A_PICTURE = 3;
const LEAP_SECONDS = 2;
/** Commands that come within less than this, in ticks, are of one picture. */
const TOGETHER = 0.5;
/**
 * A page that is drawn less often than its room ticks sees for longer what it shows. Anybody can send like one: with three
 * ticks a packet an aimbot gained 7 points of its hits, so that pages with 20 pictures a second are believed a tick less.
 */
const MOST_TICKS_OF_A_PICTURE = 2;
const SMOOTHING = 0.05;

export class ViewBelief {
  private trips = new RoundTrips();
  private readonly tickRate: number;
  private warmUntil: Tick = 0;
  private coldUntil: Tick = 0;
  private nextLeap: Tick = 0;
  /** By how many ticks the view is behind, at the least of what was said lately; NaN: not known yet. */
  private lag = Number.NaN;
  /** When the newest picture's commands began to come, how many have, and how many usually do. */
  private pictureBegin = Number.NEGATIVE_INFINITY;
  private pictureTicks = 1;
  private usualPictureTicks = 1;

  constructor(tickRate: number) {
    this.tickRate = tickRate;
  }

  /** A connection has taken the seat: its client knows nothing yet. What was measured of the player stays. */
  begin(now: Tick): void {
    this.lag = Number.NaN;
    if (now < this.coldUntil) return;
    this.warmUntil = now + WARM_UP_SECONDS * this.tickRate;
    this.coldUntil = now + WARM_UP_AGAIN_SECONDS * this.tickRate;
  }

  /** Ticks are counted otherwise from now on: by so many more. */
  shift(ticks: number): void {
    this.warmUntil += ticks;
    this.coldUntil += ticks;
    this.nextLeap += ticks;
    this.pictureBegin = Number.NEGATIVE_INFINITY;
    // The same room, but for rounding, or another one: over what network its player comes there is measured anew.
    if (Math.abs(ticks) > this.tickRate) this.trips = new RoundTrips();
  }

  /** Takes how old the frame was that a packet acknowledged, when it came. */
  noteAge(ms: number, now: Tick): void {
    this.trips.note((ms / 1000) * this.tickRate, Math.floor(now / this.tickRate));
  }

  /**
   * Takes when a packet came, and for how many ticks.
   * @param arrival in ticks
   */
  noteCommands(arrival: number, count: number): void {
    if (arrival - this.pictureBegin < TOGETHER) {
      this.pictureTicks += count;
      return;
    }
    const ticks = Math.min(MOST_TICKS_OF_A_PICTURE, this.pictureTicks);
    this.usualPictureTicks += (ticks - this.usualPictureTicks) * SMOOTHING;
    this.pictureBegin = arrival;
    this.pictureTicks = count;
  }

  /**
   * The oldest tick that a player can see of whom a packet comes.
   * @param arrival when it comes, in ticks
   */
  oldestLook(arrival: number): Tick {
    const { trips, tickRate } = this;
    const usual = Math.min(trips.usualMost, trips.least + MOST_STRAY_SECONDS * tickRate);
    const isWarming = arrival < this.warmUntil;
    const fear = isWarming ? Math.min(trips.least, MOST_FEAR_SECONDS * tickRate) + FEAR_MARGIN_TICKS : 0;
    const picture = Math.round(this.usualPictureTicks) - 1;
    return Math.ceil(arrival - usual - fear - picture - MARGIN_TICKS);
  }

  /** The tick that a player sees the others at when a tick takes their command, who says that it is `look`. */
  follow(tick: Tick, look: number): number {
    if (Number.isNaN(look)) return NO_LOOK;
    const said = tick - look;
    if (Number.isNaN(this.lag)) this.lag = said;
    const isFarBack = said - this.lag > TICKS_OF_A_PICTURE + SLEW;
    if (isFarBack && tick >= this.nextLeap) {
      this.lag = said;
      this.nextLeap = tick + LEAP_SECONDS * this.tickRate;
    } else this.lag = Math.min(said, this.lag + SLEW);
    return tick - Math.round(Math.min(said, this.lag + TICKS_OF_A_PICTURE));
  }
}
