/**
 * The frame budget: how a frame tells what does not fit into it whole. Who is nearest is told exactly, in every frame; all
 * others as sketches, as many parts of them in each frame as fit, in turn; and what is left then goes to exact regions,
 * from the nearest to the farthest.
 */
import { type CellGrid, cellOriginX, cellOriginY } from "@starwake/shared/engine/cell-grid.ts";
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import { MOST_PARTS_TOLD, SKETCH_PARTS, type SketchParts } from "@starwake/shared/engine/chunk-sketch.ts";
import type { Records, RowTable } from "@starwake/shared/engine/records.ts";
import type { Interest } from "./interest.ts";
import type { Offers } from "./offers.ts";

/** So many entities count as nearest, the steered one among them; their regions may take this part of a frame. */
const NEAREST = 21;
const NEAREST_PART = 0.8;
/** What an exact region costs in a sparse frame besides its chunk: to say that it is one, and from which tick. */
const BITS_IF_EXACT = 12;
/** However small the budget, a frame has so many bits for regions: all comes in the end. */
export const LEAST_BITS = 64;

/** The places that are sketched; where not even sketches fit there are no parts, and they are left out. */
type Choice = { readonly places: readonly number[]; readonly parts: SketchParts | undefined };

type SketchBits = (region: number, parts: SketchParts) => number;

export class FrameBudget {
  private readonly format: ChunkFormat;
  private readonly sketchBits: SketchBits;

  constructor(format: ChunkFormat, sketchBits: SketchBits) {
    this.format = format;
    this.sketchBits = sketchBits;
  }

  /**
   * Of what there is to tell exactly leaves what fits, and neither sends nor takes the rest. A frame may be too long by
   * a part of one region, which the next ones then go without.
   */
  choose(interest: Interest, offered: Offers, { kinds }: Records, budgetBits: number): Choice {
    const { window } = interest;
    const { bits, isSent, isTaken } = offered;
    const distances = window.map((region) => distanceTo(this.format.grid, region, interest.x, interest.y));
    const inOrder = [...window.keys()].sort((one, other) => distances[one] - distances[other]);
    let left = budgetBits - interest.overdraft;
    const take = (place: number) => {
      isTaken[place] = 1;
      left -= bits[place] + BITS_IF_EXACT;
    };
    // What its reader holds rightly already costs nothing.
    for (const place of inOrder) isTaken[place] = 1 - isSent[place];
    const nearest = interest.isOwedSketches ? [] : this.nearestPlaces(interest, inOrder, distances, kinds[0]);
    for (const place of nearest) if (isTaken[place] === 0 && left > budgetBits * (1 - NEAREST_PART)) take(place);
    const parts = this.nextParts(interest, isTaken, left);
    // Where the nearest leave nothing for the others, they take turns with them.
    interest.isOwedSketches = parts === undefined && nearest.length > 0;
    const costOf = (place: number) => (parts === undefined ? 0 : this.sketchBits(window[place], parts));
    for (const place of inOrder) if (isTaken[place] === 0) left -= costOf(place);
    for (const place of inOrder) {
      if (isTaken[place] === 1 || bits[place] + BITS_IF_EXACT - costOf(place) > left) continue;
      left += costOf(place);
      take(place);
    }
    for (const place of inOrder) {
      isSent[place] &= isTaken[place];
      // Nobody can tell from a frame that leaves regions out whether there is anything in one of which it says nothing.
      if (parts === undefined && isSent[place] === 0 && interest.knownAt(place) === undefined) isTaken[place] = 0;
    }
    return { parts, places: inOrder.filter((place) => isTaken[place] === 0) };
  }

  /** The next parts in turn, as many as fit of those who are not told exactly. */
  private nextParts(interest: Interest, isTaken: Uint8Array, left: number): SketchParts | undefined {
    if (left <= 0) return undefined;
    const { window, parts } = interest;
    const first = (parts.first + parts.count) % SKETCH_PARTS;
    const fits = (count: number) => {
      let bits = 0;
      for (let place = 0; place < window.length; place++)
        if (isTaken[place] === 0) bits += this.sketchBits(window[place], { first, count });
      return bits <= left;
    };
    let { count } = parts;
    while (count > 1 && !fits(count)) count--;
    while (count < MOST_PARTS_TOLD && fits(count + 1)) count++;
    interest.parts = { first, count };
    return interest.parts;
  }

  /** The places where the entities stand that are nearest to the middle of the view, the nearest first. */
  private nearestPlaces(
    { window, x, y }: Interest,
    inOrder: readonly number[],
    distances: readonly number[],
    steered: RowTable,
  ): number[] {
    const { at, fields } = this.format.kinds[0];
    let nearest: { readonly place: number; readonly distance: number }[] = [];
    for (const place of inOrder) {
      if (nearest.length >= NEAREST && distances[place] > nearest[NEAREST - 1].distance) break;
      for (let member = steered.starts[window[place]]; member < steered.starts[window[place] + 1]; member++) {
        const offset = steered.slots[member] * fields.length;
        nearest.push({ place, distance: Math.hypot(steered.rows[offset + at.x] - x, steered.rows[offset + at.y] - y) });
      }
      nearest = nearest.sort((one, other) => one.distance - other.distance).slice(0, NEAREST);
    }
    return [...new Set(nearest.map(({ place }) => place))];
  }
}

/** From a point to the nearest that can stand in a cell, or in the cell of a gate. */
function distanceTo(grid: CellGrid, region: number, x: number, y: number): number {
  const { cellSize, stayMargin } = grid.space;
  const beyond = (d: number) => Math.max(0, -d - stayMargin, d - cellSize - stayMargin);
  return Math.hypot(beyond(x - cellOriginX(grid, region)), beyond(y - cellOriginY(grid, region)));
}
