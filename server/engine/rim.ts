/**
 * The rim of a session's view: the regions where anything stands, passes or has happened outside of it. Of those the session
 * is told only what meets the view; all others are told whole, and are encoded once for everybody. It looks at one place of
 * one session's window after the other.
 */
import { type CellGrid, viewOf } from "@starwake/shared/engine/cell-grid.ts";
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import { placeInCell } from "@starwake/shared/engine/chunk-crossers.ts";
import type { Membership } from "@starwake/shared/engine/chunk-membership.ts";
import { type KnownList, meets, type Part } from "@starwake/shared/engine/chunk-part.ts";
import type { EntityId } from "@starwake/shared/engine/entity-kind.ts";
import { beginOf, type Records, type RowTable } from "@starwake/shared/engine/records.ts";
import type { History } from "./history.ts";
import type { Interest } from "./interest.ts";

export class Rim implements Part {
  private readonly history: History;
  private readonly format: ChunkFormat;
  private readonly grid: CellGrid;
  /** undefined: whoever sees a cell is told of all that stands there. */
  private readonly leaveMargin: number | undefined;
  private interest!: Interest;
  /** The view: its middle, and half of its size. */
  private x = 0;
  private y = 0;
  private halfWidth = 0;
  private halfHeight = 0;
  /** The place at hand, and what its reader knew of it: all, or the lists of a part, as of `from`. */
  private place = 0;
  private region = 0;
  private isInside = false;
  private isPart = false;
  private from: Records | undefined;
  /** What is handed out; kept and reused. */
  private readonly list = { ids: new Float64Array(0), paced: new Uint8Array(0), begin: 0, end: 0 };
  private memberIds = new Float64Array(0);
  private membersPaced = new Uint8Array(0);

  constructor(history: History) {
    this.history = history;
    this.format = history.format;
    this.grid = this.format.grid;
    this.leaveMargin = this.grid.space.leaveMargin;
  }

  get isThere(): boolean {
    return this.leaveMargin !== undefined;
  }

  /** Begins with a session's frame. */
  lookFrom(interest: Interest): void {
    const { viewHalfWidth, viewHalfHeight } = viewOf(this.grid, interest.shape);
    this.interest = interest;
    this.x = interest.x;
    this.y = interest.y;
    this.halfWidth = viewHalfWidth;
    this.halfHeight = viewHalfHeight;
  }

  /** Whether the session is told of a part of a place alone, or was told so last and has to be told the rest. */
  concerns(place: number, to: Records): boolean {
    const { interest } = this;
    const region = interest.window[place];
    if (this.hasOutsider(place, region, to)) return true;
    return interest.parts.now.isPartAt(place) && interest.knownAt(place) !== undefined && !interest.isSketchAt(place);
  }

  /** Whether anything in a region is outside of what may be known, or has happened there outside of it. */
  private hasOutsider(place: number, region: number, { kinds, tick }: Records): boolean {
    for (let kind = 0; kind < kinds.length; kind++) {
      const table = kinds[kind];
      const { starts, slots, spans } = table;
      const { isStill } = this.format.kinds[kind];
      for (let member = starts[region]; member < starts[region + 1]; member++)
        if (!(isStill ? this.meetsView(table, slots[member]) : this.isNear(spans, slots[member], this.leaveMargin!)))
          return true;
    }
    const known = this.interest.knownAt(place);
    for (let at = known === undefined ? tick : known + 1; at <= tick; at++) {
      const records = this.history.at(at);
      if (records !== undefined && this.hasOutsiderEvent(region, records)) return true;
    }
    return false;
  }

  private hasOutsiderEvent(region: number, { events }: Records): boolean {
    for (const table of events) {
      const { starts, slots } = table;
      for (let member = starts[region]; member < starts[region + 1]; member++)
        if (!this.meetsView(table, slots[member])) return true;
    }
    return false;
  }

  /** Whether a row that stands at one place is in the view, or within a margin around it. */
  private isNear(spans: Int32Array, slot: number, margin: number): boolean {
    return (
      Math.abs(spans[slot * 4] - this.x) <= this.halfWidth + margin &&
      Math.abs(spans[slot * 4 + 1] - this.y) <= this.halfHeight + margin
    );
  }

  /**
   * Takes up a place.
   * @param from what the reader knew of it; undefined: nothing
   */
  takeUp(place: number, from: Records | undefined, to: Records): void {
    const { interest } = this;
    this.place = place;
    this.region = interest.window[place];
    this.isInside = !this.hasOutsider(place, this.region, to);
    this.isPart = interest.parts.now.isPartAt(place);
    this.from = from;
  }

  /** Whether there is nothing at the place at hand to be told of, and nothing was known there. */
  isEmpty(to: Records): boolean {
    for (let kind = 0; kind < to.kinds.length; kind++) {
      const { starts } = to.kinds[kind];
      if (starts[this.region] < starts[this.region + 1]) return false;
      const { begin, end } = this.known(kind);
      if (begin < end) return false;
    }
    return true;
  }

  tells(kind: number, table: RowTable, slot: number, isKnown: boolean): boolean {
    if (this.isInside) return true;
    if (this.format.kinds[kind].isStill)
      return isKnown || (this.meetsView(table, slot) && !this.isKnownElsewhere(kind, table, slot));
    return this.isNear(table.spans, slot, isKnown ? this.leaveMargin! : 0);
  }

  /** Whether the reader knows a row for sure by another region where it stands: a shot passes through several gates. */
  private isKnownElsewhere(kind: number, table: RowTable, slot: number): boolean {
    const { memberCells, memberEnds, ids } = table;
    const { interest, region } = this;
    for (let member = beginOf(memberEnds, slot); member < memberEnds[slot]; member++) {
      const place = memberCells[member] === region ? -1 : interest.window.indexOf(memberCells[member]);
      if (place >= 0 && this.isKnownAt(place, kind, ids[slot])) return true;
    }
    return false;
  }

  /** Whether the reader knows an entity, which stands at a place for good, by that place. */
  private isKnownAt(place: number, kind: number, id: EntityId): boolean {
    const { interest, history } = this;
    const tick = interest.knownAt(place);
    const known = tick === undefined || interest.isSketchAt(place) ? undefined : history.at(tick);
    if (known === undefined) return false;
    return interest.parts.now.isPartAt(place)
      ? interest.parts.now.indexOf(place, kind, id) >= 0
      : known.kinds[kind].slotOf(id) >= 0;
  }

  tellsEvent(table: RowTable, slot: number): boolean {
    return this.isInside || this.meetsView(table, slot);
  }

  private meetsView(table: RowTable, slot: number): boolean {
    return meets(table, slot, this.x, this.y, this.halfWidth, this.halfHeight);
  }

  known(kind: number): KnownList {
    const { list } = this;
    const { now } = this.interest.parts;
    if (this.from !== undefined && !this.isPart) return this.membersOf(kind, this.from);
    list.ids = now.ids;
    list.paced = now.paced;
    list.begin = this.from === undefined ? 0 : now.beginOf(this.place, kind);
    list.end = this.from === undefined ? 0 : now.endOf(this.place, kind);
    return list;
  }

  /** All that stood in the region; whose pace counts the writer finds out. */
  private membersOf(kind: number, from: Records): KnownList {
    const { list, region } = this;
    const { starts, slots, ids } = from.kinds[kind];
    const count = starts[region + 1] - starts[region];
    if (this.memberIds.length < count) {
      this.memberIds = new Float64Array(count * 2);
      this.membersPaced = new Uint8Array(count * 2).fill(1);
    }
    for (let member = 0; member < count; member++) this.memberIds[member] = ids[slots[starts[region] + member]];
    list.ids = this.memberIds;
    list.paced = this.membersPaced;
    list.begin = 0;
    list.end = count;
    return list;
  }

  placeOf(kind: number, cell: number, id: EntityId): number {
    const { interest, from } = this;
    const place = interest.window.indexOf(cell);
    if (place < 0 || from === undefined || interest.isSketchAt(place) || interest.knownAt(place) !== from.tick)
      return -1;
    if (interest.parts.now.isPartAt(place)) return interest.parts.now.indexOf(place, kind, id);
    const slot = from.kinds[kind].slotOf(id);
    return slot < 0 ? -1 : placeInCell(from.kinds[kind], cell, slot);
  }

  /** Notes that the place at hand is empty. */
  keepNothing(): void {
    const { next } = this.interest.parts;
    next.passBy(this.place);
    if (!this.isInside) next.open(this.place, true);
  }

  /**
   * Notes who is known of the place at hand once the frame is read.
   * @param members for each kind who was told
   * @param hasLateEnterer whether any of them had stood there before the reader knew it
   */
  keep(to: Records, members: readonly Membership[], hasLateEnterer: boolean): void {
    const { next } = this.interest.parts;
    const isWhole = this.isInside && !(hasLateEnterer && this.from !== undefined);
    if (isWhole) {
      next.passBy(this.place);
      return;
    }
    next.open(this.place, true);
    for (let kind = 0; kind < members.length; kind++) {
      const { told, toldPaced } = members[kind];
      const { ids } = to.kinds[kind];
      for (let index = 0; index < told.count; index++) next.push(ids[told.items[index]], toldPaced.items[index]);
      next.endList();
    }
  }
}
