/**
 * The flood guard: what one connection may send, asked before anything is parsed. What is too much is dropped and
 * counted; whoever goes on is sent away.
 */
import type { WireGuard } from "@starwake/shared/engine/wire-parser.ts";
import type { Clock } from "./clock.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { CountRefusal } from "./transport.ts";

/** A client sends a packet a tick, at most 120 a second, and a few control messages. */
const MESSAGES_PER_SECOND = 150;
/** So many short messages are charged together: to look at a clock and at two buckets for each is dear in a crowd. */
const CHARGED_MESSAGES = 8;
const CHARGED_BYTES = 1024;
const MESSAGE_BURST = 18 * CHARGED_MESSAGES;
/** A packet has some 40 bytes; the burst holds a few messages of the greatest length that is read at all. */
const BYTES_PER_SECOND = 32 * 1024;
const BYTE_BURST = 64 * 1024;
/** This many messages too many, and the connection is closed; a network's hiccups are forgiven with time. */
const PATIENCE = 1_500;
const FORGIVEN_PER_SECOND = 15;

export class FloodGuard implements WireGuard {
  private readonly messages: TokenBucket;
  private readonly bytes: TokenBucket;
  private readonly patience: TokenBucket;
  private readonly clock: Clock;
  private readonly countRefusal: CountRefusal;
  private sendAway: () => void = () => {};
  /** Let through and not charged yet. */
  private uncharged = 0;
  private unchargedBytes = 0;

  constructor(clock: Clock, countRefusal: CountRefusal) {
    this.clock = clock;
    this.countRefusal = countRefusal;
    const now = clock.now();
    this.messages = new TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST, now);
    this.bytes = new TokenBucket(BYTES_PER_SECOND, BYTE_BURST, now);
    this.patience = new TokenBucket(FORGIVEN_PER_SECOND, PATIENCE, now);
  }

  /** `sendAway` is called when patience is at its end, and for each message that still comes after. */
  whenFlooding(sendAway: () => void): void {
    this.sendAway = sendAway;
  }

  accepts(bytes: number): boolean {
    this.uncharged++;
    this.unchargedBytes += bytes;
    if (this.uncharged < CHARGED_MESSAGES && this.unchargedBytes < CHARGED_BYTES) return true;
    const now = this.clock.now();
    if (this.messages.take(now, this.uncharged) && this.bytes.take(now, this.unchargedBytes)) {
      this.uncharged = 0;
      this.unchargedBytes = 0;
      return true;
    }
    // It is not let through; those before it are charged with the next that is.
    this.uncharged--;
    this.unchargedBytes -= bytes;
    this.countRefusal("flooding");
    if (!this.patience.take(now)) this.sendAway();
    return false;
  }

  refused(reason: string): void {
    this.countRefusal(reason);
  }
}
