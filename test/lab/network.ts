/**
 * The network model: one direction of one connection, as a lane that hands messages over later.
 *
 * The ordered lane is what TCP makes of a lossy path: nothing is dropped and nothing overtakes, but a loss holds up all
 * that follows until it has been sent again. A loss is noticed as RACK (RFC 8985) does: by the acknowledgement of
 * something sent later, and some patience; or, when nothing follows, by a probe after two round
 * trips. Its figures are checked against those measured on real TCP in test/lab/network.test.ts.
 *
 * The datagram lane drops and reorders, and holds up nothing.
 */
import type { Clock } from "@starwake/server/engine/clock.ts";
import { nextUint32, type Random } from "@starwake/shared/engine/random.ts";
import type { Lane } from "../support/loopback.ts";

/** One direction of a path; it may change while it is in use. */
export type Path = {
  /** From one end to the other, in milliseconds: the middle, and how far it strays from it to either side. */
  delayMs: number;
  jitterMs: number;
  /** Part of the packets that is lost, 0 to 1. */
  loss: number;
  bytesPerSecond: number;
  /** Nothing gets through before this time of the clock. */
  downUntilMs: number;
  /** Whoever is at the other end takes nothing before this time of the clock. */
  unreadUntilMs: number;
};

/** What a lane has seen, for measures and invariants. */
export type LaneFigures = {
  /** Bytes handed in and not handed over yet. */
  waitingBytes: number;
  mostWaitingBytes: number;
  bytes: number;
  losses: number;
};

export type NetworkLane = Lane & { readonly figures: LaneFigures };

/** A symmetric path: half of a round trip each way. */
export function pathOf(rttMs: number, rttJitterMs: number, loss: number): Path {
  return {
    delayMs: rttMs / 2,
    jitterMs: rttJitterMs / 2,
    loss,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    downUntilMs: 0,
    unreadUntilMs: 0,
  };
}

/** What a packet holds besides the message: the headers of WebSocket, TCP and IP. */
const OVERHEAD_BYTES = 46;
const SEGMENT_BYTES = 1448;
/** The part of a round trip for which a sender waits for what may only have been overtaken; fitted to the figures. */
const PATIENCE = 0.15;
const PROBE_ROUND_TRIPS = 2;
const LEAST_RETRY_MS = 200;

type Message = {
  readonly bytes: number;
  readonly deliver: () => void;
  readonly sentMs: number;
  /** When it will have come through; undefined: it was lost, and the sender does not know yet. */
  arrivalMs: number | undefined;
};

export function createOrderedLane(clock: Clock, path: Path, backPath: Path, random: Random): NetworkLane {
  return new OrderedLane(clock, path, backPath, random);
}

class OrderedLane implements NetworkLane {
  readonly figures: LaneFigures = { waitingBytes: 0, mostWaitingBytes: 0, bytes: 0, losses: 0 };
  private readonly clock: Clock;
  private readonly path: Path;
  private readonly backPath: Path;
  private readonly random: Random;
  private readonly queue: Message[] = [];
  private lineFreeMs = 0;
  private alarmMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, path: Path, backPath: Path, random: Random) {
    this.clock = clock;
    this.path = path;
    this.backPath = backPath;
    this.random = random;
  }

  send(bytes: number, deliver: () => void): void {
    const { figures, path, clock } = this;
    const size = bytes + OVERHEAD_BYTES;
    figures.bytes += size;
    figures.waitingBytes += size;
    figures.mostWaitingBytes = Math.max(figures.mostWaitingBytes, figures.waitingBytes);
    const sentMs = Math.max(clock.now(), this.lineFreeMs);
    this.lineFreeMs = sentMs + (size / path.bytesPerSecond) * 1000;
    const message: Message = { bytes: size, deliver, sentMs: this.lineFreeMs, arrivalMs: undefined };
    this.queue.push(message);
    if (this.isLost(bytes)) {
      figures.losses++;
      clock.after(this.roundTripMs * PROBE_ROUND_TRIPS, () => this.resend(message, clock.now()));
    } else this.arrive(message, this.wayMs(message.sentMs));
    this.handOver();
  }

  /** Something came through: what was lost before it is noticed to be missing. */
  private arrive(message: Message, arrivalMs: number): void {
    message.arrivalMs = arrivalMs;
    const noticedMs = arrivalMs + drawn(this.random, this.backPath) + this.roundTripMs * PATIENCE;
    for (const earlier of this.queue) {
      if (earlier === message) return;
      if (earlier.arrivalMs === undefined) this.resend(earlier, noticedMs);
    }
  }

  private resend(message: Message, fromMs: number): void {
    if (message.arrivalMs !== undefined) return;
    let sentMs = fromMs;
    while (this.isLost(message.bytes)) sentMs += this.roundTripMs * (1 + PATIENCE);
    message.arrivalMs = this.wayMs(sentMs);
    this.handOver();
  }

  /** When what is sent at `sentMs` arrives; over a path that is down, after a retry at doubling intervals. */
  private wayMs(sentMs: number): number {
    const { downUntilMs } = this.path;
    let retryMs = Math.max(LEAST_RETRY_MS, this.roundTripMs * 2);
    let leavesMs = sentMs;
    while (leavesMs < downUntilMs) {
      leavesMs += retryMs;
      retryMs *= 2;
    }
    return leavesMs + drawn(this.random, this.path);
  }

  private isLost(bytes: number): boolean {
    const { loss } = this.path;
    for (let sent = 0; sent < bytes || sent === 0; sent += SEGMENT_BYTES) if (chance(this.random) < loss) return true;
    return false;
  }

  private get roundTripMs(): number {
    return this.path.delayMs + this.backPath.delayMs;
  }

  /** Hands over, in order, all that has come through by now. */
  private handOver(): void {
    const { queue, figures, clock } = this;
    for (let message = queue[0]; message?.arrivalMs !== undefined; message = queue[0]) {
      const dueMs = Math.max(message.arrivalMs, this.path.unreadUntilMs);
      if (dueMs > clock.now()) {
        this.wakeAt(dueMs);
        return;
      }
      queue.shift();
      figures.waitingBytes -= message.bytes;
      message.deliver();
    }
  }

  private wakeAt(dueMs: number): void {
    if (dueMs >= this.alarmMs && this.alarmMs > this.clock.now()) return;
    this.alarmMs = dueMs;
    this.clock.after(dueMs - this.clock.now(), () => {
      this.alarmMs = Number.POSITIVE_INFINITY;
      this.handOver();
    });
  }
}

/** A lane without order and without a second try. */
export function createDatagramLane(clock: Clock, path: Path, random: Random): NetworkLane {
  const figures: LaneFigures = { waitingBytes: 0, mostWaitingBytes: 0, bytes: 0, losses: 0 };
  return {
    figures,
    send(bytes, deliver) {
      figures.bytes += bytes + OVERHEAD_BYTES;
      if (chance(random) < path.loss || clock.now() < path.downUntilMs) {
        figures.losses++;
        return;
      }
      clock.after(drawn(random, path), deliver);
    },
  };
}

function drawn(random: Random, { delayMs, jitterMs }: Path): number {
  return Math.max(0, delayMs + (2 * chance(random) - 1) * jitterMs);
}

/** 0 to 1. */
export function chance(random: Random): number {
  return nextUint32(random) / 2 ** 32;
}
