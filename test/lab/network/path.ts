/**
 * The path between a player and the server. Each direction has one line and one state of its bursts, and everything that
 * the player's lanes send goes through it: a lane knows no line but this one.
 *
 * Next: ordered-lane.ts, what TCP makes of it.
 */
import type { Clock } from "@starwake/server/engine/clock.ts";
import type { Random } from "@starwake/shared/engine/random.ts";
import type { Network } from "../scenario.ts";
import { BurstState, type Bursts } from "./bursts.ts";
import { chance } from "./chance.ts";

/** What a line keeps of what it cannot send yet; a packet that does not fit is dropped. */
const QUEUE_BYTES = 16_384;

export type PathSetting = {
  /** From one end to the other, in milliseconds: the middle, and how far it strays from it to either side. */
  delayMs: number;
  jitterMs: number;
  /** Part of the packets that is lost, 0 to 1. */
  loss: number;
  bytesPerSecond: number;
  bursts?: Bursts | undefined;
};

/** One direction of a path; it may change while it is in use. */
export class Path {
  delayMs: number;
  jitterMs: number;
  loss: number;
  bytesPerSecond: number;
  /** Nothing gets through before this time of the clock. */
  downUntilMs = 0;
  /** The program at the far end takes nothing before this time of the clock, and no more than this a second. */
  unreadUntilMs = 0;
  readBytesPerSecond = Number.POSITIVE_INFINITY;
  /** Of all packets that were sent here, headers included, whether or not they came through. */
  sentBytes = 0;
  sentPackets = 0;
  /** Of all messages that the program at the far end has taken. */
  readBytes = 0;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly burstState: BurstState | undefined;
  private lineFreeMs = 0;
  private readerFreeMs = 0;

  constructor(clock: Clock, { delayMs, jitterMs, loss, bytesPerSecond, bursts }: PathSetting, random: Random) {
    this.clock = clock;
    this.delayMs = delayMs;
    this.jitterMs = jitterMs;
    this.loss = loss;
    this.bytesPerSecond = bytesPerSecond;
    this.random = random;
    this.burstState = bursts && new BurstState(bursts, random, clock.now());
  }

  /** Sends one packet of so many bytes, headers included; `arrive` is never called when it is lost. */
  send(bytes: number, arrive: () => void): void {
    const nowMs = this.clock.now();
    this.sentBytes += bytes;
    this.sentPackets++;
    const burstLoss = this.burstState?.lossAt(nowMs) ?? 0;
    if (chance(this.random) < burstLoss || chance(this.random) < this.loss || nowMs < this.downUntilMs) return;
    const startMs = Math.max(nowMs, this.lineFreeMs);
    const sendingMs = (bytes / this.bytesPerSecond) * 1000;
    const isFull = ((startMs - nowMs) / 1000) * this.bytesPerSecond + bytes > QUEUE_BYTES;
    if (isFull) return;
    this.lineFreeMs = startMs + sendingMs;
    this.clock.after(this.lineFreeMs - nowMs + this.drawnDelayMs(), arrive);
  }

  /** When the program at the far end takes its next message. */
  get readsAtMs(): number {
    return Math.max(this.unreadUntilMs, this.readerFreeMs);
  }

  /** The program at the far end has taken so many bytes. */
  noteRead(bytes: number): void {
    this.readBytes += bytes;
    this.readerFreeMs = this.clock.now() + (bytes / this.readBytesPerSecond) * 1000;
  }

  private drawnDelayMs(): number {
    return Math.max(0, this.delayMs + (2 * chance(this.random) - 1) * this.jitterMs);
  }
}

/** Both directions between one player and the server. */
export type Route = { readonly up: Path; readonly down: Path };

/** Half of the round trip and of its jitter each way. */
export function createRoute(clock: Clock, network: Network, random: Random): Route {
  const { rttMs, jitterMs, loss, lossUp = loss, lossDown = loss, bursts } = network;
  const bytesPerSecond = network.bytesPerSecond ?? Number.POSITIVE_INFINITY;
  const half = { delayMs: rttMs / 2, jitterMs: jitterMs / 2, bytesPerSecond, bursts };
  return {
    up: new Path(clock, { ...half, loss: lossUp }, random),
    down: new Path(clock, { ...half, loss: lossDown }, random),
  };
}
