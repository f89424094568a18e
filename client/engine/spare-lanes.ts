/**
 * Spare lanes: what an ordered lane does to a lossy path, it does to one lane at a time. While the network holds things
 * up, further links carry copies of every frame and every packet, and whichever copy comes first is the one that counts.
 * Each lane keeps its order, so what comes first over all of them is in order, too.
 *
 * The server's end is Session.addSpare in server/engine/session.ts.
 */
import { frameTickOf } from "@starwake/shared/engine/frame.ts";
import { ASK_AGAIN_REFUSALS } from "@starwake/shared/engine/protocol.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Backoff } from "./backoff.ts";
import type { Link, OpenLink } from "./link.ts";
import { HELD_UP_MS } from "./stall-watch.ts";

/** With four besides the first, all are held up at once for too little of the time to be felt, at 5 % of loss. */
const SPARES = 4;
/** Whoever is this far begins with spares, until it has shown for a while that nothing is held up: one stall is felt. */
const FAR_MS = 120;
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
  /** Seemed so far when the room was joined that a second round trip has to say so, too. */
  private isInDoubt = false;
  private retryMs = 0;
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
      this.areOpen &&
      this.now() - this.heldUpMs < this.calmMs - NOTICE_MS &&
      this.spares.every(({ startTick }) => startTick !== undefined)
    );
  }

  private get areOpen(): boolean {
    return this.spares.length > 0;
  }

  /** Begins anew with the frames after a tick, as the room had it when it was joined; spares of before are closed. */
  begin(tick: Tick, rttMs: number): void {
    this.close();
    this.newestTick = tick;
    this.isInDoubt = rttMs > DOUBTFUL_MS;
    this.isTried = isFar(rttMs) && !this.isInDoubt;
    this.calmMs = TRIAL_MS;
    this.heldUpMs = this.now();
  }

  /** A round trip after the one in which the room was joined: a server that was slow to answer once is not far. */
  hearRtt(rttMs: number): void {
    if (this.isInDoubt && isFar(rttMs)) this.isTried = true;
    this.isInDoubt = false;
  }

  close(): void {
    for (const { link } of this.spares) link.close();
    this.spares = [];
  }

  /** Opens spares when they are needed, and closes them after a calm while. */
  tend(isStalling: boolean, token: string): void {
    const nowMs = this.now();
    if (isStalling) this.noteHeldUp();
    if (nowMs - this.heldUpMs > this.calmMs) this.calmDown();
    const isNeeded = isStalling || this.isTried || this.areOpen;
    if (!isNeeded || nowMs < this.retryMs) return;
    this.areRefused = false;
    while (this.spares.length < SPARES) this.open(token);
    this.retryMs = nowMs + RETRY_MS;
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
    for (const { link, startTick } of this.spares) if (startTick !== undefined) link.sendPacket(bytes);
  }

  /** A frame came by the first lane. */
  receive(bytes: Uint8Array): void {
    this.offer(bytes);
    this.catchUp();
  }

  private open(token: string): void {
    const join = () => {
      link.request("spare", { token }).then(
        (reply) => {
          if (!reply.ok) return refuse();
          spare.startTick = reply.tick;
          this.waits.reset();
          this.catchUp();
        },
        () => drop(),
      );
    };
    const drop = () => {
      link.close();
      this.spares = this.spares.filter((one) => one !== spare);
    };
    const refuse = () => {
      if (!this.areRefused) this.retryMs = this.now() + this.waits.take();
      this.areRefused = true;
      drop();
    };
    const link = this.openLink({
      opened: join,
      lost: (lastWord) => (lastWord !== undefined && ASK_AGAIN_REFUSALS.has(lastWord) ? refuse() : drop()),
      refused: drop,
      frame: (bytes) => {
        if (!this.spares.includes(spare)) return;
        spare.waiting.push(bytes);
        this.catchUp();
        if (spare.waiting.length > MAX_WAITING) drop();
      },
      notice: () => {},
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
      this.take(bytes);
    } else if (this.arrivals[slot] !== tick || nowMs - this.arrivals[slot + 1] > HELD_UP_MS) this.noteHeldUp();
  }
}
