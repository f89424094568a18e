/**
 * The sending end of an ordered lane, as Linux's TCP is with Nagle's algorithm off: what fits into the congestion window
 * leaves at once, what waits for it leaves merged. A loss is noticed by what comes through later (rack.ts), by a probe
 * when nothing is heard for two round trips, or by a time-out, and is sent again.
 *
 * Left out: the receiver's window, the limit of three gaps in an acknowledgement, slow start's early end by delay, and
 * telling a needless time-out by what comes after it.
 */
import type { Clock } from "@starwake/server/engine/clock.ts";
import { Alarm } from "./alarm.ts";
import { CubicWindow } from "./cubic-window.ts";
import { Rack } from "./rack.ts";
import { RoundTrips } from "./round-trips.ts";
import { type Ack, type Piece, SEGMENT_BYTES, type Segment } from "./segments.ts";

const PROBE_ROUND_TRIPS = 2;
/** The probe of a single segment waits longer: the receiver may take its time to acknowledge one. */
const SINGLE_PROBE_WAITS_MS = 200;
const PROBE_WAITS_MS = 2;

/** Puts a segment on the path. */
export type Transmit = (pieces: readonly Piece[], bytes: number) => void;

export class LaneSender {
  readonly roundTrips = new RoundTrips();
  segments = 0;
  resends = 0;
  private readonly clock: Clock;
  private readonly transmit: Transmit;
  private readonly window = new CubicWindow();
  private readonly rack = new Rack(this.roundTrips);
  private readonly alarm: Alarm;
  /** Oldest first; what came out of order stays until what is before it has come. */
  private readonly flight: Segment[] = [];
  private handedInBytes = 0;
  private sentBytes = 0;
  private nextNumber = 0;
  private heardArrivals = 0;
  /** While losses are repaired: the segments before this number were sent before the loss was noticed. */
  private repairsUntil: number | undefined;
  private isTimedOut = false;
  private expired = 0;
  /** Resends since the last loss was noticed that have not been needless; when there are none, it was none. */
  private unprovenResends = 0;
  /** Whether what is repaired had really been lost, as far as is known. */
  private wasLoss = true;
  private isProbing = false;
  private isProbeResend = false;
  private probeNumber = 0;
  private findsLostAtMs = Number.POSITIVE_INFINITY;
  private probeFromMs = 0;
  private timeoutFromMs = 0;

  constructor(clock: Clock, transmit: Transmit) {
    this.clock = clock;
    this.transmit = transmit;
    this.alarm = new Alarm(clock, () => this.wake());
  }

  /** @returns the position of the byte behind the message in the stream */
  handIn(bytes: number): number {
    this.handedInBytes += bytes;
    return this.handedInBytes;
  }

  /** Sends what may be sent now. */
  push(): void {
    const before = this.segments;
    while (this.inFlight < this.window.segments) {
      const lost = this.flight.findIndex(({ isLost, isDelivered }) => isLost && !isDelivered);
      if (lost >= 0) this.resend(lost);
      else if (this.sentBytes < this.handedInBytes) this.sendNew();
      else break;
    }
    const oldestNumber = this.flight[0]?.number ?? this.nextNumber;
    const { inFlight } = this;
    if (this.segments > before || inFlight >= this.window.segments)
      this.window.noteUse(inFlight, this.flight.length, oldestNumber, this.nextNumber);
    this.setAlarm();
  }

  hear({ arrivals, needlessEnds }: Ack): void {
    const nowMs = this.clock.now();
    if (needlessEnds.length > 0) this.hearNeedless(needlessEnds, nowMs);
    // Acknowledgements overtake each other; a later one has told all that an earlier one could.
    if (arrivals > this.heardArrivals) {
      this.heardArrivals = arrivals;
      const delivered = this.noteDelivered(nowMs);
      const isMoving = this.dropDelivered(nowMs);
      this.probeFromMs = nowMs;
      this.judge(delivered, isMoving, nowMs);
    }
    this.push();
  }

  close(): void {
    this.flight.length = 0;
    this.sentBytes = this.handedInBytes;
    this.alarm.setAt(Number.POSITIVE_INFINITY);
  }

  private get inFlight(): number {
    let count = 0;
    for (const { isLost, isDelivered } of this.flight) if (!isLost && !isDelivered) count++;
    return count;
  }

  private sendNew(): void {
    const bytes = Math.min(SEGMENT_BYTES, this.handedInBytes - this.sentBytes);
    const piece = { startByte: this.sentBytes, endByte: this.sentBytes + bytes, arrival: undefined };
    this.sentBytes += bytes;
    const number = this.nextNumber++;
    const fresh = { number, pieces: [piece], bytes, timesSent: 0, isLost: false, isDelivered: false };
    const segment = { ...fresh, sentMs: 0, sendOrder: 0 };
    this.flight.push(segment);
    this.put(segment);
    this.probeFromMs = this.clock.now();
  }

  private resend(index: number): void {
    const segment = this.flight[index];
    this.mergeFollowing(segment, index);
    this.resends++;
    this.unprovenResends++;
    this.put(segment);
  }

  /** What follows and has not come either travels along where there is room. */
  private mergeFollowing(segment: Segment, index: number): void {
    const { flight } = this;
    for (let next = flight[index + 1]; next !== undefined; next = flight[index + 1]) {
      if (next.isDelivered || segment.bytes + next.bytes > SEGMENT_BYTES) return;
      segment.pieces.push(...next.pieces);
      segment.bytes += next.bytes;
      segment.timesSent = Math.max(segment.timesSent, next.timesSent);
      flight.splice(index + 1, 1);
    }
  }

  private sendOrders = 0;

  private put(segment: Segment): void {
    segment.sentMs = this.clock.now();
    segment.sendOrder = this.sendOrders++;
    segment.timesSent++;
    segment.isLost = false;
    this.segments++;
    this.window.noteSent();
    this.transmit([...segment.pieces], segment.bytes);
  }

  private noteDelivered(nowMs: number): number {
    let [delivered, isLate] = [0, false];
    for (const segment of this.flight) {
      if (segment.isDelivered || !segment.pieces.every((piece) => this.isHeard(piece))) continue;
      segment.isDelivered = true;
      delivered++;
      if (segment.timesSent === 1) {
        this.roundTrips.add(nowMs - segment.sentMs);
        if (this.isTimedOut && segment.number < this.repairsUntil!) isLate = true;
      }
      this.rack.noteDelivered(segment, nowMs);
    }
    // What was taken for lost and not sent again came: the time-out was needless.
    if (isLate) this.undo();
    return delivered;
  }

  private isHeard({ arrival }: Piece): boolean {
    return arrival !== undefined && arrival <= this.heardArrivals;
  }

  /** @returns whether the oldest has come */
  private dropDelivered(nowMs: number): boolean {
    const { flight } = this;
    const isMoving = flight.length > 0 && flight[0].isDelivered;
    while (flight.length > 0 && flight[0].isDelivered) flight.shift();
    if (!isMoving) return false;
    this.expired = 0;
    if (!this.isCalm) this.timeoutFromMs = nowMs;
    if (this.isProbing && (flight[0]?.number ?? this.nextNumber) > this.probeNumber) this.endProbe();
    return true;
  }

  /** What is behind the probe has come, and the probe was not needless: something was lost. */
  private endProbe(): void {
    this.isProbing = false;
    if (!this.isProbeResend) return;
    this.window.reduce();
    this.window.endRepair();
  }

  private judge(delivered: number, isMoving: boolean, nowMs: number): void {
    const isEnded = this.repairsUntil !== undefined && (this.flight[0]?.number ?? this.nextNumber) >= this.repairsUntil;
    if (isEnded) this.endRepair();
    const marked = this.findLost(nowMs);
    if (marked > 0 && this.repairsUntil === undefined) this.beginRepair();
    if (this.repairsUntil === undefined || this.isTimedOut) this.window.grow(delivered, nowMs, this.roundTrips.leastMs);
    else this.window.steer(delivered, this.inFlight, isMoving && marked === 0);
  }

  private findLost(nowMs: number): number {
    const { marked, nextMs } = this.rack.findLost(this.flight, nowMs, this.repairsUntil !== undefined);
    this.findsLostAtMs = nextMs;
    return marked;
  }

  private beginRepair(): void {
    this.repairsUntil = this.nextNumber;
    this.unprovenResends = 0;
    this.wasLoss = true;
    this.window.reduce();
  }

  private endRepair(): void {
    this.repairsUntil = undefined;
    this.isTimedOut = false;
    if (this.wasLoss) this.rack.noteRepair();
    this.window.endRepair();
  }

  private hearNeedless(needlessEnds: readonly number[], nowMs: number): void {
    this.rack.noteNeedless(nowMs);
    this.isProbing = false;
    if (this.unprovenResends === 0) return;
    // Of what was not known to have come it may be the answer to either sending.
    const oldestByte = this.flight[0]?.pieces[0].startByte ?? this.sentBytes;
    const proven = needlessEnds.filter((endByte) => endByte <= oldestByte).length;
    this.unprovenResends = Math.max(0, this.unprovenResends - proven);
    if (this.unprovenResends === 0) this.undo();
  }

  /** There was no loss after all. */
  private undo(): void {
    this.wasLoss = false;
    this.window.undo();
  }

  /** Whether nothing is missing, as far as is known. */
  private get isCalm(): boolean {
    return this.repairsUntil === undefined && !this.flight.some(({ isDelivered }) => isDelivered);
  }

  private get timeoutAtMs(): number {
    return Math.max(this.flight[0].sentMs, this.timeoutFromMs) + this.roundTrips.timeoutMs(this.expired);
  }

  private get probeAtMs(): number {
    if (this.isProbing || !this.isCalm) return Number.POSITIVE_INFINITY;
    const { smoothedMs } = this.roundTrips;
    const waitsMs = this.flight.length === 1 ? SINGLE_PROBE_WAITS_MS : PROBE_WAITS_MS;
    return this.probeFromMs + (smoothedMs === undefined ? 1000 : smoothedMs * PROBE_ROUND_TRIPS + waitsMs);
  }

  private setAlarm(): void {
    if (this.flight.length === 0) this.alarm.setAt(Number.POSITIVE_INFINITY);
    else if (this.findsLostAtMs < Number.POSITIVE_INFINITY) this.alarm.setAt(this.findsLostAtMs);
    else this.alarm.setAt(Math.min(this.probeAtMs, this.timeoutAtMs));
  }

  private wake(): void {
    const nowMs = this.clock.now();
    if (this.flight.length === 0) return;
    if (this.findsLostAtMs <= nowMs) {
      if (this.findLost(nowMs) > 0 && this.repairsUntil === undefined) this.beginRepair();
      if (!this.isTimedOut) this.window.steer(1, this.inFlight, false);
    } else if (!this.isProbing && this.isCalm) this.probe(nowMs);
    else this.timeOut(nowMs);
    this.push();
  }

  /** Something more is sent, so that what comes back tells whether something is missing. */
  private probe(nowMs: number): void {
    this.isProbing = true;
    this.timeoutFromMs = nowMs;
    this.isProbeResend = this.sentBytes === this.handedInBytes;
    if (this.isProbeResend) this.resend(this.flight.length - 1);
    else this.sendNew();
    this.probeNumber = this.nextNumber;
  }

  private timeOut(nowMs: number): void {
    const { flight } = this;
    flight.forEach((segment, index) => {
      if (!segment.isDelivered && (index === 0 || this.rack.isOverdue(segment, nowMs))) segment.isLost = true;
    });
    const isFirst = !this.isTimedOut;
    if (isFirst) this.unprovenResends = 0;
    this.window.collapse(isFirst);
    this.expired++;
    this.isTimedOut = true;
    this.isProbing = false;
    this.repairsUntil = this.nextNumber;
    this.timeoutFromMs = nowMs;
  }
}
