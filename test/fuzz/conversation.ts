/**
 * Conversations, byte for byte: what a client says from the upgrade to its last word and beyond, most of it in an order and
 * a form in which no client should say it. The same seed and number give the same conversation.
 *
 *   opening:  upgrade · hello · join, or what is like them
 *   bursts:   right messages, broken ones, control frames; each burst ends with a question, see Next.Ask
 *   ending:   a last word, and what nobody should be heard to say after it
 *
 * Next: fuzz-frames.ts, for the frames; segments.ts, for how bytes are cut.
 */
import { createRandom, nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { HELLO, text } from "../attack/wire-bytes.ts";
import { FuzzFrames, type Piece } from "./fuzz-frames.ts";
import { brokenRequest, rightRequest } from "./fuzz-requests.ts";
import { cutAtRandom } from "./segments.ts";

/** What follows when a segment is written. */
export const Next = {
  /** The next one, as soon as the kernel may have taken this one for itself. */
  GoOn: 0,
  /** The next one, when the server has let the client in: before that, one message more ends the connection. */
  AwaitGreeting: 1,
  /** The next one, when the server has agreed to speak WebSocket. */
  AwaitUpgrade: 3,
  /** A WebSocket ping: its answer proves that all frames up to here were read. */
  Ask: 2,
} as const;
export type Next = (typeof Next)[keyof typeof Next];

export type Step = { readonly bytes: Buffer; readonly frames: number; readonly next: Next };

/** Fewer messages between two questions than anybody would call a flood. */
const BURST = 12;
const MOST_BURSTS = 9;
const FLOOD_FRAMES = 2_500;
const MOST_AFTERWARDS = 30;

/** @param token of a seat that was taken before, or any of its length */
export function conversationOf(seed: number, number: number, port: number, token: string): Step[] {
  return new Conversation(createRandom(seed, number), port, token).steps;
}

class Conversation {
  readonly steps: Step[] = [];
  private readonly random: Random;
  private readonly frames: FuzzFrames;

  constructor(random: Random, port: number, token: string) {
    this.random = random;
    this.frames = new FuzzFrames(random, token);
    if (this.oneIn(25)) {
      this.say([{ bytes: brokenRequest(random, port), frames: 0 }], Next.GoOn);
      if (this.oneIn(2)) this.say(this.burst(BURST), Next.GoOn);
      return;
    }
    this.open(port);
    if (this.oneIn(150)) this.say(this.burst(FLOOD_FRAMES), Next.GoOn);
    else for (let left = 1 + nextBelow(random, MOST_BURSTS); left > 0; left--) this.say(this.burst(BURST), Next.Ask);
    if (this.oneIn(5)) return;
    this.say([...this.frames.lastWords(), ...this.burst(nextBelow(random, MOST_AFTERWARDS))], Next.GoOn);
  }

  private open(port: number): void {
    const upgrade = { bytes: rightRequest(port), frames: 0 };
    const isOdd = this.oneIn(5);
    const hello = this.oneIn(2) ? HELLO : this.frames.hello();
    const greeting = isOdd ? this.oddGreeting() : [{ bytes: text(hello), frames: 1 }];
    const next = isOdd ? Next.Ask : Next.AwaitGreeting;
    // What comes before the upgrade is done may not be heard at all.
    if (this.oneIn(20)) this.say([upgrade, ...greeting], Next.Ask);
    else {
      this.say([upgrade], Next.AwaitUpgrade);
      this.say(greeting, next);
    }
    if (this.oneIn(3)) this.say([this.frames.join()], Next.GoOn);
  }

  /** A few of the messages by which a client comes and goes, in any order, each perhaps again. */
  private oddGreeting(): Piece[] {
    return Array.from({ length: nextBelow(this.random, 5) }, () => this.repeated(this.frames.comingOrGoing())).flat();
  }

  private burst(messages: number): Piece[] {
    const pieces: Piece[] = [];
    while (pieces.length < messages) pieces.push(...this.repeated(this.frames.message()));
    return pieces;
  }

  private repeated(pieces: readonly Piece[]): readonly Piece[] {
    return this.oneIn(20) ? [...pieces, ...pieces] : pieces;
  }

  private say(pieces: readonly Piece[], next: Next): void {
    const bytes = cutAtRandom(
      this.random,
      pieces.map((piece) => piece.bytes),
    );
    const frames = pieces.reduce((sum, piece) => sum + piece.frames, 0);
    bytes.forEach((segment, index) => {
      const isLast = index === bytes.length - 1;
      this.steps.push({ bytes: segment, frames: isLast ? frames : 0, next: isLast ? next : Next.GoOn });
    });
  }

  private oneIn(count: number): boolean {
    return nextBelow(this.random, count) === 0;
  }
}
