/** What rooms and sessions report of themselves, for the metrics to count and for tests to see. */
import type { TickObserver } from "./tick-loop.ts";

export type Meter = TickObserver & {
  frameSent(bytes: number): void;
  /** A frame was due, but the client has not answered for too long. */
  frameWithheld(): void;
  commandOnTime(): void;
  commandMissing(): void;
  commandLate(): void;
  /** A command too far ahead, or a second one for the same tick. */
  commandRefused(): void;
  /** What the game counted in a step, by name. */
  tallied(counts: Readonly<Record<string, number>>): void;
  /** Anything dropped or refused, by reason. */
  refused(reason: string): void;
};
