/**
 * The question allowance: what one connection may always ask, whatever others do. Who asks no more than a client does is
 * never refused for what its address or all addresses ask; beyond it a question asks for a part of what is left to all.
 */
import { TokenBucket } from "./token-bucket.ts";

/**
 * From a seat a client pings once a second, answers a heartbeat every five, and now and then says something else, in all 1.2
 * texts and 0.2 heartbeats a second. Of 5,000 connections that use all of it, this is a fifth of the process's time.
 */
const SEATED_PER_SECOND = 1.3;
/** Who has no seat asks for one, after ever longer waits, and is sent away after some seconds. */
const UNSEATED_PER_SECOND = 0.5;
/** A hello and the first pings; or what a client says in the five seconds that its network stood still. */
const AT_ONCE = 6;
/** Heartbeats are one letter, behind a short header and the mask. WebSocket's own pings and pongs can be as short. */
const HEARTBEAT_BYTES = 7;
/** One takes 10 to 18 microseconds: engine.io or ws reads it, and nobody else. */
const HEARTBEAT_COST = 1 / 2;
/** A text counts as one question more for each so many bytes: to parse those takes as long as to answer one. */
const BYTES_A_QUESTION = 512;

/** How many questions a frame counts for that is no packet. @param bytes of the whole frame */
export function questionsIn(bytes: number): number {
  return bytes <= HEARTBEAT_BYTES ? HEARTBEAT_COST : 1 + Math.floor(bytes / BYTES_A_QUESTION);
}

export class QuestionAllowance {
  private readonly unseated: TokenBucket;
  /** Made with the first seat, and kept: who sits down again has no new allowance. */
  private seated: TokenBucket | undefined;
  private isSeated = false;

  constructor(nowMs: number) {
    this.unseated = new TokenBucket(UNSEATED_PER_SECOND, AT_ONCE, nowMs);
  }

  setSeated(isSeated: boolean, nowMs: number): void {
    this.isSeated = isSeated;
    if (isSeated) this.seated ??= new TokenBucket(SEATED_PER_SECOND, AT_ONCE, nowMs);
  }

  /** Whether so many questions may be asked; they are charged then. */
  take(nowMs: number, questions: number): boolean {
    const bucket = (this.isSeated && this.seated) || this.unseated;
    return bucket.take(nowMs, questions);
  }
}
