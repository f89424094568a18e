/**
 * The flood guard: what one peer may send, asked for every WebSocket frame before anything reads it. What is too much is
 * dropped and counted; whoever goes on is sent away.
 */
import type { Clock } from "./clock.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { CountRefusal } from "./transport.ts";

type Allowance = {
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  /** Of the frames, those that are no packets: a text is read by three libraries, and answered. */
  readonly talkPerSecond: number;
  readonly talkBurst: number;
  readonly bytesPerSecond: number;
  readonly byteBurst: number;
  /** This many frames too many, and the peer is sent away; long ones count for several. Hiccups are forgiven with time. */
  readonly patience: number;
};

/**
 * A client sends 60 packets a second, at odd tick rates up to 89 (see command-sender.ts), and a few control messages. What the
 * network, or a server that stood still, held up for some seconds comes at once. A packet has some 40 bytes.
 */
const SEATED: Allowance = {
  framesPerSecond: 100,
  frameBurst: 600,
  talkPerSecond: 10,
  talkBurst: 60,
  bytesPerSecond: 32 * 1024,
  byteBurst: 64 * 1024,
  patience: 1_500,
};
/** Who has no seat says hello, asks for one, and answers heartbeats; names that are too long are still read and refused. */
const UNSEATED: Allowance = {
  framesPerSecond: 10,
  frameBurst: 40,
  talkPerSecond: 10,
  talkBurst: 40,
  bytesPerSecond: 8 * 1024,
  byteBurst: 48 * 1024,
  patience: 100,
};
const FORGIVEN_PER_SECOND = 15;
/** What is dropped has been received all the same: so many bytes are one frame more. */
const BYTES_A_FRAME = 512;
/** Frames are charged together up to these sums: to look at a clock and at two buckets for each is dear in a crowd. */
const CHARGED_FRAMES = 8;
const CHARGED_BYTES = 1024;

type Buckets = {
  readonly frames: TokenBucket;
  readonly talk: TokenBucket;
  readonly bytes: TokenBucket;
  readonly patience: TokenBucket;
};

export class FloodGuard {
  private readonly clock: Clock;
  private readonly countRefusal: CountRefusal;
  private readonly sendAway: () => void;
  private readonly unseated: Buckets;
  /** Made with the first seat, and kept: who sits down again has no new allowance. */
  private seated: Buckets | undefined;
  private buckets: Buckets;
  /** Let through and not charged yet. */
  private uncharged = 0;
  private unchargedTalk = 0;
  private unchargedBytes = 0;

  /** @param sendAway is called when patience is at its end, and each time that something more would cost some */
  constructor(clock: Clock, countRefusal: CountRefusal, sendAway: () => void) {
    this.clock = clock;
    this.countRefusal = countRefusal;
    this.sendAway = sendAway;
    this.unseated = this.fill(UNSEATED);
    this.buckets = this.unseated;
  }

  setSeated(isSeated: boolean): void {
    if (isSeated) this.seated ??= this.fill(SEATED);
    this.buckets = (isSeated && this.seated) || this.unseated;
  }

  private fill(allowance: Allowance): Buckets {
    const { framesPerSecond, frameBurst, talkPerSecond, talkBurst, bytesPerSecond, byteBurst, patience } = allowance;
    const now = this.clock.now();
    return {
      frames: new TokenBucket(framesPerSecond, frameBurst, now),
      talk: new TokenBucket(talkPerSecond, talkBurst, now),
      bytes: new TokenBucket(bytesPerSecond, byteBurst, now),
      patience: new TokenBucket(FORGIVEN_PER_SECOND, patience, now),
    };
  }

  /**
   * Whether a frame of so many bytes, its header among them, may be read.
   * @param isPacket whether it is a whole binary message, as nearly all of a player's are
   */
  accepts(bytes: number, isPacket: boolean): boolean {
    const talk = isPacket ? 0 : 1;
    this.uncharged++;
    this.unchargedTalk += talk;
    this.unchargedBytes += bytes;
    if (this.uncharged < CHARGED_FRAMES && this.unchargedBytes < CHARGED_BYTES) return true;
    const now = this.clock.now();
    const { buckets } = this;
    const isWithin = buckets.frames.take(now, this.uncharged) && buckets.talk.take(now, this.unchargedTalk);
    if (isWithin && buckets.bytes.take(now, this.unchargedBytes)) {
      this.uncharged = 0;
      this.unchargedTalk = 0;
      this.unchargedBytes = 0;
      return true;
    }
    // It is not let through; those before it are charged with the next that is.
    this.uncharged--;
    this.unchargedTalk -= talk;
    this.unchargedBytes -= bytes;
    this.countRefusal("flooding");
    this.blame(1 + Math.floor(bytes / BYTES_A_FRAME));
    return false;
  }

  /** Makes the peer pay with patience, as for so many frames too many. */
  blame(frames: number): void {
    if (!this.buckets.patience.take(this.clock.now(), frames)) this.sendAway();
  }
}
