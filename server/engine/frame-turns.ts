/**
 * Frame turns: at which ticks a session is sent a frame, where there are fewer frames than ticks. Neighbours have theirs
 * together: of a region that they all see, each frame then bridges the same ticks, and one chunk does for all of them.
 *
 * A large room is cut into bands with as many sessions in each, and each band has a turn of its own, so that no tick
 * sends to all. The bands lie across the map, since a view is wider than it is high: few regions are seen from two.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** Fewer do not burden a tick enough to part them. */
export const LEAST_OF_A_BAND = 64;
/** Bands are drawn anew so often. */
const SECONDS_BETWEEN_BORDERS = 1;

export class FrameTurns {
  private readonly tickRate: number;
  private readonly frameRate: number;
  private readonly margin: number;
  /** How many turns there are: after so many ticks all is as before. */
  private readonly period: number;
  /** Where one band ends and the next begins, from the top of the map down. */
  private borders: number[] = [];

  /** @param margin how far past its band's border a session keeps its turn, in the unit of heights */
  constructor(tickRate: number, frameRate: number, margin: number) {
    this.tickRate = tickRate;
    this.frameRate = frameRate;
    this.margin = margin;
    this.period = tickRate / greatestCommonDivisor(tickRate, frameRate);
  }

  /** @returns whether the bands are to be drawn anew with this tick */
  areBordersOld(tick: Tick): boolean {
    return tick % (this.tickRate * SECONDS_BETWEEN_BORDERS) === 0;
  }

  /** Draws the bands. @param heights where everybody stands */
  drawBorders(heights: readonly number[]): void {
    const inOrder = Float64Array.from(heights).sort();
    const bands = Math.max(1, Math.min(this.period, Math.floor(inOrder.length / LEAST_OF_A_BAND)));
    this.borders = Array.from({ length: bands - 1 }, (_, index) => {
      return inOrder[Math.floor(((index + 1) * inOrder.length) / bands)];
    });
  }

  /** The turn of a session at some height that has had another one so far, which it keeps close to the border. */
  turnAt(height: number, turn: number): number {
    const { borders, margin } = this;
    let band = Math.min(turn, borders.length);
    while (band > 0 && height < borders[band - 1] - margin) band--;
    while (band < borders.length && height > borders[band] + margin) band++;
    return band;
  }

  isDue(turn: number, tick: Tick): boolean {
    return ((tick + turn) * this.frameRate) % this.tickRate < this.frameRate;
  }
}

/** Euclid's. */
function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
