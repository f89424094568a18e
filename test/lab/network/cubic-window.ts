/**
 * The congestion window, in segments whatever their size, as Linux counts: CUBIC (RFC 9438), with proportional rate
 * reduction while a loss is repaired (RFC 6937). It does not grow while it is not used.
 */

const FIRST_SEGMENTS = 10;
const LEAST_SEGMENTS = 2;
const DECREASE = 0.7;
const CUBIC_SCALE = 0.4;
/** Segments that must be acknowledged, for each in the window, until a window as Reno's would be one larger. */
const RENO_ACKS = (1 + DECREASE) / (3 * (1 - DECREASE));
/** The window grows by half in a round trip at most, and by this part of itself where it is as large as it should be. */
const LEAST_ACKS = 2;
const SLOWEST_ACKS = 100;

/** What a reduction took away, to be given back if the loss was none. */
type Before = { readonly segments: number; readonly threshold: number };
type Repair = { readonly before: number; delivered: number; sent: number };

export class CubicWindow {
  segments = FIRST_SEGMENTS;
  private threshold = Number.POSITIVE_INFINITY;
  private before: Before | undefined;
  private repair: Repair | undefined;
  /** The window at the last loss; lower, where it had not been reached again. */
  private most = 0;
  private epochMs: number | undefined;
  private segmentsAtEpoch = FIRST_SEGMENTS;
  private renoSegments = 0;
  private renoAcks = 0;
  private credit = 0;
  private isFull = false;
  private mostInFlight = 0;
  private usageEnds = 0;

  /** Notes after sending how much of the window is in use: what it was within the last round trip counts. */
  noteUse(inFlight: number, unacknowledged: number, oldestNumber: number, nextNumber: number): void {
    const isFull = inFlight >= this.segments;
    const isNewRound = oldestNumber >= this.usageEnds;
    if (!isNewRound && !(isFull && !this.isFull) && !(!this.isFull && unacknowledged > this.mostInFlight)) return;
    this.isFull = isFull;
    this.mostInFlight = unacknowledged;
    this.usageEnds = nextNumber;
  }

  /** So many segments were acknowledged while nothing was being repaired. */
  grow(acknowledged: number, nowMs: number, leastRttMs: number): void {
    const isSlowStart = this.segments < this.threshold;
    if (!(isSlowStart ? this.segments < 2 * this.mostInFlight : this.isFull)) return;
    if (isSlowStart) this.segments = Math.min(this.threshold, this.segments + acknowledged);
    else this.growCubic(acknowledged, nowMs, leastRttMs);
  }

  private growCubic(acknowledged: number, nowMs: number, leastRttMs: number): void {
    if (this.epochMs === undefined) {
      this.epochMs = nowMs;
      this.renoSegments = this.segments;
      this.renoAcks = 0;
      this.most = Math.max(this.most, this.segments);
    }
    const plateauSeconds = Math.cbrt((this.most - this.segmentsAtEpoch) / CUBIC_SCALE);
    const seconds = (nowMs - this.epochMs + leastRttMs) / 1000;
    const target = this.most + CUBIC_SCALE * (seconds - plateauSeconds) ** 3;
    const renoAcks = Math.floor(this.segments * RENO_ACKS);
    this.renoAcks += acknowledged;
    for (; this.renoAcks > renoAcks; this.renoAcks -= renoAcks) this.renoSegments++;
    const missing = Math.max(target, this.renoSegments) - this.segments;
    this.growAfter(missing > 0 ? this.segments / missing : SLOWEST_ACKS * this.segments, acknowledged);
  }

  /** One more after so many acknowledged segments; those that came while growth was slower count, for one at most. */
  private growAfter(acks: number, acknowledged: number): void {
    const needed = Math.max(LEAST_ACKS, acks);
    if (this.credit >= needed) {
      this.credit = 0;
      this.segments++;
    }
    this.credit += acknowledged;
    const more = Math.floor(this.credit / needed);
    this.credit -= more * needed;
    this.segments += more;
  }

  /** A loss was noticed: less from now on, and while it is repaired no more than what comes through. */
  reduce(): void {
    this.cut();
    this.repair = { before: this.before!.segments, delivered: 0, sent: 0 };
  }

  /** Only a time-out told of the loss: from one segment on. */
  collapse(isFirst: boolean): void {
    if (isFirst) this.cut();
    this.repair = undefined;
    this.most = 0;
    this.segments = 1;
  }

  private cut(): void {
    const segments = this.segments;
    this.before = { segments, threshold: this.threshold };
    this.most = segments < this.most ? (segments * (1 + DECREASE)) / 2 : segments;
    this.epochMs = undefined;
    this.credit = 0;
    this.threshold = Math.max(LEAST_SEGMENTS, Math.floor(segments * DECREASE));
    this.segmentsAtEpoch = this.threshold;
  }

  noteSent(): void {
    if (this.repair) this.repair.sent++;
  }

  /** So many segments came through during a repair: as many may follow. */
  steer(delivered: number, inFlight: number, isMoving: boolean): void {
    const { repair } = this;
    if (repair === undefined) return;
    repair.delivered += delivered;
    const room = this.threshold - inFlight;
    const share = Math.ceil((this.threshold * repair.delivered) / repair.before) - repair.sent;
    const conserved = Math.max(repair.delivered - repair.sent, delivered) + (isMoving ? 1 : 0);
    const next = Math.max(room < 0 ? share : Math.min(room, conserved), repair.sent === 0 ? 1 : 0);
    this.segments = Math.max(1, inFlight + Math.max(0, next));
  }

  endRepair(): void {
    if (this.repair !== undefined) this.segments = this.threshold;
    this.repair = undefined;
  }

  /** The loss was none: all as before. */
  undo(): void {
    if (this.before === undefined) return;
    this.segments = Math.max(this.segments, this.before.segments);
    this.threshold = this.before.threshold;
    this.before = undefined;
    this.repair = undefined;
  }
}
