/**
 * Replication ⑩: assembles each session's frame from chunks that are encoded at most once for each (region, from, to),
 * whoever asks. What a frame costs is copying; what a tick costs is what changed, not players times entities.
 *
 * Next: shared/engine/chunk.ts (⑪), which encodes them.
 */

import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { isGate } from "@starwake/shared/engine/cell-grid.ts";
import { ChunkWriter } from "@starwake/shared/engine/chunk.ts";
import { type FrameHead, MAX_GAP, writeChunkMark, writeFrameHead } from "@starwake/shared/engine/frame.ts";
import type { Records } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { History } from "./history.ts";
import type { Interest } from "./interest.ts";

const CHUNK_BUFFER_BYTES = 1 << 19;
const FRAME_BUFFER_BYTES = 1 << 16;
/** How many places nearer a region counts for each tick that it has waited: what did not fit moves up. */
const PLACES_PER_TICK_WAITED = 0.5;
const GAPS = MAX_GAP + 1;

/** The chunks of one tick, by gap and region: where each stands in the tick's buffer. */
class TickChunks {
  /**
   * Three numbers for each, side by side: the tick that it is of (an older one is as good as none), its start, and its
   * bits; these negative, less one, where the chunk tells nothing that its reader does not hold already.
   */
  private readonly numbers: Int32Array;
  private readonly regionCount: number;

  constructor(regionCount: number) {
    this.regionCount = regionCount;
    this.numbers = new Int32Array(regionCount * GAPS * 3).fill(-1);
  }

  keyOf(region: number, gap: number): number {
    return (gap * this.regionCount + region) * 3;
  }

  has(key: number, tick: Tick): boolean {
    return this.numbers[key] === tick;
  }

  put(key: number, tick: Tick, start: number, bits: number, isTelling: boolean): void {
    this.numbers[key] = tick;
    this.numbers[key + 1] = start;
    this.numbers[key + 2] = isTelling ? bits : -1 - bits;
  }

  start(key: number): number {
    return this.numbers[key + 1];
  }

  bits(key: number): number {
    const size = this.numbers[key + 2];
    return size < 0 ? -1 - size : size;
  }

  isTelling(key: number): boolean {
    return this.numbers[key + 2] >= 0;
  }
}

/** A chunk that the frame at hand could carry; kept and reused. */
type Offer = {
  order: number;
  region: number;
  gap: number;
  /** Where the chunk stands among the tick's chunks. */
  key: number;
  bits: number;
  isSent: boolean;
  isTaken: boolean;
};

export class Replicator {
  /** Chunks encoded for the newest tick, for the metrics and for tests. */
  encodedChunks = 0;
  private readonly history: History;
  private readonly chunkWriter: ChunkWriter;
  private readonly buffer = new BitWriter(new Uint8Array(CHUNK_BUFFER_BYTES));
  private readonly frameBytes = Buffer.alloc(FRAME_BUFFER_BYTES);
  private readonly frame = new BitWriter(this.frameBytes);
  private readonly chunks: TickChunks;
  private readonly offers: Offer[] = [];
  /** For each gap the records after `tick − gap`, up to and with the newest; undefined: not asked for yet. */
  private readonly between: (Records[] | undefined)[] = new Array(GAPS).fill(undefined);
  private tick: Tick = -1;
  /** How many ticks back the history reaches without a break. */
  private reach = 0;

  constructor(history: History) {
    this.history = history;
    this.chunkWriter = new ChunkWriter(history.format);
    this.chunks = new TickChunks(history.format.grid.regionCount);
  }

  /** Takes up a new tick: what was encoded for the last one is of no more use. */
  begin(tick: Tick): void {
    this.tick = tick;
    this.reach = 0;
    while (this.reach < MAX_GAP && this.history.at(tick - this.reach - 1) !== undefined) this.reach++;
    this.between.fill(undefined);
    this.buffer.rewind();
    this.encodedChunks = 0;
  }

  /**
   * The frame of the newest tick for one session, whose interest has looked at its view.
   * @param budgetBytes what the frame may take; the nearest regions, and those that waited, come first
   */
  assemble(interest: Interest, head: FrameHead, budgetBytes: number): Uint8Array {
    const { frame, offers } = this;
    const { window } = interest;
    const { grid, kinds } = this.history.format;
    frame.rewind();
    writeFrameHead(frame, kinds[0], head);
    let bits = 0;
    for (let order = 0; order < window.length; order++) bits += this.offer(interest, window[order], order);
    const budgetBits = budgetBytes * 8 - frame.bitLength - window.length * 2;
    if (bits > budgetBits) this.choose(window.length, budgetBits);
    // Cells come first in the window, and then the gates on its rim.
    let firstGate = 0;
    while (firstGate < window.length && !isGate(grid, window[firstGate])) firstGate++;
    this.write(0, firstGate, head.usualGap);
    let hasGates = false;
    for (let order = firstGate; order < window.length; order++) hasGates ||= offers[order].isSent;
    frame.bit(hasGates);
    if (hasGates) this.write(firstGate, window.length, head.usualGap);
    for (let order = 0; order < window.length; order++) if (offers[order].isTaken) interest.bring(order, this.tick);
    return this.copyOfFrame();
  }

  /** From Node's pool of small buffers, which is several times faster than an array of its own. */
  private copyOfFrame(): Uint8Array {
    const { byteLength } = this.frame;
    const copy = Buffer.allocUnsafe(byteLength);
    this.frameBytes.copy(copy, 0, 0, byteLength);
    return copy;
  }

  private write(begin: number, end: number, usualGap: number): void {
    const { frame, buffer, chunks } = this;
    for (let order = begin; order < end; order++) {
      const { isSent, gap, key, bits } = this.offers[order];
      writeChunkMark(frame, isSent ? gap : undefined, usualGap);
      if (isSent) frame.append(buffer.bytes, chunks.start(key), bits);
    }
  }

  /** Makes the chunk of a region one of the frame's offers, and returns its bits. */
  private offer(interest: Interest, region: number, order: number): number {
    const known = interest.knownAt(order);
    const gap = this.usableGap(known);
    const key = this.chunk(region, gap);
    const bits = this.chunks.bits(key);
    // What a reader holds rightly already need not be sent, unless it starts from nothing and holds something.
    const isSent = this.chunks.isTelling(key) || (gap === 0 && known !== undefined);
    const offer = this.offers[order];
    if (offer === undefined) this.offers.push({ order, region, gap, key, bits, isSent, isTaken: true });
    else {
      offer.order = order;
      offer.region = region;
      offer.gap = gap;
      offer.key = key;
      offer.bits = bits;
      offer.isSent = isSent;
      offer.isTaken = true;
    }
    return bits;
  }

  private usableGap(known: Tick | undefined): number {
    const gap = known === undefined ? 0 : this.tick - known;
    return gap <= this.reach ? gap : 0;
  }

  /** Leaves out what does not fit: the last first, in order of distance less waiting. */
  private choose(count: number, budgetBits: number): void {
    const rank = ({ order, gap }: Offer) => order - (gap === 0 ? MAX_GAP : gap) * PLACES_PER_TICK_WAITED;
    let left = budgetBits;
    let isFirst = true;
    for (const offer of this.offers.slice(0, count).sort((one, other) => rank(one) - rank(other))) {
      // The most urgent one goes whatever it takes, or a region larger than the budget would never come.
      offer.isTaken = isFirst || offer.bits <= left;
      offer.isSent &&= offer.isTaken;
      if (offer.isTaken) left -= offer.bits;
      isFirst = false;
    }
  }

  /** Encodes the chunk, unless someone has asked for it before; returns its key. */
  private chunk(region: number, gap: number): number {
    const key = this.chunks.keyOf(region, gap);
    if (this.chunks.has(key, this.tick)) return key;
    const to = this.history.at(this.tick)!;
    const from = gap === 0 ? undefined : this.history.at(this.tick - gap);
    const start = this.buffer.bitLength;
    const isTelling = this.chunkWriter.write(this.buffer, region, from, to, this.recordsBetween(gap));
    this.encodedChunks++;
    if (this.buffer.isFull)
      throw new Error(`more than ${CHUNK_BUFFER_BYTES} bytes of chunks in one tick: raise CHUNK_BUFFER_BYTES`);
    this.chunks.put(key, this.tick, start, this.buffer.bitLength - start, isTelling);
    return key;
  }

  private recordsBetween(gap: number): Records[] {
    let records = this.between[gap];
    if (records === undefined) {
      records = [];
      for (let tick = this.tick - gap + 1; tick <= this.tick; tick++) records.push(this.history.at(tick)!);
      this.between[gap] = records;
    }
    return records;
  }
}
