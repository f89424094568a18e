/**
 * Spare lanes: what an ordered lane does to a lossy path, it does to one lane at a time. While the network holds things
 * up, further links carry copies of every frame and every packet, and whichever copy comes first is the one that counts.
 * Each lane keeps its order, so what comes first over all of them is in order, too.
 *
 * Copies cost five times the bytes. So they are sent only where they help: not over a line that they would fill, and not
 * where all lanes are held up together.
 *
 * The server's end is Session.addSpare in server/engine/session.ts.
 */
import { frameTickOf } from "@starwake/shared/engine/frame.ts";
import { HELD_UP_MS } from "@starwake/shared/engine/held-up.ts";
import { ASK_AGAIN_REFUSALS, type RequestReply } from "@starwake/shared/engine/protocol.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Backoff } from "./backoff.ts";
import { GapWatch } from "./gap-watch.ts";
import { LineWatch } from "./line-watch.ts";
import type { Link, OpenLink } from "./link.ts";
import type { WireCount } from "./wire-count.ts";

/**
 * How many, and when each is opened, counted from the first. With four besides the first lane, all are held up at once for too
 * little of the time to be felt, at 5 % of loss. Two at once, because one of them may lose a packet while it comes in; all four
 * at once would keep a narrow line from commands by their handshakes alone.
 */
const OPENED_AFTER_MS = [0, 0, 150, 300] as const;
const SPARES = OPENED_AFTER_MS.length;
/** Fewer may be had, where many play behind one address; these may be relied on. */
const LEAST_RELIED = 3;
/** Whoever is this far begins with spares, until it has shown for a while that nothing is held up: one stall is felt. */
const FAR_MS = 90;
const FRAMES_QUEUED_MS = 60;
/** Frames tell of the least timely command, some of which wait until a packet is full: with 5 % of loss, up to 118 ms. */
const COMMANDS_QUEUED_MS = 150;
/** Spares that were no use are not tried again for so long. */
const NO_USE_MS = 120_000;
/** By then a line is empty that the spares had filled; one that is not was not filled by them. */
const EMPTIED_MS = 3_000;
/** Networks are hardly longer than this, but a server may be slow to answer a join: while it starts, say, or stood still. */
const DOUBTFUL_MS = 500;
const TRIAL_MS = 6_000;
/** No lane was held up for so long: the spares are closed. It doubles each time that they turn out to be needed. */
const CALM_MS = 30_000;
/** They are not relied on any more for so long before they are closed. */
const NOTICE_MS = 1_500;
const RETRY_MS = 2_000;
/** A server that has no room for spares is not asked again for so long, and longer each time. */
const REFUSED_FIRST_MS = 30_000;
const REFUSED_MOST_MS = 120_000;
/** Frames of a spare that wait for the first lane to catch up with where the spare begins. */
const MAX_WAITING = 128;
/** A power of two: frames whose first arrival is kept. */
const KEPT_ARRIVALS = 64;

type Spare = {
  readonly link: Link;
  /** The newest frame that this lane carries no copy of; undefined: it does not serve the seat yet. */
  startTick: Tick | undefined;
  waiting: Uint8Array[];
};

/** Whether a round trip is so long that a visit begins with spares. */
export function isFar(rttMs: number): boolean {
  return rttMs > FAR_MS;
}

export class SpareLanes {
  private readonly openLink: OpenLink;
  private readonly take: (bytes: Uint8Array) => void;
  private readonly now: () => number;
  private spares: Spare[] = [];
  private newestTick: Tick = -1;
  private readonly arrivals = new Float64Array(KEPT_ARRIVALS * 2);
  private heldUpMs = 0;
  private calmMs = TRIAL_MS;
  /** Whether the visit begins with spares. */
  private isTried = false;
  /** Of the join, until the first ping has said as much: the server may have been slow, or the line full of what a newcomer is sent. */
  private joinRttMs: number | undefined;
  /** As the first ping told; undefined before. */
  private heldUpPackets: number | undefined;
  private tickMs = 1;
  private wire: WireCount | undefined;
  /** Each way; of copies, the first ones count. */
  private readonly line = { down: new LineWatch(FRAMES_QUEUED_MS), up: new LineWatch(COMMANDS_QUEUED_MS) };
  private readonly gaps = new GapWatch();
  /** When spares were closed because the line was full. */
  private relievedMs: number | undefined;
  private retryMs = 0;
  /** When the first of those that are open was opened. */
  private openingMs = 0;
  /** A server that had no room for them is not asked before. */
  private refusedUntilMs = 0;
  private readonly waits: Backoff;
  /** One of those that were opened together was refused: the others' refusals make the wait no longer. */
  private areRefused = false;

  /**
   * @param take each frame once, in order
   * @param chance a number from 0 to below 1, by which waits are spread
   */
  constructor(openLink: OpenLink, now: () => number, take: (bytes: Uint8Array) => void, chance: () => number) {
    this.openLink = openLink;
    this.now = now;
    this.take = take;
    this.waits = new Backoff(REFUSED_FIRST_MS, REFUSED_MOST_MS, chance);
  }

  /** Whether they may be relied on: they serve, and will for a while. */
  get areServing(): boolean {
    return (
      this.spares.length >= LEAST_RELIED &&
      this.now() - this.heldUpMs < this.calmMs - NOTICE_MS &&
      this.spares.every(({ startTick }) => startTick !== undefined)
    );
  }

  /** Whether at least one carries copies: packets go out several times, so fewer of them will do. */
  get areCarrying(): boolean {
    return this.spares.some(({ startTick }) => startTick !== undefined);
  }

  private get areOpen(): boolean {
    return this.spares.length > 0;
  }

  /**
   * Begins anew with the frames after a tick, as the room had it when it was joined; spares of before are closed.
   * @param joinRttMs the round trip in which the room was joined
   * @param wire is told what spares carry
   */
  begin(tick: Tick, tickMs: number, joinRttMs: number, wire?: WireCount): void {
    this.close();
    this.wire = wire;
    this.newestTick = tick;
    this.tickMs = tickMs;
    this.joinRttMs = joinRttMs;
    this.isTried = isFar(joinRttMs) && joinRttMs < DOUBTFUL_MS;
    this.heldUpPackets = undefined;
    this.learnLineAnew();
    this.relievedMs = undefined;
    this.gaps.forget();
    this.calmMs = TRIAL_MS;
    this.heldUpMs = this.now();
  }

  /**
   * A ping was answered. The first one decides, with the join, who is far: either may have been held up, or slow for other
   * reasons.
   * @param heldUpPackets copies of packets that came to the server long after the first, in all of the player's time there
   */
  hearPing(rttMs: number, heldUpPackets: number): void {
    if (this.joinRttMs !== undefined) this.judgeDistance(this.joinRttMs, rttMs);
    this.joinRttMs = undefined;
    if (heldUpPackets > (this.heldUpPackets ?? heldUpPackets) && this.areOpen) this.noteHeldUp();
    this.heldUpPackets = heldUpPackets;
  }

  /** A frame told how long commands were on their way, in milliseconds after any fixed moment. */
  hearWayUp(ageMs: number): void {
    this.line.up.note(ageMs, this.now());
  }

  /** Far is who is so by both; spares that were opened for the join's word alone are closed. */
  private judgeDistance(joinRttMs: number, pingRttMs: number): void {
    const isFarIndeed = isFar(joinRttMs) && isFar(pingRttMs);
    if (this.isTried && !isFarIndeed) this.close();
    this.isTried = isFarIndeed;
  }

  close(): void {
    for (const { link } of this.spares) link.close();
    this.spares = [];
  }

  /** Opens spares when they are needed, and closes them after a calm while, or when they are no use. */
  tend(isStalling: boolean, token: string): void {
    const nowMs = this.now();
    this.gaps.look(nowMs);
    if (isStalling) this.noteHeldUp();
    if (nowMs - this.heldUpMs > this.calmMs) this.calmDown();
    this.relieveLine(nowMs);
    // What a lane alone leaves out says nothing of several.
    if (!this.areServing) this.gaps.forget();
    else if (this.gaps.isOften) this.giveUp(nowMs);
    const isNeeded = isStalling || this.isTried || this.areOpen;
    if (!isNeeded || nowMs < this.retryMs || nowMs < this.refusedUntilMs) return;
    this.areRefused = false;
    if (!this.areOpen) {
      // What had to be when they were closed may be long past.
      this.learnLineAnew();
      this.openingMs = nowMs;
    }
    while (this.isNextDue(nowMs)) this.open(token);
  }

  private isNextDue(nowMs: number): boolean {
    return this.spares.length < SPARES && nowMs - this.openingMs >= OPENED_AFTER_MS[this.spares.length];
  }

  /** Closes spares that fill the line. Where it is no emptier without them, it was something else, and they may be tried again. */
  private relieveLine(nowMs: number): void {
    const isFull = this.line.down.isFull || this.line.up.isFull;
    if (this.areCarrying && isFull) {
      this.giveUp(nowMs);
      this.relievedMs = nowMs;
    } else if (this.relievedMs !== undefined && nowMs - this.relievedMs > EMPTIED_MS) {
      this.relievedMs = undefined;
      if (!isFull) return;
      this.learnLineAnew();
      this.retryMs = nowMs;
      this.isTried = true;
      this.heldUpMs = nowMs;
    }
  }

  private learnLineAnew(): void {
    this.line.down.learnAnew();
    this.line.up.learnAnew();
  }

  private giveUp(nowMs: number): void {
    this.isTried = false;
    this.joinRttMs = undefined;
    this.close();
    this.gaps.forget();
    this.retryMs = nowMs + NO_USE_MS;
  }

  private noteHeldUp(): void {
    this.heldUpMs = this.now();
    this.calmMs = Math.max(this.calmMs, CALM_MS);
  }

  private calmDown(): void {
    this.isTried = false;
    if (!this.areOpen) return;
    this.calmMs *= 2;
    this.close();
  }

  /** Copies a packet to every spare that serves the seat. */
  send(bytes: Uint8Array): void {
    for (const { link, startTick } of this.spares) {
      if (startTick === undefined) continue;
      link.sendPacket(bytes);
      this.wire?.wentUp(bytes.length);
    }
  }

  /** A frame came by the first lane. */
  receive(bytes: Uint8Array): void {
    this.offer(bytes);
    this.catchUp();
  }

  private open(token: string): void {
    const hear = (reply: RequestReply<"spare">) => {
      if (!reply.ok) return refuse();
      spare.startTick = reply.tick;
      this.line.down.forgetRecent();
      this.line.up.forgetRecent();
      this.waits.reset();
      this.catchUp();
    };
    const drop = () => {
      link.close();
      this.spares = this.spares.filter((one) => one !== spare);
      this.retryMs = Math.max(this.retryMs, this.now() + RETRY_MS);
    };
    const refuse = () => {
      if (!this.areRefused) this.refusedUntilMs = this.now() + this.waits.take();
      this.areRefused = true;
      drop();
    };
    const link = this.openLink({
      isOneOfMany: true,
      hello: () => ({ spare: { token } }),
      opened: () => {},
      lost: (lastWord) => (lastWord !== undefined && ASK_AGAIN_REFUSALS.has(lastWord) ? refuse() : drop()),
      refused: drop,
      frame: (bytes) => {
        if (!this.spares.includes(spare)) return;
        this.wire?.cameDown(bytes.length);
        spare.waiting.push(bytes);
        this.catchUp();
        if (spare.waiting.length > MAX_WAITING) drop();
      },
      notice: (name, body) => {
        if (name === "spareReply") hear(body as RequestReply<"spare">);
      },
    });
    const spare: Spare = { link, startTick: undefined, waiting: [] };
    this.spares.push(spare);
  }

  /** Takes what waits on spares that begin no later than what is known ends. */
  private catchUp(): void {
    for (let isDone = false; !isDone; ) {
      isDone = true;
      for (const spare of this.spares) {
        if (spare.waiting.length === 0 || spare.startTick === undefined || spare.startTick > this.newestTick) continue;
        const { waiting } = spare;
        spare.waiting = [];
        for (const bytes of waiting) this.offer(bytes);
        isDone = false;
      }
    }
  }

  /** Hands a frame on unless a copy of it came before; tells by the copies which lanes are held up. */
  private offer(bytes: Uint8Array): void {
    const nowMs = this.now();
    const tick = frameTickOf(bytes, this.newestTick);
    const slot = ((tick ?? 0) & (KEPT_ARRIVALS - 1)) * 2;
    if (tick === undefined) this.take(bytes);
    else if (tick > this.newestTick) {
      this.newestTick = tick;
      this.arrivals[slot] = tick;
      this.arrivals[slot + 1] = nowMs;
      this.line.down.note(nowMs - tick * this.tickMs, nowMs);
      this.gaps.came(nowMs);
      this.take(bytes);
    } else if (this.arrivals[slot] !== tick || nowMs - this.arrivals[slot + 1] > HELD_UP_MS) this.noteHeldUp();
  }
}
