/**
 * Records ⑨: one tick of the world as rows of whole numbers, with the cells that each stands in. They are what
 * replication, history, hashes and rewind read; nobody but the game reads the world itself.
 *
 * Buffers are kept and reused: a Records object is filled anew for each tick.
 *
 * Next: server/engine/history.ts keeps the last 64 of them; server/engine/replicator.ts (⑩) sends them.
 */
import { type CellGrid, homeCell, regionsAlong } from "./cell-grid.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import { type Schema, writeRow } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** The way of a record that passes through cells, from its birth on, in quanta. */
export type Span = { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };

type Values = Readonly<Record<string, number>>;

/** What a game writes its world into after each step. Entities of a kind come in ascending order of id. */
export type RecordSink = {
  /** An entity that stands where its coordinates say, or where `span` begins and in every gate that it passes. */
  entity(kind: number, id: EntityId, values: Values, span?: Span): void;
  /** An entity that nobody sees: only its owner is told. */
  hidden(kind: number, id: EntityId, values: Values): void;
  event(schema: number, values: Values, span: Span): void;
};

/** The rows of one kind (or of one event schema) at one tick, and which of them stand in each region. */
export class RowTable {
  readonly schema: Schema;
  count = 0;
  ids = new Float64Array(16);
  rows: Int32Array;
  /** Slots of region r: `slots[starts[r]]` to `slots[starts[r + 1] − 1]`, in order of id. */
  readonly starts: Int32Array;
  slots = new Int32Array(16);
  private memberCount = 0;
  private memberCells = new Int32Array(16);
  private memberSlots = new Int32Array(16);

  constructor(schema: Schema, regionCount: number) {
    this.schema = schema;
    this.rows = new Int32Array(16 * schema.fields.length);
    this.starts = new Int32Array(regionCount + 1);
  }

  clear(): void {
    this.count = 0;
    this.memberCount = 0;
  }

  /** Adds a row and returns its slot. @throws when ids do not ascend, or a value is out of range. */
  add(id: EntityId, values: Values): number {
    const slot = this.count;
    if (slot > 0 && id <= this.ids[slot - 1]) {
      throw new Error(
        `${this.schema.name}: record entities in ascending order of id; ${id} came after ${this.ids[slot - 1]}`,
      );
    }
    if (slot === this.ids.length) this.grow();
    writeRow(this.schema, values, this.rows, slot * this.schema.fields.length);
    this.ids[slot] = id;
    this.count++;
    return slot;
  }

  stand(slot: number, cell: number): void {
    if (this.memberCount === this.memberCells.length) {
      this.memberCells = enlarged(this.memberCells);
      this.memberSlots = enlarged(this.memberSlots);
      this.slots = enlarged(this.slots);
    }
    this.memberCells[this.memberCount] = cell;
    this.memberSlots[this.memberCount] = slot;
    this.memberCount++;
  }

  /** Sorts the members by cell (a counting sort, which keeps the order of ids). */
  sortByCell(): void {
    const starts = this.starts.fill(0);
    for (let member = 0; member < this.memberCount; member++) starts[this.memberCells[member] + 1]++;
    for (let cell = 1; cell < starts.length; cell++) starts[cell] += starts[cell - 1];
    for (let member = this.memberCount - 1; member >= 0; member--) {
      this.slots[--starts[this.memberCells[member] + 1]] = this.memberSlots[member];
    }
    // Counting down has left the start of each cell where its end was: one place too far.
    starts.copyWithin(0, 1);
    starts[starts.length - 1] = this.memberCount;
  }

  /** The slot of an id, or −1. */
  slotOf(id: EntityId): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.ids[middle] === id) return middle;
      if (this.ids[middle] < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The region where an entity stands that stands in one alone, or −1: nobody sees it. */
  regionOf(slot: number): number {
    let low = 0;
    let high = this.memberCount - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.memberSlots[middle] === slot) return this.memberCells[middle];
      if (this.memberSlots[middle] < slot) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private grow(): void {
    const ids = new Float64Array(this.ids.length * 2);
    ids.set(this.ids);
    this.ids = ids;
    this.rows = enlarged(this.rows);
  }
}

function enlarged(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

export class Records implements RecordSink {
  tick: Tick = -1;
  readonly kinds: readonly RowTable[];
  readonly events: readonly RowTable[];
  private readonly format: readonly EntityKind[];
  private readonly grid: CellGrid;
  private readonly homes: HomeCells;
  private readonly along: number[] = [];

  /** `homes` is shared by successive ticks of one world, so that an entity can stay with its cell. */
  constructor(kinds: readonly EntityKind[], events: readonly Schema[], grid: CellGrid, homes: HomeCells) {
    this.kinds = kinds.map((kind) => new RowTable(kind, grid.regionCount));
    this.events = events.map((schema) => new RowTable(schema, grid.regionCount));
    this.format = kinds;
    this.grid = grid;
    this.homes = homes;
  }

  /** Fills the records with one tick: `write` hands every entity and event to the sink. */
  fill(tick: Tick, write: (sink: RecordSink) => void): void {
    this.tick = tick;
    for (const table of this.kinds) table.clear();
    for (const table of this.events) table.clear();
    write(this);
    for (const table of this.kinds) table.sortByCell();
    for (const table of this.events) table.sortByCell();
    this.homes.forgetUnseen(tick);
  }

  entity(kind: number, id: EntityId, values: Values, span?: Span): void {
    const table = this.kinds[kind];
    const slot = table.add(id, values);
    if (span === undefined) table.stand(slot, this.homes.of(this.grid, kind, id, values.x, values.y, this.tick));
    else this.standAlong(table, slot, span, this.birthHome(kind, id, values, span));
  }

  hidden(kind: number, id: EntityId, values: Values): void {
    this.kinds[kind].add(id, values);
  }

  event(schema: number, values: Values, span: Span): void {
    const table = this.events[schema];
    this.standAlong(table, table.add(table.count, values), span);
  }

  /**
   * Where an entity with a span begins, for good: with the one that brought it forth, as that stood at its birth, so
   * that whoever is told of the birth can foretell it.
   */
  private birthHome(kind: number, id: EntityId, values: Values, { x0, y0 }: Span): number {
    const { anchorField, names } = this.format[kind];
    return this.homes.atBirth(kind, id, this.tick, () => {
      const anchorHome = anchorField < 0 ? undefined : this.homes.at(0, values[names[anchorField]], this.tick);
      return anchorHome ?? homeCell(this.grid, -1, x0, y0);
    });
  }

  private standAlong(table: RowTable, slot: number, span: Span, home?: number): void {
    regionsAlong(this.grid, span.x0, span.y0, span.x1, span.y1, this.along, home);
    for (const region of this.along) table.stand(slot, region);
  }
}

/** The cell that each moving entity belongs to, from one tick to the next. */
export class HomeCells {
  private readonly homes = new Map<number, { cell: number; seen: Tick }>();

  of(grid: CellGrid, kind: number, id: EntityId, x: number, y: number, tick: Tick): number {
    const key = id * KIND_LIMIT + kind;
    const home = this.homes.get(key);
    if (home === undefined) {
      const cell = homeCell(grid, -1, x, y);
      this.homes.set(key, { cell, seen: tick });
      return cell;
    }
    home.cell = homeCell(grid, home.cell, x, y);
    home.seen = tick;
    return home.cell;
  }

  /** The cell that an entity was given when it was first recorded. */
  atBirth(kind: number, id: EntityId, tick: Tick, give: () => number): number {
    const key = id * KIND_LIMIT + kind;
    const home = this.homes.get(key) ?? { cell: give(), seen: tick };
    home.seen = tick;
    this.homes.set(key, home);
    return home.cell;
  }

  /** The cell of an entity that has been recorded in this tick; undefined: it has not. */
  at(kind: number, id: EntityId, tick: Tick): number | undefined {
    const home = this.homes.get(id * KIND_LIMIT + kind);
    return home?.seen === tick ? home.cell : undefined;
  }

  forgetUnseen(tick: Tick): void {
    this.homes.forEach((home, key) => {
      if (home.seen !== tick) this.homes.delete(key);
    });
  }
}

const KIND_LIMIT = 16;
