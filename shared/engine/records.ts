/**
 * Records ⑨: one tick of the world as rows of whole numbers, with the cells that each stands in. They are what
 * replication, history, hashes and rewind read; nobody but the game reads the world itself.
 *
 * Buffers are kept and reused: a Records object is filled anew for each tick.
 *
 * Next: server/engine/history.ts keeps the last 16 of them; server/engine/replicator.ts (⑩) sends them.
 */
import { type CellGrid, cellAt, homeCell, regionsAlong } from "./cell-grid.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import type { HomeCells } from "./home-cells.ts";
import { IntList } from "./int-list.ts";
import { type Schema, writeRow } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** The way of a record that passes through cells, from its birth on, in quanta. */
export type Span = { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };

type Values = Readonly<Record<string, number>>;

/** What a game writes its world into after each step. Entities of a kind come in ascending order of id. */
export type RecordSink = {
  /**
   * An entity that stands where its coordinates say, or where `span` begins and in every gate that it passes; its span
   * is the same in every tick.
   */
  entity(kind: number, id: EntityId, values: Values, span?: Span): void;
  /**
   * An entity of a still kind as it was recorded at the last tick, which is several times faster.
   * @returns whether it was; if not, it is to be recorded as a new one
   */
  again(kind: number, id: EntityId): boolean;
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
  /** The regions where rows stand, row by row in the order in which they were added. */
  memberCells = new Int32Array(16);
  /** The members of slot s end before `memberEnds[s]`, and begin where those of the slot before it end. */
  memberEnds = new Int32Array(16);
  /**
   * For each slot the way of the row: x and y where it begins, and where it ends; twice the same for what stands. Kept only
   * where readers are told by places, not by cells alone: see Space.leaveMargin.
   */
  spans = new Int32Array(0);
  readonly hasSpans: boolean;
  private memberCount = 0;

  constructor(schema: Schema, { regionCount, space }: CellGrid) {
    this.schema = schema;
    this.hasSpans = space.leaveMargin !== undefined;
    this.rows = new Int32Array(16 * schema.fields.length);
    this.starts = new Int32Array(regionCount + 1);
  }

  clear(): void {
    this.count = 0;
    this.memberCount = 0;
  }

  /** Adds a row. @throws when ids do not ascend, or a value is out of range. */
  add(id: EntityId, values: Values): void {
    const slot = this.open(id);
    writeRow(this.schema, values, this.rows, slot * this.schema.fields.length);
  }

  /** Adds a row that stands at slot `from` of other rows. @throws when ids do not ascend. */
  copy(id: EntityId, rows: Int32Array, from: number): void {
    const slot = this.open(id);
    const stride = this.schema.fields.length;
    for (let field = 0; field < stride; field++) this.rows[slot * stride + field] = rows[from * stride + field];
  }

  private open(id: EntityId): number {
    const slot = this.count;
    if (slot > 0 && id <= this.ids[slot - 1]) {
      throw new Error(
        `${this.schema.name}: record entities in ascending order of id; ${id} came after ${this.ids[slot - 1]}`,
      );
    }
    if (slot === this.ids.length) this.grow();
    this.ids[slot] = id;
    this.memberEnds[slot] = this.memberCount;
    this.count++;
    return slot;
  }

  /** Says where the row leads that was added last, or where it stands. */
  lead(x0: number, y0: number, x1: number, y1: number): void {
    if (!this.hasSpans) return;
    const at = (this.count - 1) * 4;
    if (this.spans.length < this.count * 4) this.spans = enlarged(this.spans, this.ids.length * 4);
    this.spans[at] = x0;
    this.spans[at + 1] = y0;
    this.spans[at + 2] = x1;
    this.spans[at + 3] = y1;
  }

  /** Has the row that was added last stand in a region, too. */
  stand(region: number): void {
    if (this.memberCount === this.memberCells.length) {
      const length = largerThan(this.memberCount);
      this.memberCells = enlarged(this.memberCells, length);
      this.slots = enlarged(this.slots, length);
    }
    this.memberCells[this.memberCount] = region;
    this.memberEnds[this.count - 1] = ++this.memberCount;
  }

  /** Flags the regions where the row stands that was added last. */
  traceNewest(traces: Uint8Array): void {
    const slot = this.count - 1;
    for (let member = beginOf(this.memberEnds, slot); member < this.memberEnds[slot]; member++)
      traces[this.memberCells[member]] |= Trace.Changed;
  }

  /** Sorts the members by cell (a counting sort, which keeps the order of ids), and flags the regions where any stand. */
  sortByCell(traces: Uint8Array, flag: number): void {
    const { memberCells, memberEnds } = this;
    const starts = this.starts.fill(0);
    for (let member = 0; member < this.memberCount; member++) {
      starts[memberCells[member] + 1]++;
      traces[memberCells[member]] |= flag;
    }
    for (let cell = 1; cell < starts.length; cell++) starts[cell] += starts[cell - 1];
    let member = this.memberCount;
    for (let slot = this.count - 1; slot >= 0; slot--) {
      const begin = beginOf(memberEnds, slot);
      while (member > begin) this.slots[--starts[memberCells[--member] + 1]] = slot;
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

  /** The region where an entity stands, the first of them if there are several, or −1: nobody sees it. */
  regionOf(slot: number): number {
    const begin = beginOf(this.memberEnds, slot);
    return begin < this.memberEnds[slot] ? this.memberCells[begin] : -1;
  }

  private grow(): void {
    const length = largerThan(this.ids.length);
    const ids = new Float64Array(length);
    ids.set(this.ids);
    this.ids = ids;
    this.rows = enlarged(this.rows, length * this.schema.fields.length);
    this.memberEnds = enlarged(this.memberEnds, length);
  }
}

/** Where the members of a slot begin: where those of the slot before it end. */
export function beginOf(memberEnds: Int32Array, slot: number): number {
  return slot === 0 ? 0 : memberEnds[slot - 1];
}

/** By an eighth: a history keeps 16 of everything, and what is kept empty is most of a large room's memory. */
function largerThan(length: number): number {
  return length + Math.max(16, length >> 3);
}

function enlarged(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

/** Flags of a region's tick: something came, went or became another; something happened; something stands there that can move. */
export const Trace = { Changed: 1, Event: 2, Moving: 4 } as const;
/** What a reader might have to be told. */
export const NEWS = Trace.Changed | Trace.Event;

export class Records implements RecordSink {
  tick: Tick = -1;
  /** For each region flags, see Trace. Where there is no news, all is as it was at the tick before, but for what has ended. */
  readonly traces: Uint8Array;
  readonly kinds: readonly RowTable[];
  readonly events: readonly RowTable[];
  private readonly format: readonly EntityKind[];
  private readonly grid: CellGrid;
  private readonly homes: HomeCells;
  private readonly along = new IntList();

  /** `homes` is shared by successive ticks of one world, so that an entity can stay with its cell. */
  constructor(kinds: readonly EntityKind[], events: readonly Schema[], grid: CellGrid, homes: HomeCells) {
    this.kinds = kinds.map((kind) => new RowTable(kind, grid));
    this.events = events.map((schema) => new RowTable(schema, grid));
    this.traces = new Uint8Array(grid.regionCount);
    this.format = kinds;
    this.grid = grid;
    this.homes = homes;
  }

  /** Fills the records with one tick: `write` hands every entity and event to the sink. */
  fill(tick: Tick, write: (sink: RecordSink) => void): void {
    this.tick = tick;
    for (const table of this.kinds) table.clear();
    for (const table of this.events) table.clear();
    this.traces.fill(0);
    this.homes.begin(this.format, this.traces);
    write(this);
    for (const [kind, table] of this.kinds.entries())
      table.sortByCell(this.traces, this.format[kind].isStill ? 0 : Trace.Moving);
    for (const table of this.events) table.sortByCell(this.traces, Trace.Event);
    this.homes.keep(this.kinds);
  }

  entity(kind: number, id: EntityId, values: Values, span?: Span): void {
    const table = this.kinds[kind];
    table.add(id, values);
    const home = this.homes.find(kind, id);
    if (span === undefined) {
      table.lead(values.x, values.y, values.x, values.y);
      table.stand(homeCell(this.grid, home, values.x, values.y));
    } else this.standAlong(table, span, home >= 0 ? home : this.birthHome(kind, values, span));
    const entityKind = this.format[kind];
    const isAsBefore = home >= 0 && (entityKind.isStill || !this.homes.traceChange(kind, entityKind, table));
    if (!isAsBefore) table.traceNewest(this.traces);
  }

  again(kind: number, id: EntityId): boolean {
    if (!this.format[kind].isStill)
      throw new Error(`${this.format[kind].name}: only what is still can be recorded again; record it as an entity`);
    return this.homes.recordAgain(kind, id, this.kinds[kind]);
  }

  hidden(kind: number, id: EntityId, values: Values): void {
    this.kinds[kind].add(id, values);
  }

  event(schema: number, values: Values, span: Span): void {
    const table = this.events[schema];
    table.add(table.count, values);
    this.standAlong(table, span, cellAt(this.grid, span.x0, span.y0));
  }

  /**
   * Where an entity with a span begins, for good: with the one that brought it forth, as that stands at its birth, so
   * that whoever is told of the birth can foretell it.
   */
  private birthHome(kind: number, values: Values, { x0, y0 }: Span): number {
    const { anchorField, names } = this.format[kind];
    const anchor = anchorField < 0 ? -1 : this.kinds[0].slotOf(values[names[anchorField]]);
    const home = anchor < 0 ? -1 : this.kinds[0].regionOf(anchor);
    return home >= 0 ? home : cellAt(this.grid, x0, y0);
  }

  private standAlong(table: RowTable, { x0, y0, x1, y1 }: Span, home: number): void {
    const { along } = this;
    table.lead(x0, y0, x1, y1);
    regionsAlong(this.grid, x0, y0, x1, y1, home, along);
    for (let index = 0; index < along.count; index++) table.stand(along.items[index]);
  }
}
