/**
 * The frame budget: how a frame tells what does not fit into it whole. Who is nearest is told exactly, in every frame; all
 * others as sketches, some parts of them in each frame, in turn; and what is left then goes to exact regions, from the
 * nearest to the farthest.
 *
 * The nearest and the parts that are due cannot wait: for them a frame may take more than usual, see frame-allowance.ts.
 * Of what is larger than all that it may take, it takes one thing nevertheless, which the next frames go without: so all
 * comes in the end, however small the budget.
 */
import { type CellGrid, cellOriginX, cellOriginY } from "@starwake/shared/engine/cell-grid.ts";
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import { MOST_PARTS_TOLD, SKETCH_PARTS, type SketchParts } from "@starwake/shared/engine/chunk-sketch.ts";
import type { Records, RowTable } from "@starwake/shared/engine/records.ts";
import type { Interest } from "./interest.ts";
import type { Offers } from "./offers.ts";
import type { TickSketches } from "./tick-sketches.ts";

/** So many entities count as nearest, the steered one among them; their regions leave this part of a frame to others. */
const NEAREST = 21;
const OTHERS_PART = 0.15;
const PART_OF_DUE = 0.1;
/**
 * In so many frames sketches tell everybody. Parts that are due for that may take so much of what is saved for what cannot
 * wait, and nearly all of it when the frame before had none.
 */
const FRAMES_OF_A_ROUND = 8;
const CREDIT_OF_PARTS = 0.7;
const CREDIT_WHEN_LATE = 0.85;
/** When so many frames have had no part, the next one begins with one, and tells the nearest only with what is left. */
const MOST_FRAMES_WITHOUT = 2;
/** What an exact region costs in a sparse frame besides its chunk: to say that it is one, and from which tick. */
const BITS_IF_EXACT = 12;

/** What a frame may take for regions, and what it may take for what cannot wait. */
export type FrameBits = { readonly usual: number; readonly most: number };

/** The places that are sketched; where not even sketches fit there are no parts, and they are left out. */
type Choice = { readonly places: readonly number[]; readonly parts: SketchParts | undefined };

export class FrameBudget {
  private readonly format: ChunkFormat;
  private readonly sketches: TickSketches;
  /** Places in the window, from the nearest to the farthest, and how far each is away; kept and reused. */
  private readonly inOrder: number[] = [];
  private readonly distances: number[] = [];
  private readonly nearest = new NearestPlaces(NEAREST);

  constructor(format: ChunkFormat, sketches: TickSketches) {
    this.format = format;
    this.sketches = sketches;
  }

  /** Of what there is to tell exactly leaves what fits, and neither sends nor takes the rest. */
  choose(interest: Interest, offered: Offers, { kinds }: Records, { usual, most }: FrameBits): Choice {
    const { window, round } = interest;
    const { bits, isSent, isTaken } = offered;
    const { inOrder } = this;
    this.sortPlaces(interest);
    let left = usual;
    const credit = Math.max(0, most - usual);
    const take = (place: number) => {
      isTaken[place] = 1;
      left -= bits[place] + BITS_IF_EXACT;
    };
    // What its reader holds rightly already costs nothing.
    for (const place of inOrder) isTaken[place] = 1 - isSent[place];
    if (round.framesWithoutPart < MOST_FRAMES_WITHOUT) {
      this.findNearest(interest, kinds[0]);
      for (const place of this.nearest.places)
        if (isTaken[place] === 0 && left + credit > most * (OTHERS_PART + PART_OF_DUE * round.due)) take(place);
    }
    const partsBits = (parts: SketchParts) => {
      let total = 0;
      for (let place = 0; place < window.length; place++)
        if (isTaken[place] === 0) total += this.sketches.bits(window[place], parts);
      return total;
    };
    const parts = nextParts(interest, left, credit, partsBits);
    const costOf = (place: number) => (parts === undefined ? 0 : this.sketches.bits(window[place], parts));
    if (parts !== undefined) left -= partsBits(parts);
    round.framesWithoutRegion++;
    for (const place of inOrder) {
      if (isTaken[place] === 1) continue;
      const isOwed = round.framesWithoutRegion > FRAMES_OF_A_ROUND && parts !== undefined && left + credit > 0;
      if (!isOwed && bits[place] + BITS_IF_EXACT - costOf(place) > left) continue;
      left += costOf(place);
      take(place);
      round.framesWithoutRegion = 0;
    }
    for (const place of inOrder) {
      isSent[place] &= isTaken[place];
      // Nobody can tell from a frame that leaves regions out whether there is any news of one of which it says nothing.
      if (parts === undefined && isSent[place] === 0 && !interest.isStillAt(place)) isTaken[place] = 0;
    }
    return { parts, places: inOrder.filter((place) => isTaken[place] === 0) };
  }

  /** By insertion: a window is nearly in this order. */
  private sortPlaces({ window, x, y }: Interest): void {
    const { inOrder, distances } = this;
    inOrder.length = window.length;
    distances.length = window.length;
    for (let place = 0; place < window.length; place++) {
      const distance = distanceTo(this.format.grid, window[place], x, y);
      distances[place] = distance;
      let at = place;
      for (; at > 0 && distances[inOrder[at - 1]] > distance; at--) inOrder[at] = inOrder[at - 1];
      inOrder[at] = place;
    }
  }

  /** Finds the places where the entities stand that are nearest to the middle of the view. */
  private findNearest({ window, x, y }: Interest, { slots, starts, rows }: RowTable): void {
    const { at, fields } = this.format.kinds[0];
    const { inOrder, distances, nearest } = this;
    nearest.clear();
    for (const place of inOrder) {
      if (distances[place] > nearest.reach) return;
      for (let member = starts[window[place]]; member < starts[window[place] + 1]; member++) {
        const offset = slots[member] * fields.length;
        nearest.put(place, squaredLength(rows[offset + at.x] - x, rows[offset + at.y] - y));
      }
    }
  }
}

/** The places of the entities that were nearest of all that were put, the nearest first. */
class NearestPlaces {
  readonly places: number[] = [];
  private readonly distances: number[] = [];
  private readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  clear(): void {
    this.places.length = 0;
    this.distances.length = 0;
  }

  /** Who is farther away than this, squared, is none of them. */
  get reach(): number {
    return this.places.length < this.count ? Infinity : this.distances[this.count - 1];
  }

  put(place: number, distance: number): void {
    if (distance >= this.reach) return;
    const { places, distances, count } = this;
    let at = Math.min(places.length, count - 1);
    for (; at > 0 && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      places[at] = places[at - 1];
    }
    distances[at] = distance;
    places[at] = place;
  }
}

/** The next parts of the round: those that are due while there is anything left at all, and further ones that fit. */
function nextParts(
  { round }: Interest,
  left: number,
  credit: number,
  bitsOf: (parts: SketchParts) => number,
): SketchParts | undefined {
  const first = (round.parts.first + round.parts.count) % SKETCH_PARTS;
  round.due = Math.min(MOST_PARTS_TOLD, round.due + SKETCH_PARTS / FRAMES_OF_A_ROUND);
  let count = 0;
  let rest = left;
  while (count < MOST_PARTS_TOLD) {
    const bits = bitsOf({ first: (first + count) % SKETCH_PARTS, count: 1 });
    const isDue =
      count + 1 <= round.due &&
      bits <= rest + credit * (round.framesWithoutPart > 0 ? CREDIT_WHEN_LATE : CREDIT_OF_PARTS);
    const isOwed = round.framesWithoutPart >= MOST_FRAMES_WITHOUT && count === 0 && rest + credit > 0;
    if (!isDue && !isOwed && bits > rest) break;
    rest -= bits;
    count++;
  }
  round.framesWithoutPart = count === 0 ? round.framesWithoutPart + 1 : 0;
  if (count === 0) return undefined;
  round.due = Math.max(0, round.due - count);
  round.parts = { first, count };
  return round.parts;
}

/** From a point to the nearest that can stand in a cell, or in the cell of a gate, squared. */
function distanceTo(grid: CellGrid, region: number, x: number, y: number): number {
  const { cellSize, stayMargin } = grid.space;
  const beyond = (d: number) => Math.max(0, -d - stayMargin, d - cellSize - stayMargin);
  return squaredLength(beyond(x - cellOriginX(grid, region)), beyond(y - cellOriginY(grid, region)));
}

function squaredLength(x: number, y: number): number {
  return x * x + y * y;
}
