/** How chunks are read; for their layout see chunk.ts. */
import type { BitReader } from "./bit-stream.ts";
import {
  type ChunkFormat,
  createReference,
  isPaceFresh,
  type KnownEntity,
  type KnownRegion,
  referTo,
} from "./chunk.ts";
import { readCrossers } from "./chunk-crossers.ts";
import { type ReadAnchors, readEnterers } from "./chunk-enterers.ts";
import { type KnownEvent, readEvents } from "./chunk-events.ts";
import { readLeavers } from "./chunk-membership.ts";
import { readSketch, SKETCH, type SketchParts } from "./chunk-sketch.ts";
import { readSurvivor } from "./chunk-survivors.ts";
import type { EntityKind } from "./entity-kind.ts";
import { correct, keepPace, residual } from "./field-codec.ts";
import type { Tick } from "./tick.ts";

/** What is the same for all chunks of a frame. */
export type ReadFrame = {
  readonly tick: Tick;
  /** What the frame's sketches tell of. */
  readonly parts: SketchParts | undefined;
  /** Regions as they were last read before this frame. */
  regionAt(region: number): KnownRegion | undefined;
  /** Where events are put. */
  readonly events: KnownEvent[];
};

/**
 * Reads the chunk of `region` that starts `gap` ticks before the frame's tick (0: from nothing; SKETCH: parts of a
 * sketch), and returns the region as of then. Rows of what was known of it are taken over. When the reader has failed the
 * result is useless, and so is what was known.
 */
export function readChunk(
  reader: BitReader,
  format: ChunkFormat,
  frame: ReadFrame,
  region: number,
  gap: number,
): KnownRegion {
  const { tick: to } = frame;
  const known = frame.regionAt(region);
  const reference = createReference(format);
  referTo(reference, format.grid, region, to);
  if (gap === SKETCH && frame.parts !== undefined) return readSketch(reader, format, frame.parts, known, reference);
  const held = gap > 0 ? known?.kinds : undefined;
  const hasNews = reader.bit();
  const survivors = format.kinds.map((kind, index) => {
    const living = livingAt(kind, held?.[index] ?? [], to);
    return hasNews ? readLeavers(reader, living) : living;
  });
  format.kinds.forEach((kind, index) => {
    if (gap > 0 && !kind.isStill) readSurvivors(reader, format, index, survivors[index], gap);
  });
  if (!hasNews) return { tick: to, isSketch: false, kinds: survivors };
  const knownIn = (kind: number) => (cell: number) => {
    const from = frame.regionAt(cell);
    return from?.tick === to - gap && !from.isSketch ? from.kinds[kind] : [];
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
  if (reader.bit()) readEvents(reader, format.events, reference, frame.events);
  return { tick: to, isSketch: false, kinds };
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
