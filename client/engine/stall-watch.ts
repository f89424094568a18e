/**
 * The stall watch: whether the network holds things up now and then, as a loss on an ordered lane does. It is told how
 * late each thing came, and counts the times that this began to be far beyond the usual.
 */

/** Later than usual by so much is held up: jitter is less, a loss at a round trip of 150 ms costs more. */
export const HELD_UP_MS = 115;
const USUAL_OF = 32;
const LEAST_SAMPLES = 5;
const WINDOW_MS = 3_000;
const MANY = 3;

type Lateness = { readonly recent: number[]; isHeldUp: boolean };

export class StallWatch {
  private readonly up: Lateness = { recent: [], isHeldUp: false };
  private readonly down: Lateness = { recent: [], isHeldUp: false };
  private stallsMs: number[] = [];

  /** Takes how late something came, in milliseconds after any fixed moment; each `way` has its own usual. */
  note(way: "up" | "down", lateMs: number, nowMs: number): void {
    const lateness = this[way];
    const { recent } = lateness;
    const isHeldUp = recent.length >= LEAST_SAMPLES && lateMs > usual(recent) + HELD_UP_MS;
    if (isHeldUp && !lateness.isHeldUp) this.stallsMs.push(nowMs);
    lateness.isHeldUp = isHeldUp;
    recent.push(lateMs);
    if (recent.length > USUAL_OF) recent.shift();
  }

  /** Whether stalls came about once a second of late. */
  isStalling(nowMs: number): boolean {
    this.stallsMs = this.stallsMs.filter((atMs) => atMs > nowMs - WINDOW_MS);
    return this.stallsMs.length >= MANY;
  }
}

function usual(recent: readonly number[]): number {
  return Float64Array.from(recent).sort()[recent.length >> 1];
}
