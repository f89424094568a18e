/**
 * How the events of a region travel in a chunk:
 *
 *   for each schema Golomb(count), for each Golomb(age) · Golomb(number in its tick) · fields, whole
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { Part } from "./chunk-part.ts";
import { type Reference, readWhole, writeWhole } from "./field-codec.ts";
import type { Records, RowTable } from "./records.ts";
import type { Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

const COUNT_ORDER = 0;
const EVENT_AGE_ORDER = 0;
const EVENT_NUMBER_ORDER = 1;

/** An event as its reader has it. `key` is the same in every cell that the event stands in. */
export type KnownEvent = {
  readonly schema: number;
  readonly tick: Tick;
  readonly key: number;
  readonly row: Int32Array;
};

/** A number that no other event of the room has within 64 ticks. */
function eventKey(tick: Tick, schema: number, number: number): number {
  return (tick * 16 + schema) * 4096 + number;
}

/** Writes the events that the records between two ticks hold for a region. @param part undefined: all of them */
export function writeEvents(
  writer: BitWriter,
  schemaCount: number,
  region: number,
  between: readonly Records[],
  reference: Reference,
  part: Part | undefined,
): void {
  for (let schema = 0; schema < schemaCount; schema++) {
    let count = 0;
    for (const { events } of between) count += countEvents(events[schema], region, part);
    writer.golomb(count, COUNT_ORDER);
    for (const { events, tick } of between) writeEventsOfTick(writer, events[schema], region, tick, reference, part);
  }
}

/** How many events of a tick are told of a region. */
export function countEvents(table: RowTable, region: number, part: Part | undefined): number {
  const { starts, slots } = table;
  if (part === undefined) return starts[region + 1] - starts[region];
  let count = 0;
  for (let member = starts[region]; member < starts[region + 1]; member++)
    if (part.tellsEvent(table, slots[member])) count++;
  return count;
}

function writeEventsOfTick(
  writer: BitWriter,
  table: RowTable,
  region: number,
  tick: Tick,
  reference: Reference,
  part: Part | undefined,
): void {
  for (let member = table.starts[region]; member < table.starts[region + 1]; member++) {
    const slot = table.slots[member];
    if (part !== undefined && !part.tellsEvent(table, slot)) continue;
    writer.golomb(reference.tick - tick, EVENT_AGE_ORDER);
    writer.golomb(slot, EVENT_NUMBER_ORDER);
    const offset = slot * table.schema.fields.length;
    const { fields } = table.schema;
    for (let index = 0; index < fields.length; index++)
      writeWhole(writer, fields[index], table.rows[offset + index], reference);
  }
}

/** Reads the events of a region, and adds them to `events`. */
export function readEvents(
  reader: BitReader,
  schemas: readonly Schema[],
  reference: Reference,
  events: KnownEvent[],
): void {
  schemas.forEach((schema, index) => readEventsOf(reader, schema, index, reference, events));
}

function readEventsOf(
  reader: BitReader,
  schema: Schema,
  schemaIndex: number,
  reference: Reference,
  events: KnownEvent[],
): void {
  const count = reader.golomb(COUNT_ORDER);
  for (let event = 0; event < count && !reader.failed; event++) {
    const tick = reference.tick - reader.golomb(EVENT_AGE_ORDER);
    const number = reader.golomb(EVENT_NUMBER_ORDER);
    const row = Int32Array.from(schema.fields, (field) => readWhole(reader, field, reference));
    events.push({ schema: schemaIndex, tick, key: eventKey(tick, schemaIndex, number), row });
  }
}
