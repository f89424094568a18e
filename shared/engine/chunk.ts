/**
 * Chunks ⑪: `chunk(cell, from, to)` brings a reader who knows a cell at tick `from` (or knows nothing of it) to tick
 * `to`. Writing and reading stand side by side and walk the same lists.
 *
 *   for each kind:
 *     leavers     Golomb(count), for each Golomb(gap in the list of those known at `from`)
 *     survivors   unless rows of the kind never change, in order of id:
 *                 1 same as predicted? · else for each group 1 differs? · if so for each of its fields
 *                 1 differs? (left out in a group of one) · residual
 *     enterers    Golomb(count), for each Golomb(id − previous id − 1) unless the row tells the id · public fields, whole
 *   1 any events? · if so for each schema: Golomb(count), for each Golomb(age) · Golomb(number in its tick) · fields
 *
 * An entity whose row tells its own end tick leaves unasked when that tick has come.
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import { type CellGrid, cellOriginX, cellOriginY } from "./cell-grid.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
import { type Reference, readResidual, readWhole, residual, writeResidual, writeWhole } from "./field-codec.ts";
import type { Records, RowTable } from "./records.ts";
import type { Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

const COUNT_ORDER = 0;
const ID_GAP_ORDER = 4;
const LEAVER_GAP_ORDER = 1;
const EVENT_AGE_ORDER = 0;
const EVENT_NUMBER_ORDER = 1;

/** What both sides must know to write or read chunks. */
export type ChunkFormat = {
  readonly kinds: readonly EntityKind[];
  readonly events: readonly Schema[];
  readonly grid: CellGrid;
  /** See GameDefinition.advance. */
  readonly advance: (kind: number, row: Int32Array, ticks: number) => void;
};

/** An event as its reader has it. `key` is the same in every cell that the event stands in. */
export type KnownEvent = { readonly schema: number; readonly tick: Tick; readonly key: number; readonly row: Int32Array };

/** An entity as its reader has it: the row at the tick of its cell. */
export type KnownEntity = { readonly id: EntityId; readonly row: Int32Array };

/** A cell as its reader has it: for each kind the entities in order of id. */
export type KnownCell = { tick: Tick; kinds: KnownEntity[][] };

/** A number that no other event of the room has within 64 ticks. */
function eventKey(tick: Tick, schema: number, number: number): number {
  return (tick * 16 + schema) * 4096 + number;
}

function referenceOf(format: ChunkFormat, cell: number, tick: Tick): Reference {
  const { cellSize, stayMargin } = format.grid.space;
  return {
    tick,
    originX: cellOriginX(format.grid, cell),
    originY: cellOriginY(format.grid, cell),
    nearSpan: cellSize + 2 * stayMargin,
    nearSlack: stayMargin,
  };
}

/** Writes chunks. One writer serves one world: its scratch rows are reused. */
export class ChunkWriter {
  private readonly format: ChunkFormat;
  private readonly scratch: readonly Int32Array[];
  private readonly leavers: number[] = [];
  private readonly enterers: number[] = [];
  private readonly survivorsFrom: number[] = [];
  private readonly survivorsTo: number[] = [];

  constructor(format: ChunkFormat) {
    this.format = format;
    this.scratch = format.kinds.map((kind) => new Int32Array(kind.fields.length));
  }

  /**
   * Writes the chunk of `cell`. `from` undefined: the reader knows nothing, and is told no events. `between` are the
   * records of the ticks after `from`, up to and with `to`, for their events.
   * @returns whether there was anything to tell; when not, a reader who holds the cell holds it empty.
   */
  write(writer: BitWriter, cell: number, from: Records | undefined, to: Records, between: readonly Records[]): boolean {
    const reference = referenceOf(this.format, cell, to.tick);
    let isTelling = false;
    for (let kind = 0; kind < this.format.kinds.length; kind++) {
      this.compare(this.format.kinds[kind], from?.kinds[kind], to.kinds[kind], cell, to.tick);
      this.writeLeavers(writer);
      if (from !== undefined) this.writeSurvivors(writer, kind, from.kinds[kind], to.kinds[kind], to.tick - from.tick);
      this.writeEnterers(writer, this.format.kinds[kind], to.kinds[kind], reference);
      isTelling ||= this.leavers.length + this.survivorsTo.length + this.enterers.length > 0;
    }
    return this.writeEvents(writer, cell, between, reference) || isTelling;
  }

  /** Sorts the members of the cell into leavers (as gaps in the known list), survivors and enterers. */
  private compare(kind: EntityKind, from: RowTable | undefined, to: RowTable, cell: number, tick: Tick): void {
    this.leavers.length = this.enterers.length = this.survivorsFrom.length = this.survivorsTo.length = 0;
    let a = from === undefined ? 0 : from.starts[cell];
    const aEnd = from === undefined ? 0 : from.starts[cell + 1];
    let b = to.starts[cell];
    const bEnd = to.starts[cell + 1];
    let gap = 0;
    while (a < aEnd || b < bEnd) {
      const slotA = a < aEnd ? from!.slots[a] : -1;
      const idA = slotA >= 0 ? from!.ids[slotA] : Infinity;
      const idB = b < bEnd ? to.ids[to.slots[b]] : Infinity;
      if (idA < idB) {
        a++;
        if (hasEnded(kind, from!.rows, slotA, tick)) continue;
        this.leavers.push(gap);
        gap = 0;
      } else if (idB < idA) this.enterers.push(to.slots[b++]);
      else {
        this.survivorsFrom.push(slotA);
        this.survivorsTo.push(to.slots[b++]);
        a++;
        gap++;
      }
    }
  }

  private writeLeavers(writer: BitWriter): void {
    writer.golomb(this.leavers.length, COUNT_ORDER);
    for (const gap of this.leavers) writer.golomb(gap, LEAVER_GAP_ORDER);
  }

  private writeSurvivors(writer: BitWriter, kind: number, from: RowTable, to: RowTable, ticks: number): void {
    const entityKind = this.format.kinds[kind];
    if (entityKind.isStill) return;
    const stride = entityKind.fields.length;
    const predicted = this.scratch[kind];
    for (let index = 0; index < this.survivorsTo.length; index++) {
      const offset = this.survivorsFrom[index] * stride;
      // Only what the reader knows too: its private fields are zeros, and so are these.
      for (const field of entityKind.publicFields) predicted[field] = from.rows[offset + field];
      this.format.advance(kind, predicted, ticks);
      writeDifference(writer, entityKind, predicted, to.rows, this.survivorsTo[index] * stride);
    }
  }

  private writeEnterers(writer: BitWriter, kind: EntityKind, to: RowTable, reference: Reference): void {
    writer.golomb(this.enterers.length, COUNT_ORDER);
    let previous = -1;
    for (const slot of this.enterers) {
      if (kind.idOf === undefined) writer.golomb(to.ids[slot] - previous - 1, ID_GAP_ORDER);
      previous = to.ids[slot];
      const offset = slot * kind.fields.length;
      for (const field of kind.publicFields) writeWhole(writer, kind.fields[field], to.rows[offset + field], reference);
    }
  }

  private writeEvents(writer: BitWriter, cell: number, between: readonly Records[], reference: Reference): boolean {
    const hasEvents = between.some((records) => records.events.some((table) => table.starts[cell] < table.starts[cell + 1]));
    writer.bit(hasEvents);
    if (!hasEvents) return false;
    for (let schema = 0; schema < this.format.events.length; schema++) {
      let count = 0;
      for (const { events } of between) count += events[schema].starts[cell + 1] - events[schema].starts[cell];
      writer.golomb(count, COUNT_ORDER);
      for (const { events, tick } of between) writeEventsOfTick(writer, events[schema], cell, tick, reference);
    }
    return true;
  }
}

function hasEnded(kind: EntityKind, rows: Int32Array, slot: number, tick: Tick): boolean {
  return kind.endOf !== undefined && kind.endOf(rows, slot * kind.fields.length) <= tick;
}

function writeDifference(writer: BitWriter, kind: EntityKind, predicted: Int32Array, rows: Int32Array, offset: number): void {
  let isSame = true;
  for (const field of kind.publicFields) if (rows[offset + field] !== predicted[field]) isSame = false;
  writer.bit(isSame);
  if (isSame) return;
  for (const group of kind.publicGroups) {
    let differs = false;
    for (const field of group) if (rows[offset + field] !== predicted[field]) differs = true;
    writer.bit(differs);
    if (!differs) continue;
    for (const field of group) {
      const difference = residual(kind.fields[field], rows[offset + field], predicted[field]);
      if (group.length > 1) writer.bit(difference !== 0);
      if (difference !== 0) writeResidual(writer, kind.fields[field], difference);
    }
  }
}

function readDifference(reader: BitReader, kind: EntityKind, row: Int32Array): void {
  if (reader.bit()) return;
  for (const group of kind.publicGroups) {
    if (!reader.bit()) continue;
    for (const field of group) {
      if (group.length === 1 || reader.bit()) row[field] = readResidual(reader, kind.fields[field], row[field]);
    }
  }
}

function writeEventsOfTick(writer: BitWriter, table: RowTable, cell: number, tick: Tick, reference: Reference): void {
  for (let member = table.starts[cell]; member < table.starts[cell + 1]; member++) {
    const slot = table.slots[member];
    writer.golomb(reference.tick - tick, EVENT_AGE_ORDER);
    writer.golomb(slot, EVENT_NUMBER_ORDER);
    const offset = slot * table.schema.fields.length;
    table.schema.fields.forEach((field, index) => writeWhole(writer, field, table.rows[offset + index], reference));
  }
}

/**
 * Reads a chunk of `cell` that starts `gap` ticks before tick `to` (gap 0: from nothing), and returns the cell at `to`.
 * `known` is the cell as last read, whose rows are taken over; undefined is an empty one. When the reader has failed
 * the result is useless, and so is `known`.
 */
export function readChunk(
  reader: BitReader,
  format: ChunkFormat,
  cell: number,
  known: KnownCell | undefined,
  gap: number,
  to: Tick,
  events: KnownEvent[],
): KnownCell {
  const reference = referenceOf(format, cell, to);
  const kinds = format.kinds.map((kind, index) => {
    const survivors = readLeavers(reader, livingAt(kind, (gap > 0 && known?.kinds[index]) || [], to));
    if (gap > 0 && !kind.isStill) readSurvivors(reader, format, index, survivors, gap);
    return readEnterers(reader, kind, survivors, reference);
  });
  if (reader.bit()) for (let schema = 0; schema < format.events.length; schema++) readEvents(reader, format.events[schema], schema, reference, events);
  return { tick: to, kinds };
}

function livingAt(kind: EntityKind, entities: KnownEntity[], tick: Tick): KnownEntity[] {
  const { endOf } = kind;
  return endOf === undefined ? entities : entities.filter(({ row }) => endOf(row, 0) > tick);
}

function readLeavers(reader: BitReader, known: KnownEntity[]): KnownEntity[] {
  const count = reader.golomb(COUNT_ORDER);
  if (count === 0) return known;
  const left = new Set<number>();
  let at = 0;
  for (let leaver = 0; leaver < count && !reader.failed; leaver++) {
    at += reader.golomb(LEAVER_GAP_ORDER);
    if (at >= known.length) reader.failed = true;
    left.add(at++);
  }
  return known.filter((_, index) => !left.has(index));
}

function readSurvivors(reader: BitReader, format: ChunkFormat, kind: number, survivors: KnownEntity[], ticks: number): void {
  for (const { row } of survivors) {
    if (reader.failed) return;
    format.advance(kind, row, ticks);
    readDifference(reader, format.kinds[kind], row);
  }
}

function readEnterers(reader: BitReader, kind: EntityKind, survivors: KnownEntity[], reference: Reference): KnownEntity[] {
  const count = reader.golomb(COUNT_ORDER);
  if (count === 0) return survivors;
  const entities = [...survivors];
  let previous = -1;
  for (let enterer = 0; enterer < count && !reader.failed; enterer++) {
    const given = kind.idOf === undefined ? previous + 1 + reader.golomb(ID_GAP_ORDER) : -1;
    const row = new Int32Array(kind.fields.length);
    for (const field of kind.publicFields) row[field] = readWhole(reader, kind.fields[field], reference);
    previous = kind.idOf === undefined ? given : kind.idOf(row, 0);
    entities.push({ id: previous, row });
  }
  return entities.sort((one, other) => one.id - other.id);
}

function readEvents(reader: BitReader, schema: Schema, schemaIndex: number, reference: Reference, events: KnownEvent[]): void {
  const count = reader.golomb(COUNT_ORDER);
  for (let event = 0; event < count && !reader.failed; event++) {
    const tick = reference.tick - reader.golomb(EVENT_AGE_ORDER);
    const number = reader.golomb(EVENT_NUMBER_ORDER);
    const row = Int32Array.from(schema.fields, (field) => readWhole(reader, field, reference));
    events.push({ schema: schemaIndex, tick, key: eventKey(tick, schemaIndex, number), row });
  }
}
