/**
 * Chunks ⑪: `chunk(region, from, to)` brings a reader who knows a region at tick `from` (or knows nothing of it) to tick
 * `to`. Writing and reading stand side by side and walk the same lists.
 *
 *   1 any news? that is, leavers, enterers or events
 *   leavers, for each kind, if there is news
 *                 Golomb(count), for each Golomb(gap in the list of those known at `from`)
 *   survivors, for each kind whose rows change, in order of id
 *                 1 first group differs? · if so its differences
 *                 1 anything else? · if so
 *                   1 held fields differ? · if so their differences · Golomb(age of the change − 1)
 *                   for each other group 1 differs? · if so its differences
 *                 (differences: for each field 1 differs?, left out in a group of one · residual)
 *   crossers, for each kind whose rows change, if there is news and `from`: see chunk-crossers.ts
 *   enterers, for each kind, if there is news: see chunk-enterers.ts
 *   events, if there is news
 *                 1 any? · for each schema Golomb(count), for each Golomb(age) · Golomb(number in its tick) · fields
 *
 * Everything is a difference from what the row itself foretells. When what a player holds has changed, the row is
 * foretold up to the change with the old and from there with the new: a ship that only turns costs no motion at all.
 *
 * A field that keeps its pace (where a player turns to: nothing in the row foretells it) is foretold to go on as it did
 * between the tick that the reader knew the region at before `from`, and `from`. So `chunk` has a fourth argument, the
 * ticks between those two; nearly everybody has the same there, too. Who entered since is taken to rest.
 *
 * An entity whose row tells its own end tick leaves unasked when that tick has come.
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import { type CellGrid, cellOriginX, cellOriginY } from "./cell-grid.ts";
import { cellItCameFrom, readCrossers, writeCrosserCount, writeOrigin } from "./chunk-crossers.ts";
import { type ReadAnchors, readEnterers, writeEnterers } from "./chunk-enterers.ts";
import { type KnownEvent, readEvents, writeEvents } from "./chunk-events.ts";
import { Membership, readLeavers, writeLeavers } from "./chunk-membership.ts";
import { readSurvivor, writeSurvivor } from "./chunk-survivors.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import { correct, keepPace, type Reference, residual } from "./field-codec.ts";
import { IntList } from "./int-list.ts";
import type { Records, RowTable } from "./records.ts";
import { RegionAnchors } from "./region-anchors.ts";
import type { Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** What both sides must know to write or read chunks. */
export type ChunkFormat = {
  readonly kinds: readonly EntityKind[];
  readonly events: readonly Schema[];
  readonly grid: CellGrid;
  /** See GameDefinition.advance. */
  readonly advance: (kind: number, row: Int32Array, ticks: number) => void;
  /** See GameDefinition.foretell. */
  readonly foretell: (anchor: Int32Array, row: Int32Array, field: number, tick: Tick) => number;
};

/** An entity as its reader has it: the row at the tick of its cell. */
export type KnownEntity = {
  readonly id: EntityId;
  readonly row: Int32Array;
  /** How its paced fields changed when it was last told, and in how many ticks; undefined: it has been told once. */
  pace?: { readonly changes: Int32Array; ticks: number };
};

/** A region as its reader has it: for each kind the entities in order of id. */
export type KnownRegion = { tick: Tick; kinds: KnownEntity[][] };

type MutableReference = { -readonly [Name in keyof Reference]: Reference[Name] };

function createReference({ grid }: ChunkFormat): MutableReference {
  const { cellSize, stayMargin } = grid.space;
  return { tick: 0, originX: 0, originY: 0, nearSpan: cellSize + 2 * stayMargin, nearSlack: stayMargin };
}

function referTo(reference: MutableReference, grid: CellGrid, region: number, tick: Tick): void {
  reference.tick = tick;
  reference.originX = cellOriginX(grid, region);
  reference.originY = cellOriginY(grid, region);
}

/**
 * Writes chunks. One writer serves one world: all that it works with is kept and reused, so that what is encoded many
 * times in every tick allocates nothing.
 */
export class ChunkWriter {
  private readonly format: ChunkFormat;
  private readonly members: readonly Membership[];
  private readonly predicted: readonly Int32Array[];
  private readonly reference: MutableReference;
  private readonly anchors: RegionAnchors;
  private readonly trail = new MemberTrail();
  private readonly crossers: readonly IntList[];
  /** Cells next door from which somebody has come since `from`, for the chunk written last. */
  readonly origins = new IntList();
  private to: Records | undefined;

  constructor(format: ChunkFormat) {
    this.format = format;
    this.members = format.kinds.map(() => new Membership());
    this.predicted = format.kinds.map((kind) => new Int32Array(kind.fields.length));
    this.reference = createReference(format);
    this.anchors = new RegionAnchors(format);
    this.crossers = format.kinds.map(() => new IntList());
  }

  /**
   * Writes the chunk of `region`. `from` undefined: the reader knows nothing, and is told no events. `before` is what it
   * knew before `from`, as far as its pace counts; undefined: it does not. `between` are
   * records after `from`, up to and with `to`: those whose events are told.
   * @param knowsOrigins whether the reader knew at `from` every cell that `origins` would name
   * @returns whether there was anything to tell; when not, what the reader holds is right as it is
   */
  write(
    writer: BitWriter,
    region: number,
    before: Records | undefined,
    from: Records | undefined,
    to: Records,
    between: readonly Records[],
    knowsOrigins: boolean,
  ): boolean {
    const { kinds } = this.format;
    const hasEvents = from !== undefined && hasEventsIn(between, region);
    let hasNews = hasEvents;
    let hasSurvivors = false;
    for (let index = 0; index < kinds.length; index++) {
      const members = this.members[index];
      members.compare(kinds[index], from?.kinds[index], to.kinds[index], region, to.tick);
      hasNews ||= members.leavers.count + members.enterers.count > 0;
      hasSurvivors ||= members.survivorsTo.count > 0 && !kinds[index].isStill;
    }
    this.to = to;
    this.sortOutCrossers(region, from, knowsOrigins);
    writer.bit(hasNews);
    if (!hasNews && !hasSurvivors) return false;
    if (hasNews) for (const { leavers } of this.members) writeLeavers(writer, leavers);
    for (let kind = 0; kind < kinds.length; kind++)
      if (from !== undefined && !kinds[kind].isStill) this.writeSurvivors(writer, kind, region, before, from, to);
    if (!hasNews) return true;
    if (from !== undefined) this.writeCrossers(writer, region, from, to);
    this.writeNews(writer, region, to, between, hasEvents);
    return true;
  }

  /** Finds the cells that enterers came from; where the reader knows them, those who came are crossers instead. */
  private sortOutCrossers(region: number, from: Records | undefined, knowsOrigins: boolean): void {
    const { kinds, grid } = this.format;
    this.origins.clear();
    for (let kind = 0; kind < kinds.length; kind++) {
      const { enterers } = this.members[kind];
      const crossers = this.crossers[kind];
      crossers.clear();
      if (from === undefined || kinds[kind].isStill || enterers.count === 0) continue;
      const { ids } = this.to!.kinds[kind];
      let kept = 0;
      for (let index = 0; index < enterers.count; index++) {
        const slot = enterers.items[index];
        const cell = cellItCameFrom(grid, region, from.kinds[kind], ids[slot]);
        if (cell >= 0) this.origins.push(cell);
        if (cell >= 0 && knowsOrigins) crossers.push(slot);
        else enterers.items[kept++] = slot;
      }
      enterers.count = kept;
    }
  }

  private writeCrossers(writer: BitWriter, region: number, from: Records, to: Records): void {
    const { kinds, grid } = this.format;
    for (let kind = 0; kind < kinds.length; kind++) {
      if (kinds[kind].isStill) continue;
      const stride = kinds[kind].fields.length;
      const [before, now] = [from.kinds[kind], to.kinds[kind]];
      const crossers = this.crossers[kind];
      writeCrosserCount(writer, crossers);
      for (let index = 0; index < crossers.count; index++) {
        const slot = crossers.items[index];
        const slotBefore = before.slotOf(now.ids[slot]);
        writeOrigin(writer, grid, region, before, slotBefore);
        const ticks = to.tick - from.tick;
        const age = this.foretell(kind, before.rows, slotBefore * stride, now.rows, slot * stride, ticks);
        writeSurvivor(writer, kinds[kind], this.predicted[kind], now.rows, slot * stride, age, ticks);
      }
    }
  }

  private writeNews(
    writer: BitWriter,
    region: number,
    to: Records,
    between: readonly Records[],
    hasEvents: boolean,
  ): void {
    const { kinds, events, grid } = this.format;
    const { reference, anchors } = this;
    referTo(reference, grid, region, to.tick);
    anchors.lookAt(to, region);
    for (let kind = 0; kind < kinds.length; kind++)
      writeEnterers(writer, kinds, kind, to.kinds[kind], this.members[kind].enterers, anchors, reference);
    writer.bit(hasEvents);
    if (hasEvents) writeEvents(writer, events.length, region, between, reference);
  }

  private writeSurvivors(
    writer: BitWriter,
    kind: number,
    region: number,
    before: Records | undefined,
    from: Records,
    to: Records,
  ): void {
    const { survivorsFrom, survivorsTo } = this.members[kind];
    const entityKind = this.format.kinds[kind];
    const stride = entityKind.fields.length;
    const { rows, ids } = from.kinds[kind];
    const toRows = to.kinds[kind].rows;
    const ticks = to.tick - from.tick;
    this.trail.lookAt(before?.kinds[kind], region);
    for (let index = 0; index < survivorsTo.count; index++) {
      const offset = survivorsTo.items[index] * stride;
      const fromOffset = survivorsFrom.items[index] * stride;
      const age = this.foretell(kind, rows, fromOffset, toRows, offset, ticks);
      const slotBefore = this.trail.slotOf(ids[survivorsFrom.items[index]]);
      if (before !== undefined && slotBefore >= 0) {
        const beforeRows = before.kinds[kind].rows;
        this.keepPaces(kind, beforeRows, slotBefore * stride, rows, fromOffset, from.tick - before.tick, ticks);
      }
      writeSurvivor(writer, entityKind, this.predicted[kind], toRows, offset, age, ticks);
    }
  }

  /** Lets the paced fields of `predicted` go on for `ticks` as they changed between two rows, `overTicks` apart. */
  private keepPaces(
    kind: number,
    before: Int32Array,
    beforeOffset: number,
    from: Int32Array,
    fromOffset: number,
    overTicks: number,
    ticks: number,
  ): void {
    const { fields, pacedFields } = this.format.kinds[kind];
    for (const index of pacedFields) {
      const value = from[fromOffset + index];
      const change = residual(fields[index], value, before[beforeOffset + index]);
      this.predicted[kind][index] = keepPace(fields[index], value, change, overTicks, ticks);
    }
  }

  /**
   * Leaves in `predicted` what the row at `from` foretells for `to`.
   * @returns for how many ticks what is held has been held; 0: it has not changed
   */
  private foretell(
    kind: number,
    from: Int32Array,
    fromOffset: number,
    to: Int32Array,
    toOffset: number,
    ticks: number,
  ): number {
    if (!differsIn(this.format.kinds[kind].heldFields, from, fromOffset, to, toOffset)) {
      this.foretellHeld(kind, from, fromOffset, to, toOffset, ticks, 0);
      return 0;
    }
    let bestAge = 1;
    let fewest = this.format.kinds[kind].fields.length + 1;
    for (let age = 1; age <= Math.min(ticks, MAX_TRIED_AGE) && fewest > 0; age++) {
      this.foretellHeld(kind, from, fromOffset, to, toOffset, ticks, age);
      const differing = this.countDiffering(kind, to, toOffset);
      if (differing >= fewest) continue;
      fewest = differing;
      bestAge = age;
    }
    if (fewest > 0) this.foretellHeld(kind, from, fromOffset, to, toOffset, ticks, bestAge);
    return bestAge;
  }

  private foretellHeld(
    kind: number,
    from: Int32Array,
    fromOffset: number,
    to: Int32Array,
    toOffset: number,
    ticks: number,
    age: number,
  ): void {
    const { publicFields, heldFields } = this.format.kinds[kind];
    const predicted = this.predicted[kind];
    // Only what the reader knows too: its private fields are zeros, and so are these.
    for (const field of publicFields) predicted[field] = from[fromOffset + field];
    this.format.advance(kind, predicted, ticks - age);
    for (const field of heldFields) predicted[field] = to[toOffset + field];
    this.format.advance(kind, predicted, age);
  }

  private countDiffering(kind: number, to: Int32Array, offset: number): number {
    const predicted = this.predicted[kind];
    let count = 0;
    for (const field of this.format.kinds[kind].publicFields) if (predicted[field] !== to[offset + field]) count++;
    return count;
  }
}

/** Finds members of a region in order of id. */
class MemberTrail {
  private table: RowTable | undefined;
  private at = 0;
  private end = 0;

  /** Begins with the first member; undefined: there are none. */
  lookAt(table: RowTable | undefined, region: number): void {
    this.table = table;
    this.at = table === undefined ? 0 : table.starts[region];
    this.end = table === undefined ? 0 : table.starts[region + 1];
  }

  /** The slot of an id above those asked for before, or −1. */
  slotOf(id: EntityId): number {
    const { table, end } = this;
    if (table === undefined) return -1;
    while (this.at < end && table.ids[table.slots[this.at]] < id) this.at++;
    return this.at < end && table.ids[table.slots[this.at]] === id ? table.slots[this.at] : -1;
  }
}

function hasEventsIn(between: readonly Records[], region: number): boolean {
  for (const { events } of between)
    for (const { starts } of events) if (starts[region] < starts[region + 1]) return true;
  return false;
}

function differsIn(
  fields: readonly number[],
  one: Int32Array,
  oneOffset: number,
  other: Int32Array,
  otherOffset: number,
): boolean {
  for (const field of fields) if (one[oneOffset + field] !== other[otherOffset + field]) return true;
  return false;
}

/** A pace counts when it was seen over at most so many ticks, and for as many: a player's hand does not turn on for longer. */
export const MAX_PACE_TICKS = 4;

/** Whether a pace that was seen over some ticks tells what comes in the next ones. */
export function isPaceFresh(overTicks: number, ticks: number): boolean {
  return overTicks > 0 && overTicks <= MAX_PACE_TICKS && ticks > 0 && ticks <= MAX_PACE_TICKS;
}

/** A change of what is held that is older is told as if it were this old: the residuals make up for it. */
const MAX_TRIED_AGE = 8;

/**
 * Reads a chunk of `region` that starts `gap` ticks before tick `to` (gap 0: from nothing), and returns the region at `to`.
 * `known` is the region as last read, whose rows are taken over; undefined is an empty one. When the reader has failed
 * the result is useless, and so is `known`. `regionAt` finds regions as they were last read before this frame.
 */
export function readChunk(
  reader: BitReader,
  format: ChunkFormat,
  region: number,
  known: KnownRegion | undefined,
  gap: number,
  to: Tick,
  events: KnownEvent[],
  regionAt: (region: number) => KnownRegion | undefined,
): KnownRegion {
  const reference = createReference(format);
  referTo(reference, format.grid, region, to);
  const held = gap > 0 ? known?.kinds : undefined;
  const hasNews = reader.bit();
  const survivors = format.kinds.map((kind, index) => {
    const living = livingAt(kind, held?.[index] ?? [], to);
    return hasNews ? readLeavers(reader, living) : living;
  });
  format.kinds.forEach((kind, index) => {
    if (gap > 0 && !kind.isStill) readSurvivors(reader, format, index, survivors[index], gap);
  });
  if (!hasNews) return { tick: to, kinds: survivors };
  const knownIn = (kind: number) => (cell: number) => {
    const from = regionAt(cell);
    return from?.tick === to - gap ? from.kinds[kind] : [];
  };
  format.kinds.forEach((kind, index) => {
    if (gap === 0 || kind.isStill) return;
    const crossers: KnownEntity[] = [];
    for (const { id, row } of readCrossers(reader, format.grid, region, knownIn(index))) {
      const crosser = { id, row: row.slice() };
      readSurvivors(reader, format, index, [crosser], gap);
      crossers.push({ id, row: crosser.row });
    }
    if (crossers.length > 0)
      survivors[index] = [...survivors[index], ...crossers].sort((one, other) => one.id - other.id);
  });
  const kinds: KnownEntity[][] = [];
  format.kinds.forEach((kind, index) => {
    // The first kind's enterers are read first, and are anchors for the others.
    const enterers = readEnterers(reader, kind, anchorsAmong(format, kinds[0] ?? []), reference);
    const all = enterers.length === 0 ? survivors[index] : [...survivors[index], ...enterers];
    kinds.push(enterers.length === 0 ? all : all.sort((one, other) => one.id - other.id));
  });
  if (reader.bit()) readEvents(reader, format.events, reference, events);
  return { tick: to, kinds };
}

function livingAt(kind: EntityKind, entities: KnownEntity[], tick: Tick): KnownEntity[] {
  const { endOf } = kind;
  return endOf === undefined ? entities : entities.filter(({ row }) => endOf(row, 0) > tick);
}

function readSurvivors(
  reader: BitReader,
  format: ChunkFormat,
  kind: number,
  survivors: KnownEntity[],
  ticks: number,
): void {
  const entityKind = format.kinds[kind];
  const differences = new Int32Array(entityKind.fields.length);
  const advance = (row: Int32Array, count: number) => format.advance(kind, row, count);
  const known = new Int32Array(entityKind.fields.length);
  for (const entity of survivors) {
    if (reader.failed) return;
    const { row } = entity;
    for (const field of entityKind.pacedFields) known[field] = row[field];
    readSurvivor(reader, entityKind, advance, row, differences.fill(0), ticks);
    keepKnownPaces(entityKind, entity, known, ticks);
    for (const field of entityKind.publicFields)
      row[field] = correct(reader, entityKind.fields[field], row[field], differences[field]);
    notePaces(entityKind, entity, known, ticks);
  }
}

/** Lets the paced fields, which stood at `known`, go on for `ticks` as they changed when the entity was last told. */
function keepKnownPaces(
  { fields, pacedFields }: EntityKind,
  entity: KnownEntity,
  known: Int32Array,
  ticks: number,
): void {
  const { row, pace } = entity;
  if (pace === undefined || !isPaceFresh(pace.ticks, ticks)) return;
  for (const field of pacedFields)
    row[field] = keepPace(fields[field], known[field], pace.changes[field], pace.ticks, ticks);
}

function notePaces({ fields, pacedFields }: EntityKind, entity: KnownEntity, known: Int32Array, ticks: number): void {
  if (pacedFields.length === 0) return;
  entity.pace ??= { changes: new Int32Array(fields.length), ticks };
  entity.pace.ticks = ticks;
  for (const field of pacedFields)
    entity.pace.changes[field] = residual(fields[field], entity.row[field], known[field]);
}

function anchorsAmong(format: ChunkFormat, entities: readonly KnownEntity[]): ReadAnchors {
  return {
    idAt: (place) => entities[place]?.id,
    foretell: (place, rows, _offset, field, tick) => format.foretell(entities[place].row, rows, field, tick),
  };
}
