/**
 * The frame budget: which regions a frame carries when not all of them fit. One part of it is for those that hold who is
 * nearest, in every frame; the rest of them take turns: what is unknown first, and then what has waited longest.
 */
import { type CellGrid, cellOriginX, cellOriginY } from "@starwake/shared/engine/cell-grid.ts";
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import type { Records, RowTable } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Interest } from "./interest.ts";

/** So many entities count as nearest; their regions may take this part of a frame, and others what is left. */
const NEAREST = 20;
const NEAREST_PART = 0.6;
/** A region that is so many cells nearer goes before one that has waited a tick longer. */
const CELLS_PER_TICK = 4;
/** Ranks from which on comes what the reader knows nothing of, and what has waited for long. */
const UNKNOWN = -2_000;
const LONG_AGO = -1_000;
/** What a region costs besides its chunk: to say that it comes, from which tick; or that it does not. */
const BITS_IF_TOLD = 12;
const BITS_IF_LEFT_OUT = 6;
/** However small the budget, a frame has so many bits for chunks: all comes in the end. */
const LEAST_BITS = 64;

/** What there is to tell, by place in the window; see replicator.ts. */
export type Offered = {
  readonly bits: Int32Array;
  readonly isSent: Uint8Array;
  readonly isTaken: Uint8Array;
};

export class FrameBudget {
  private readonly format: ChunkFormat;
  /** Nobody is to wait for as long as this, in ticks. */
  private readonly longWait: number;

  constructor(format: ChunkFormat, longWait: number) {
    this.format = format;
    this.longWait = longWait;
  }

  /**
   * Leaves out what does not fit: it is neither sent nor taken. A frame may be too long by a part of one region, which the
   * next ones then go without.
   */
  choose(interest: Interest, offered: Offered, { tick, kinds }: Records, budgetBits: number): void {
    const places = interest.window.length;
    const { bits, isSent, isTaken } = offered;
    const distances = interest.window.map((region) => distanceTo(this.format.grid, region, interest.x, interest.y));
    const near = this.nearestPlaces(interest, distances, kinds[0]);
    const ranks = distances.map((distance, place) => this.rank(distance, tick, interest.knownAt(place)));
    const inTurn = allPlaces(places).sort((one, other) => ranks[one] - ranks[other]);
    const { overdraft } = interest;
    const income = Math.max(LEAST_BITS, budgetBits - places * BITS_IF_LEFT_OUT);
    isTaken.fill(0, 0, places);
    let left = income * NEAREST_PART - overdraft.near;
    const takeWhileAnyLeft = (place: number) => {
      if (isTaken[place] === 1 || left <= 0) return;
      isTaken[place] = 1;
      if (isSent[place] === 1) left -= bits[place] + BITS_IF_TOLD;
    };
    for (const place of near) takeWhileAnyLeft(place);
    overdraft.near = Math.max(0, -left);
    left = Math.max(0, left) + income * (1 - NEAREST_PART) - overdraft.inTurn;
    for (const place of inTurn) takeWhileAnyLeft(place);
    overdraft.inTurn = Math.max(0, -left);
    for (let place = 0; place < places; place++) isSent[place] &= isTaken[place];
  }

  /** The lower the sooner: what is unknown, what has waited for long, and the rest by waiting and by distance. */
  private rank(distance: number, tick: Tick, known: Tick | undefined): number {
    const cells = distance / this.format.grid.space.cellSize;
    if (known === undefined) return UNKNOWN + cells;
    return tick - known >= this.longWait ? LONG_AGO - (tick - known) : cells / CELLS_PER_TICK - (tick - known);
  }

  /** The places, the nearest first, where the entities stand that are nearest to the middle of the view. */
  private nearestPlaces({ window, x, y }: Interest, distances: readonly number[], steered: RowTable): number[] {
    const { at, fields } = this.format.kinds[0];
    const inOrder = allPlaces(window.length).sort((one, other) => distances[one] - distances[other]);
    const nearest: number[] = [];
    const places: number[] = [];
    for (const place of inOrder) {
      if (nearest.length >= NEAREST && distances[place] > nearest[NEAREST - 1]) break;
      places.push(place);
      for (let member = steered.starts[window[place]]; member < steered.starts[window[place] + 1]; member++) {
        const offset = steered.slots[member] * fields.length;
        nearest.push(Math.hypot(steered.rows[offset + at.x] - x, steered.rows[offset + at.y] - y));
      }
      nearest.sort((one, other) => one - other);
      if (nearest.length > NEAREST) nearest.length = NEAREST;
    }
    return places;
  }
}

function allPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

/** From a point to the nearest of a cell, or of the cell of a gate. */
function distanceTo(grid: CellGrid, region: number, x: number, y: number): number {
  const { cellSize } = grid.space;
  const dx = x - cellOriginX(grid, region);
  const dy = y - cellOriginY(grid, region);
  return Math.hypot(Math.max(0, -dx, dx - cellSize), Math.max(0, -dy, dy - cellSize));
}
