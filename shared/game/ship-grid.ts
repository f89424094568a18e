/**
 * Finds ships by place: a square grid that is filled anew each step (a counting sort, no allocation), so that contact
 * and hits cost what is near and not every pair.
 */

import { IntList } from "@starwake/shared/engine/int-list.ts";
import type { ShipRow } from "./entities.ts";
import { QUANTA_PER_UNIT } from "./rules.ts";

const CELL = 128 * QUANTA_PER_UNIT;

export class ShipGrid {
  private readonly columns: number;
  private readonly starts: Int32Array;
  private slots = new Int32Array(64);
  /** The rows in which there are ships: `starts` is told for these alone, since a client knows a few ships of a large map. */
  private firstRow = 0;
  private lastRow = -1;
  private readonly found = new IntList();

  /** `side` of the map in coordinate quanta. */
  constructor(side: number) {
    this.columns = Math.ceil(side / CELL) + 1;
    this.starts = new Int32Array(this.columns * this.columns + 1);
  }

  /** Sorts the living ships by cell; `ships` is the list whose places near() gives. */
  fill(ships: readonly ShipRow[]): void {
    if (this.slots.length < ships.length) this.slots = new Int32Array(ships.length * 2);
    this.findRows(ships);
    const first = this.firstRow * this.columns;
    const end = (this.lastRow + 1) * this.columns;
    if (first >= end) return;
    const starts = this.starts.fill(0, first, end + 1);
    for (const ship of ships) if (ship.respawn === 0) starts[this.cellOf(ship.x, ship.y) + 1]++;
    for (let cell = first + 1; cell <= end; cell++) starts[cell] += starts[cell - 1];
    const count = starts[end];
    for (let slot = ships.length - 1; slot >= 0; slot--) {
      const ship = ships[slot];
      if (ship.respawn === 0) this.slots[--starts[this.cellOf(ship.x, ship.y) + 1]] = slot;
    }
    // Counting down has left the start of each cell where its end was: one place too far.
    starts.copyWithin(first, first + 1, end + 1);
    starts[end] = count;
  }

  private findRows(ships: readonly ShipRow[]): void {
    let [first, last] = [this.columns, -1];
    for (const ship of ships) {
      if (ship.respawn !== 0) continue;
      const row = this.lineOf(ship.y);
      if (row < first) first = row;
      if (row > last) last = row;
    }
    this.firstRow = first;
    this.lastRow = last;
  }

  /** The places of all living ships whose cell touches a box of whole quanta; the list is good until the next call. */
  near(left: number, top: number, right: number, bottom: number): IntList {
    const { found } = this;
    found.clear();
    const firstColumn = this.lineOf(left);
    const lastColumn = this.lineOf(right);
    const lastRow = Math.min(this.lineOf(bottom), this.lastRow);
    for (let row = Math.max(this.lineOf(top), this.firstRow); row <= lastRow; row++) {
      const begin = this.starts[row * this.columns + firstColumn];
      const end = this.starts[row * this.columns + lastColumn + 1];
      for (let index = begin; index < end; index++) found.push(this.slots[index]);
    }
    return found;
  }

  private lineOf(coordinate: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor(coordinate / CELL)));
  }

  private cellOf(x: number, y: number): number {
    return this.lineOf(y) * this.columns + this.lineOf(x);
  }
}
