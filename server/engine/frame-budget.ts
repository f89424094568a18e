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

/** So many entities count as nearest, the steered one among them. */
const NEAREST = 21;
/** Their regions leave so much of a frame to others, and so much more for each part that is due. */
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

/** The frame at hand: what it tells, what is left of its bits, and what it may take beyond them. */
type Frame = { readonly interest: Interest; readonly offers: Offers; readonly credit: number; left: number };

/** What some parts of a sketch take, of the region at a place in the window of the frame at hand. */
export type SketchBits = (place: number, region: number, parts: SketchParts) => number;

/** The part that follows on those told last. */
export function nextPart({ first, count }: SketchParts): number {
  return (first + count) % SKETCH_PARTS;
}

export class FrameBudget {
  private readonly format: ChunkFormat;
  private readonly sketchBits: SketchBits;
  /** Places in the window, from the nearest to the farthest, and how far each is away; kept and reused. */
  private readonly inOrder: number[] = [];
  private readonly distances: number[] = [];
  private readonly nearest = new NearestPlaces(NEAREST);

  constructor(format: ChunkFormat, sketchBits: SketchBits) {
    this.format = format;
    this.sketchBits = sketchBits;
  }

  /** Of what there is to tell exactly leaves what fits, and neither sends nor takes the rest. */
  choose(interest: Interest, offers: Offers, { kinds }: Records, { usual, most }: FrameBits): Choice {
    const frame = { interest, offers, credit: Math.max(0, most - usual), left: usual };
    this.sortPlaces(interest);
    // What its reader holds rightly already costs nothing.
    for (const place of this.inOrder) offers.isTaken[place] = 1 - offers.isSent[place];
    if (interest.round.framesWithoutPart < MOST_FRAMES_WITHOUT) this.takeNearest(frame, kinds[0]);
    const parts = this.takeParts(frame);
    this.takeFarther(frame, parts);
    this.leaveOut(frame, parts);
    return { parts, places: this.inOrder.filter((place) => offers.isTaken[place] === 0) };
  }

  private takeNearest(frame: Frame, steered: RowTable): void {
    const { interest, offers, credit, left } = frame;
    const forOthers = (left + credit) * (OTHERS_PART + PART_OF_DUE * interest.round.due);
    this.findNearest(interest, steered);
    for (const place of this.nearest.places)
      if (offers.isTaken[place] === 0 && frame.left + credit > forOthers) take(frame, place);
  }

  /** The next parts of the round: those that are due while they can be borrowed for, and further ones that fit. */
  private takeParts(frame: Frame): SketchParts | undefined {
    const { round } = frame.interest;
    const credit = frame.credit * (round.framesWithoutPart > 0 ? CREDIT_WHEN_LATE : CREDIT_OF_PARTS);
    const mustCome = round.framesWithoutPart >= MOST_FRAMES_WITHOUT && frame.left + frame.credit > 0;
    const first = nextPart(round.parts);
    round.due = Math.min(MOST_PARTS_TOLD, round.due + SKETCH_PARTS / FRAMES_OF_A_ROUND);
    let count = 0;
    for (; count < MOST_PARTS_TOLD; count++) {
      const bits = this.partsBits(frame, { first: (first + count) % SKETCH_PARTS, count: 1 });
      const most = count < Math.floor(round.due) ? frame.left + credit : frame.left;
      if (bits > most && !(mustCome && count === 0)) break;
      frame.left -= bits;
    }
    round.framesWithoutPart = count === 0 ? round.framesWithoutPart + 1 : 0;
    if (count === 0) return undefined;
    round.due = Math.max(0, round.due - count);
    round.parts = { first, count };
    return round.parts;
  }

  /** What some parts take of all regions that are not told exactly. */
  private partsBits({ interest: { window }, offers }: Frame, parts: SketchParts): number {
    let bits = 0;
    for (let place = 0; place < window.length; place++)
      if (offers.isTaken[place] === 0) bits += this.sketchBits(place, window[place], parts);
    return bits;
  }

  /** Regions that fit exactly, instead of their sketches; and one that never does, when there has been none for long. */
  private takeFarther(frame: Frame, parts: SketchParts | undefined): void {
    const { interest, offers, credit } = frame;
    const { window, round } = interest;
    round.framesWithoutRegion++;
    for (const place of this.inOrder) {
      if (offers.isTaken[place] === 1) continue;
      const saved = parts === undefined ? 0 : this.sketchBits(place, window[place], parts);
      const isOwed = round.framesWithoutRegion > FRAMES_OF_A_ROUND && parts !== undefined && frame.left + credit > 0;
      if (!isOwed && offers.bits[place] + BITS_IF_EXACT - saved > frame.left) continue;
      frame.left += saved;
      take(frame, place);
      round.framesWithoutRegion = 0;
    }
  }

  private leaveOut({ interest, offers }: Frame, parts: SketchParts | undefined): void {
    const { isSent, isTaken } = offers;
    for (const place of this.inOrder) {
      isSent[place] &= isTaken[place];
      // Nobody can tell from a frame that leaves regions out whether there is any news of one of which it says nothing.
      if (parts === undefined && isSent[place] === 0 && !interest.isStillAt(place)) isTaken[place] = 0;
    }
  }

  /** By insertion: a window is nearly in this order. */
  private sortPlaces({ window, ownX: x, ownY: y }: Interest): void {
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

  /** Finds the places where the entities stand that are nearest to the steered one. */
  private findNearest({ window, ownX: x, ownY: y }: Interest, { slots, starts, rows }: RowTable): void {
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

/** Tells a region exactly. */
function take(frame: Frame, place: number): void {
  frame.offers.isTaken[place] = 1;
  frame.left -= frame.offers.bits[place] + BITS_IF_EXACT;
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
