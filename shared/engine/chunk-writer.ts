/** How chunks are written; for their layout see chunk.ts. */
import type { BitWriter } from "./bit-stream.ts";
import { type ChunkFormat, createReference, type MutableReference, referTo } from "./chunk.ts";
import { cellItCameFrom, placeInCell, writeCrosserCount, writeOrigin } from "./chunk-crossers.ts";
import { writeEnterers } from "./chunk-enterers.ts";
import { countEvents, writeEvents } from "./chunk-events.ts";
import { Members, Membership, writeLeavers } from "./chunk-membership.ts";
import type { Part } from "./chunk-part.ts";
import { writeSurvivor } from "./chunk-survivors.ts";
import { keepPace, residual } from "./field-codec.ts";
import { IntList } from "./int-list.ts";
import type { Records } from "./records.ts";
import { RegionAnchors } from "./region-anchors.ts";
import { SurvivorMemory } from "./survivor-memory.ts";

/** A change of what is held that is older is told as if it were this old: the residuals make up for it. */
const MAX_TRIED_AGE = 8;

/**
 * Writes chunks. One writer serves one world: all that it works with is kept and reused, so that what is encoded many
 * times in every tick allocates nothing.
 */
export class ChunkWriter {
  private readonly format: ChunkFormat;
  /** For each kind who left the region written last, who stayed and who came; and whom a part's reader knows by it. */
  readonly members: readonly Membership[];
  private readonly predicted: readonly Int32Array[];
  private readonly reference: MutableReference;
  private readonly anchors: RegionAnchors;
  private readonly trail = new Members();
  private readonly differences: SurvivorMemory;
  /** The part at hand; undefined: the region is told to everybody. */
  private part: Part | undefined;
  private knowsOrigins = false;
  /** Whether the chunk written last told of more than how those changed that its reader knew. */
  hasNews = false;
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
    this.differences = new SurvivorMemory(format.kinds.length);
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
    for (let index = 0; index < kinds.length; index++)
      this.members[index].compare(kinds[index], from?.kinds[index], to.kinds[index], region, to.tick);
    this.part = undefined;
    this.knowsOrigins = knowsOrigins;
    return this.writeCompared(writer, region, before, from, to, between);
  }

  /**
   * Writes what one reader is told of a region, see chunk-part.ts; the rest is as for `write`.
   */
  writePart(
    writer: BitWriter,
    region: number,
    before: Records | undefined,
    from: Records | undefined,
    to: Records,
    between: readonly Records[],
    part: Part,
  ): boolean {
    const { kinds } = this.format;
    for (let index = 0; index < kinds.length; index++) {
      this.members[index].comparePart(kinds[index], index, from?.kinds[index], to.kinds[index], region, to.tick, part);
    }
    this.part = part;
    this.knowsOrigins = true;
    return this.writeCompared(writer, region, before, from, to, between);
  }

  /** Whether anybody of whom the part written last tells had been in the region before its reader knew them. */
  get hasLateEnterer(): boolean {
    const { kinds } = this.format;
    for (let kind = 0; kind < kinds.length; kind++)
      if (this.members[kind].hasLateEnterer && !kinds[kind].isStill) return true;
    return false;
  }

  /** Whether the reader of the part written last knows anything there by it that can move. */
  get tellsOfMovers(): boolean {
    const { kinds } = this.format;
    for (let kind = 0; kind < kinds.length; kind++)
      if (this.members[kind].told.count > 0 && !kinds[kind].isStill) return true;
    return false;
  }

  private writeCompared(
    writer: BitWriter,
    region: number,
    before: Records | undefined,
    from: Records | undefined,
    to: Records,
    between: readonly Records[],
  ): boolean {
    const { kinds } = this.format;
    const hasEvents = from !== undefined && hasEventsIn(between, region, this.part);
    let hasNews = hasEvents;
    let hasSurvivors = false;
    for (let index = 0; index < kinds.length; index++) {
      const { leavers, enterers, survivorsTo } = this.members[index];
      hasNews ||= leavers.count + enterers.count > 0;
      hasSurvivors ||= survivorsTo.count > 0 && !kinds[index].isStill;
    }
    this.to = to;
    this.hasNews = hasNews;
    this.differences.begin(to.tick);
    this.sortOutCrossers(region, from);
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
  private sortOutCrossers(region: number, from: Records | undefined): void {
    const { kinds, grid } = this.format;
    const { part, knowsOrigins } = this;
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
        const isKnown = knowsOrigins && (part === undefined || part.placeOf(kind, cell, ids[slot]) >= 0);
        if (cell >= 0 && isKnown) crossers.push(slot);
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
        const cell = before.regionOf(slotBefore);
        const place = this.part?.placeOf(kind, cell, now.ids[slot]) ?? placeInCell(before, cell, slotBefore);
        writeOrigin(writer, grid, region, cell, place);
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
    anchors.lookAt(to, region, this.part === undefined ? undefined : this.members[0].told);
    for (let kind = 0; kind < kinds.length; kind++)
      writeEnterers(writer, kinds, kind, to.kinds[kind], this.members[kind].enterers, anchors, reference);
    writer.bit(hasEvents);
    if (hasEvents) writeEvents(writer, events.length, region, between, reference, this.part);
  }

  private writeSurvivors(
    writer: BitWriter,
    kind: number,
    region: number,
    before: Records | undefined,
    from: Records,
    to: Records,
  ): void {
    const { survivorsFrom, survivorsTo, survivorsPaced } = this.members[kind];
    const { differences } = this;
    const { ids } = from.kinds[kind];
    const { count } = to.kinds[kind];
    const ticks = to.tick - from.tick;
    this.trail.lookAt(before?.kinds[kind], region);
    for (let index = 0; index < survivorsTo.count; index++) {
      const slot = survivorsTo.items[index];
      const slotFrom = survivorsFrom.items[index];
      const slotBefore = survivorsPaced.items[index] === 1 ? this.trail.slotOf(ids[slotFrom]) : -1;
      if (this.part === undefined) {
        this.writeDifferences(writer, kind, slot, slotFrom, slotBefore, before, from, to);
        continue;
      }
      const at = differences.find(kind, slot, count, ticks, slotBefore < 0 ? 0 : from.tick - before!.tick);
      if (!differences.has(kind, at)) {
        const start = differences.buffer.bitLength;
        this.writeDifferences(differences.buffer, kind, slot, slotFrom, slotBefore, before, from, to);
        differences.put(kind, at, start);
      }
      differences.copy(kind, at, writer);
    }
  }

  /** @param slotBefore −1: its pace does not count */
  private writeDifferences(
    writer: BitWriter,
    kind: number,
    slot: number,
    slotFrom: number,
    slotBefore: number,
    before: Records | undefined,
    from: Records,
    to: Records,
  ): void {
    const entityKind = this.format.kinds[kind];
    const stride = entityKind.fields.length;
    const { rows } = from.kinds[kind];
    const toRows = to.kinds[kind].rows;
    const ticks = to.tick - from.tick;
    const age = this.foretell(kind, rows, slotFrom * stride, toRows, slot * stride, ticks);
    if (before !== undefined && slotBefore >= 0) {
      const beforeRows = before.kinds[kind].rows;
      this.keepPaces(kind, beforeRows, slotBefore * stride, rows, slotFrom * stride, from.tick - before.tick, ticks);
    }
    writeSurvivor(writer, entityKind, this.predicted[kind], toRows, slot * stride, age, ticks);
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

function hasEventsIn(between: readonly Records[], region: number, part: Part | undefined): boolean {
  for (const { events } of between) for (const table of events) if (countEvents(table, region, part) > 0) return true;
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
