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
import { type FrameBits, FrameBudget, nextPart, type SketchBits } from "./frame-budget.ts";
import type { History } from "./history.ts";
import { type Interest, Motion } from "./interest.ts";
import { Offers } from "./offers.ts";
import { OwnSketches } from "./own-sketches.ts";
import { Rim } from "./rim.ts";
import { ScratchMemory } from "./scratch-memory.ts";
import { GAPS, TickChunks } from "./tick-chunks.ts";
import { TickSketches } from "./tick-sketches.ts";

const CHUNK_BUFFER_BYTES = 1 << 19;
const FRAME_BUFFER_BYTES = 1 << 16;
/** What is encoded for one session alone, before it is known what of it fits. */
const OWN_BUFFER_BYTES = 1 << 18;
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

const NO_RECORDS: readonly Records[] = [];
const NO_ROWS: Int32Array = new Int32Array(0);

export class Replicator {
  private readonly history: History;
  private readonly chunkWriter: ChunkWriter;
  private readonly buffer = new BitWriter(new Uint8Array(CHUNK_BUFFER_BYTES));
  private readonly own = new BitWriter(new Uint8Array(OWN_BUFFER_BYTES));
  private readonly rim: Rim;
  private readonly frameMemory = new ScratchMemory(new Uint8Array(FRAME_BUFFER_BYTES));
  private readonly frame = new BitWriter(this.frameMemory.bytes);
  private readonly chunks = new TickChunks();
  private readonly sketches: TickSketches;
  private readonly ownSketches: OwnSketches;
  /** For each place of the frame at hand 1: it lies on the view's rim. */
  private isRim = new Uint8Array(0);
  /** For each of those 1: anything that can move is known there by the frame. */
  private hasMovers = new Uint8Array(0);
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
    this.rim = new Rim(history);
    this.sketches = new TickSketches(history.format, this.buffer);
    this.ownSketches = new OwnSketches(history.format, this.own);
    const sketchBits: SketchBits = (place, region, parts) =>
      this.isRim[place] === 1 ? this.ownSketches.bits(place, parts) : this.sketches.bits(region, parts);
    this.budget = new FrameBudget(history.format, sketchBits);
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
    this.own.rewind();
    this.findRim(interest);
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
    if (this.own.isFull)
      throw new Error(`more than ${OWN_BUFFER_BYTES} bytes for one session in a tick: raise OWN_BUFFER_BYTES`);
    this.settleParts(interest, isSparse);
    for (let place = 0; place < places; place++)
      if (offers.isTaken[place] === 1)
        interest.bring(place, this.tick, offers.gaps[place], this.motionAt(place, interest.window[place]));
    return this.frameMemory.first(frame.byteLength);
  }

  private findRim(interest: Interest): void {
    const { rim } = this;
    const places = interest.window.length;
    if (this.isRim.length < places) {
      this.isRim = new Uint8Array(places * 2);
      this.hasMovers = new Uint8Array(places * 2);
    }
    if (!rim.isThere) return;
    const to = this.history.at(this.tick)!;
    rim.lookFrom(interest);
    for (let place = 0; place < places; place++) this.isRim[place] = rim.concerns(place, to) ? 1 : 0;
    interest.parts.begin(places, this.history.format.kinds.length);
  }

  private settleParts({ parts, window }: Interest, isSparse: boolean): void {
    const { isTaken, gaps } = this.offers;
    if (!this.rim.isThere) return;
    if (!isSparse) {
      parts.settleAll();
      return;
    }
    parts.settle(window.length, (place) => {
      if (isTaken[place] === 0) return "nothing-new";
      return gaps[place] === SKETCH ? "roughly" : "offered";
    });
  }

  /** Has sketches stand in for what does not fit. @returns the parts; undefined: not even they fit */
  private fit(interest: Interest, budget: FrameBits): SketchParts | undefined {
    const { offers, sketches, ownSketches, isRim } = this;
    this.sketchRim(interest);
    const { parts, places } = this.budget.choose(interest, offers, this.history.at(this.tick)!, budget);
    if (parts === undefined) return undefined;
    for (const place of places) {
      const region = interest.window[place];
      if (isRim[place] === 1)
        offers.put(place, SKETCH, ownSketches.start(place, parts), ownSketches.bits(place, parts), true, true);
      else offers.put(place, SKETCH, sketches.start(region, parts), sketches.bits(region, parts), true);
    }
    return parts;
  }

  /** Sketches what of the rim the session may know, of those parts that this frame could tell. */
  private sketchRim(interest: Interest): void {
    const records = this.history.at(this.tick)!;
    this.ownSketches.begin(interest.window.length, nextPart(interest.round.parts));
    for (let place = 0; place < interest.window.length; place++) {
      if (this.isRim[place] === 0) continue;
      this.rim.takeUp(place, undefined, records);
      this.ownSketches.encode(place, interest.window[place], records, this.rim);
    }
  }

  private write(places: number, usualGap: number): void {
    const { frame, buffer, own, offers } = this;
    const { isSent, isOwn, starts, bits, isAwaited } = offers;
    let expected = -1;
    for (let place = 0; place < places; place++) {
      if (expected < 0) {
        expected = this.expectedFrom(place, places, usualGap);
        writeExpectedRun(frame, expected);
      }
      if (expected-- === 0) writeSurprise(frame, offers.sentGap(place), isAwaited[place] === 1, usualGap);
      if (isSent[place] === 1) frame.append((isOwn[place] === 1 ? own : buffer).bytes, starts[place], bits[place]);
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
    if (this.isRim[place] === 1) return this.offerPart(interest, place);
    const region = interest.window[place];
    const known = interest.knownAt(place);
    let gap = interest.isSketchAt(place) ? 0 : this.usableGap(known);
    if (known !== undefined && gap > 0 && this.isQuiet(region, gap)) {
      this.offers.put(place, gap, 0, 0, false);
      this.passBy(interest, place);
      return 0;
    }
    const { chunks } = this;
    const paceTicks = this.usablePace(interest.gapAt(place), gap);
    let at = this.chunk(region, gap, paceTicks, false);
    if (this.cameFromRim(interest, at)) return this.offerPart(interest, place);
    this.passBy(interest, place);
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

  private passBy(interest: Interest, place: number): void {
    if (this.rim.isThere) interest.parts.next.passBy(place);
  }

  /** Makes what there is to tell one session of a region on its view's rim one of the frame's offers. */
  private offerPart(interest: Interest, place: number): number {
    const { rim, own, offers, chunkWriter } = this;
    const region = interest.window[place];
    const known = interest.knownAt(place);
    const usable = interest.isSketchAt(place) ? 0 : this.usableGap(known);
    const gap = usable >= STALE_TICKS ? 0 : usable;
    const to = this.history.at(this.tick)!;
    const from = gap === 0 ? undefined : this.history.at(this.tick - gap);
    const paceTicks = this.usablePace(interest.gapAt(place), gap);
    const before = paceTicks === 0 ? undefined : this.history.at(this.tick - gap - paceTicks);
    const isQuiet = gap > 0 && this.isQuiet(region, gap);
    rim.takeUp(place, from, to);
    if (isQuiet && rim.isEmpty(to)) {
      rim.keepNothing();
      this.hasMovers[place] = 0;
      offers.put(place, gap, 0, 0, false, true);
      return 0;
    }
    const start = own.bitLength;
    const between = this.hasEvents(region, gap) ? this.recordsBetween(gap) : NO_RECORDS;
    const isTelling = chunkWriter.writePart(own, region, before, from, to, between, rim);
    rim.keep(to, chunkWriter.members, chunkWriter.hasLateEnterer);
    this.hasMovers[place] = chunkWriter.tellsOfMovers ? 1 : 0;
    const hasNews = isTelling && !(isQuiet && !chunkWriter.hasNews);
    const isSent = hasNews || (gap === 0 && known !== undefined);
    if (!isSent) own.rewind(start);
    const bits = own.bitLength - start;
    offers.put(place, gap, start, bits, isSent, true);
    return bits;
  }

  /** Whether somebody came into the region of a chunk from a place on the rim, of which its reader knows only a part. */
  private cameFromRim(interest: Interest, at: number): boolean {
    const count = this.rim.isThere ? this.chunks.originCount(at) : 0;
    for (let index = 0; index < count; index++) {
      const place = interest.window.indexOf(this.chunks.origin(at, index));
      if (place >= 0 && interest.parts.now.isPartAt(place)) return true;
    }
    return false;
  }

  /** What the reader of the frame at hand knows of what moves in a region. */
  private motionAt(place: number, region: number) {
    const { gaps, isOwn } = this.offers;
    const isPart = isOwn[place] === 1 && gaps[place] !== SKETCH;
    if (isPart ? this.hasMovers[place] === 0 : (this.traces[0][region] & Trace.Moving) === 0) return Motion.None;
    return this.offers.isSent[place] === 1 ? Motion.Busy : Motion.Resting;
  }

  /** Whether a reader who knew a region so many ticks ago holds it rightly, for all that its traces tell. */
  private isQuiet(region: number, gap: number): boolean {
    for (let ago = 0; ago < gap; ago++) if ((this.traces[ago][region] & NEWS) !== 0) return false;
    return true;
  }

  private hasEvents(region: number, gap: number): boolean {
    for (let ago = 0; ago < Math.min(gap, EVENT_TICKS); ago++)
      if ((this.traces[ago][region] & Trace.Event) !== 0) return true;
    return false;
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
