/**
 * Replication ⑩: assembles each session's frame from chunks that are encoded at most once for each (region, from, to),
 * whoever asks. What a frame costs is copying; what a tick costs is what changed, not players times entities.
 *
 * Next: shared/engine/chunk-writer.ts (⑪), which encodes them; chunk.ts tells their layout.
 */

import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { isPaceFresh, MAX_PACE_TICKS } from "@starwake/shared/engine/chunk.ts";
import { SKETCH, type SketchParts } from "@starwake/shared/engine/chunk-sketch.ts";
import { ChunkWriter } from "@starwake/shared/engine/chunk-writer.ts";
import {
  expectedGap,
  type FrameHead,
  writeExpectedRun,
  writeFrameHead,
  writeSparseness,
  writeSurprise,
} from "@starwake/shared/engine/frame.ts";
import { NEWS, type Records, Trace } from "@starwake/shared/engine/records.ts";
import { writeNoneSteered, writeSteered } from "@starwake/shared/engine/steered-row.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type FrameBits, FrameBudget } from "./frame-budget.ts";
import type { History } from "./history.ts";
import { type Interest, Motion } from "./interest.ts";
import { Offers } from "./offers.ts";
import { ScratchMemory } from "./scratch-memory.ts";
import { GAPS, TickChunks } from "./tick-chunks.ts";
import { TickSketches } from "./tick-sketches.ts";

const CHUNK_BUFFER_BYTES = 1 << 19;
const FRAME_BUFFER_BYTES = 1 << 16;
/** What a region costs besides its chunk where it comes as expected, or nearly all do. */
const BITS_PER_PLACE = 2;
/** What happened longer ago is told to nobody: who sees a region so seldom wants to know how it is, not how it was. */
export const EVENT_TICKS = 8;
/** What the steered entity's row takes, where it stands in a region that comes. */
const USUAL_STEERED_BITS = 20;
/** From so many ticks on a region may be shorter from nothing than from what its reader knows. */
const STALE_TICKS = 8;

/** Bytes that a frame may take, and that it may take for what cannot wait, see frame-budget.ts. */
export type FrameBytes = { readonly usual: number; readonly most: number };
export const ANY_BYTES: FrameBytes = { usual: Infinity, most: Infinity };

const NO_ROWS: Int32Array = new Int32Array(0);

export class Replicator {
  private readonly history: History;
  private readonly chunkWriter: ChunkWriter;
  private readonly buffer = new BitWriter(new Uint8Array(CHUNK_BUFFER_BYTES));
  private readonly frameMemory = new ScratchMemory(new Uint8Array(FRAME_BUFFER_BYTES));
  private readonly frame = new BitWriter(this.frameMemory.bytes);
  private readonly chunks = new TickChunks();
  private readonly sketches: TickSketches;
  private readonly budget: FrameBudget;
  private readonly offers = new Offers();
  /** Where the steered entity's rows stand, of this tick and of the last frame; kept and reused. */
  private readonly steered = { row: { rows: NO_ROWS, offset: 0 }, before: { rows: NO_ROWS, offset: 0 } };
  private readonly hasPaces: boolean;
  /** For each gap the records whose events are told, up to and with the newest; undefined: not asked for yet. */
  private readonly between: (Records[] | undefined)[] = new Array(GAPS).fill(undefined);
  /** The traces of all ticks that the history holds without a break, the newest first. */
  private readonly traces: Uint8Array[] = [];
  private tick: Tick = -1;

  constructor(history: History) {
    this.history = history;
    this.sketches = new TickSketches(history.format, this.buffer);
    this.budget = new FrameBudget(history.format, this.sketches);
    this.chunkWriter = new ChunkWriter(history.format);
    this.hasPaces = history.format.kinds.some(({ pacedFields }) => pacedFields.length > 0);
  }

  /** Takes up a new tick: what was encoded for the last one is of no more use. */
  begin(tick: Tick): void {
    this.tick = tick;
    this.traces.length = 0;
    for (let gap = 0; gap < GAPS; gap++) {
      const records = this.history.at(tick - gap);
      if (records === undefined) break;
      this.traces.push(records.traces);
    }
    this.between.fill(undefined);
    this.chunks.begin(tick);
    this.sketches.begin(this.history.at(tick));
    this.buffer.rewind();
  }

  /** Chunks and sketches encoded for the newest tick. */
  get encodedChunks(): number {
    return this.chunks.count + this.sketches.count;
  }

  /**
   * The frame of the newest tick for one session, whose interest has looked at its view. It is good until the next call.
   * @param slot where the steered entity stands among those of the first kind; −1: there is none
   * @param bytes what the frame may take; when that is not enough, those near come exactly and others as sketches
   */
  assemble(interest: Interest, head: FrameHead, slot: number, bytes: FrameBytes): Uint8Array {
    const { frame, offers } = this;
    const places = interest.window.length;
    frame.rewind();
    writeFrameHead(frame, head);
    offers.makeRoomFor(places);
    let bits = 0;
    for (let place = 0; place < places; place++) bits += this.offer(interest, place);
    const headBits = frame.bitLength + USUAL_STEERED_BITS;
    const usual = bytes.usual * 8 - headBits;
    const isSparse = bits + places * BITS_PER_PLACE > usual;
    const parts = isSparse ? this.fit(interest, { usual, most: bytes.most * 8 - headBits }) : undefined;
    for (let place = 0; place < places; place++) {
      const isAwaited = isSparse ? parts !== undefined && !interest.isSettledAt(place) : interest.isBusyAt(place);
      offers.isAwaited[place] = isAwaited ? 1 : 0;
    }
    writeSparseness(frame, isSparse, parts);
    this.write(places, isSparse ? SKETCH : head.usualGap);
    if (slot < 0) writeNoneSteered(frame);
    else this.writeSteered(interest, slot, head.usualGap);
    if (this.buffer.isFull)
      throw new Error(`more than ${CHUNK_BUFFER_BYTES} bytes of chunks in one tick: raise CHUNK_BUFFER_BYTES`);
    for (let place = 0; place < places; place++)
      if (offers.isTaken[place] === 1)
        interest.bring(place, this.tick, offers.gaps[place], this.motionAt(place, interest.window[place]));
    return this.frameMemory.first(frame.byteLength);
  }

  /** Has sketches stand in for what does not fit. @returns the parts; undefined: not even they fit */
  private fit(interest: Interest, budget: FrameBits): SketchParts | undefined {
    const { offers, sketches } = this;
    const { parts, places } = this.budget.choose(interest, offers, this.history.at(this.tick)!, budget);
    if (parts === undefined) return undefined;
    for (const place of places) {
      const region = interest.window[place];
      offers.put(place, SKETCH, sketches.start(region, parts), sketches.bits(region, parts), true);
    }
    return parts;
  }

  private write(places: number, usualGap: number): void {
    const { frame, buffer, offers } = this;
    const { isSent, starts, bits, isAwaited } = offers;
    let expected = -1;
    for (let place = 0; place < places; place++) {
      if (expected < 0) {
        expected = this.expectedFrom(place, places, usualGap);
        writeExpectedRun(frame, expected);
      }
      if (expected-- === 0) writeSurprise(frame, offers.sentGap(place), isAwaited[place] === 1, usualGap);
      if (isSent[place] === 1) frame.append(buffer.bytes, starts[place], bits[place]);
    }
  }

  /** @param gap the ticks since the last frame; 0: there was none */
  private writeSteered(interest: Interest, slot: number, gap: number): void {
    const { offers, tick, history } = this;
    const [kind] = history.format.kinds;
    const table = history.at(tick)!.kinds[0];
    const place = interest.window.indexOf(table.regionOf(slot));
    const isInRegion = place >= 0 && offers.isTaken[place] === 1 && offers.gaps[place] !== SKETCH;
    const last = gap === 0 ? undefined : history.at(tick - gap)?.kinds[0];
    const lastSlot = last === undefined ? -1 : last.slotOf(table.ids[slot]);
    const { row, before } = this.steered;
    row.rows = table.rows;
    row.offset = slot * kind.fields.length;
    if (lastSlot >= 0) {
      before.rows = last!.rows;
      before.offset = lastSlot * kind.fields.length;
    }
    writeSteered(this.frame, kind, row, tick, isInRegion, lastSlot < 0 ? undefined : before, gap);
  }

  /** How many offers from place `start` on come as their reader expects. */
  private expectedFrom(start: number, places: number, usualGap: number): number {
    const { offers } = this;
    let place = start;
    while (place < places && offers.sentGap(place) === expectedGap(offers.isAwaited[place] === 1, usualGap)) place++;
    return place - start;
  }

  /** Makes what there is to tell of a region one of the frame's offers, and returns its bits. */
  private offer(interest: Interest, place: number): number {
    const region = interest.window[place];
    const known = interest.knownAt(place);
    let gap = interest.isSketchAt(place) ? 0 : this.usableGap(known);
    if (known !== undefined && gap > 0 && this.isQuiet(region, gap)) {
      this.offers.put(place, gap, 0, 0, false);
      return 0;
    }
    const { chunks } = this;
    const paceTicks = this.usablePace(interest.gapAt(place), gap);
    let at = this.chunk(region, gap, paceTicks, false);
    if (this.knowsOrigins(interest, at, gap)) at = this.chunk(region, gap, paceTicks, true);
    let bits = chunks.bits(at);
    let start = chunks.start(at);
    let isTelling = chunks.isTelling(at);
    if (gap >= STALE_TICKS) {
      at = this.chunk(region, 0, 0, false);
      if (chunks.bits(at) < bits) {
        bits = chunks.bits(at);
        start = chunks.start(at);
        isTelling = chunks.isTelling(at);
        gap = 0;
      }
    }
    // What a reader holds rightly already need not be sent, unless it starts from nothing and holds something.
    this.offers.put(place, gap, start, bits, isTelling || (gap === 0 && known !== undefined));
    return bits;
  }

  /** What the reader of the frame at hand knows of what moves in a region. */
  private motionAt(place: number, region: number) {
    if ((this.traces[0][region] & Trace.Moving) === 0) return Motion.None;
    return this.offers.isSent[place] === 1 ? Motion.Busy : Motion.Resting;
  }

  /** Whether a reader who knew a region so many ticks ago holds it rightly, for all that its traces tell. */
  private isQuiet(region: number, gap: number): boolean {
    for (let ago = 0; ago < gap; ago++) if ((this.traces[ago][region] & NEWS) !== 0) return false;
    return true;
  }

  private usableGap(known: Tick | undefined): number {
    const gap = known === undefined ? 0 : this.tick - known;
    return gap < this.traces.length ? gap : 0;
  }

  private usablePace(paceTicks: number, gap: number): number {
    return this.hasPaces && isPaceFresh(paceTicks, gap) ? paceTicks : 0;
  }

  /** Whether somebody has come into the region of a chunk from next door, and its reader knew all those cells, too. */
  private knowsOrigins(interest: Interest, at: number, gap: number): boolean {
    const count = this.chunks.originCount(at);
    if (count === 0 || gap === 0 || gap > MAX_PACE_TICKS) return false;
    for (let index = 0; index < count; index++) {
      const place = interest.window.indexOf(this.chunks.origin(at, index));
      if (place < 0 || interest.isSketchAt(place) || interest.knownAt(place) !== this.tick - gap) return false;
    }
    return true;
  }

  /** Encodes the chunk, unless someone has asked for it before; returns where it stands among the tick's chunks. */
  private chunk(region: number, gap: number, paceTicks: number, knowsOrigins: boolean): number {
    const { chunks, chunkWriter, buffer } = this;
    const key = chunks.keyOf(region, gap, paceTicks, knowsOrigins);
    const at = chunks.find(key);
    if (chunks.has(at)) return at;
    const to = this.history.at(this.tick)!;
    const from = gap === 0 ? undefined : this.history.at(this.tick - gap);
    const before = paceTicks === 0 ? undefined : this.history.at(this.tick - gap - paceTicks);
    const start = buffer.bitLength;
    const isTelling = chunkWriter.write(buffer, region, before, from, to, this.recordsBetween(gap), knowsOrigins);
    return chunks.put(key, start, buffer.bitLength - start, isTelling, chunkWriter.origins);
  }

  private recordsBetween(gap: number): Records[] {
    let records = this.between[gap];
    if (records === undefined) {
      records = [];
      for (let tick = this.tick - Math.min(gap, EVENT_TICKS) + 1; tick <= this.tick; tick++)
        records.push(this.history.at(tick)!);
      this.between[gap] = records;
    }
    return records;
  }
}
