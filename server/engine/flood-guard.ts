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
const MESSAGE_BURST = 150;
/** This many messages too many, and the connection is closed. */
const PATIENCE = 1_500;

export class FloodGuard implements WireGuard {
  private readonly bucket: TokenBucket;
  private readonly clock: Clock;
  private readonly countRefusal: CountRefusal;
  private excess = 0;
  private sendAway: () => void = () => {};

  constructor(clock: Clock, countRefusal: CountRefusal) {
    this.clock = clock;
    this.countRefusal = countRefusal;
    this.bucket = new TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST, clock.now());
  }

  /** Calls `sendAway` once, when patience is at its end. */
  whenFlooding(sendAway: () => void): void {
    this.sendAway = sendAway;
  }

  accepts(): boolean {
    if (this.bucket.take(this.clock.now())) return true;
    this.excess++;
    this.countRefusal("flooding");
    if (this.excess === PATIENCE) this.sendAway();
    return false;
  }

  refused(reason: string): void {
    this.countRefusal(reason);
  }
}
