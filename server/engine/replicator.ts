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

/** An encoded chunk: bits in the tick's buffer. */
type Chunk = { readonly start: number; readonly bits: number; readonly isTelling: boolean };

/** A chunk that a frame could carry. */
type Offer = {
  readonly order: number;
  readonly region: number;
  readonly gap: number;
  readonly chunk: Chunk;
  isTaken: boolean;
};

const CHUNK_BUFFER_BYTES = 1 << 19;
const FRAME_BUFFER_BYTES = 1 << 16;
/** How many places nearer a region counts for each tick that it has waited: what did not fit moves up. */
const PLACES_PER_TICK_WAITED = 0.5;

export class Replicator {
  /** Chunks encoded for the newest tick, for the metrics and for tests. */
  encodedChunks = 0;
  private readonly history: History;
  private readonly chunkWriter: ChunkWriter;
  private readonly buffer = new BitWriter(new Uint8Array(CHUNK_BUFFER_BYTES));
  private readonly frame = new BitWriter(new Uint8Array(FRAME_BUFFER_BYTES));
  private readonly chunks = new Map<number, Chunk>();
  private readonly between = new Map<number, Records[]>();
  private tick: Tick = -1;

  constructor(history: History) {
    this.history = history;
    this.chunkWriter = new ChunkWriter(history.format);
  }

  /** Takes up a new tick: what was encoded for the last one is of no more use. */
  begin(tick: Tick): void {
    this.tick = tick;
    this.chunks.clear();
    this.between.clear();
    this.buffer.rewind();
    this.encodedChunks = 0;
  }

  /**
   * The frame of the newest tick for one session, whose interest has looked at its view.
   * @param budgetBytes what the frame may take; the nearest regions, and those that waited, come first
   */
  assemble(interest: Interest, head: FrameHead, budgetBytes: number): Uint8Array {
    const { frame } = this;
    frame.rewind();
    writeFrameHead(frame, this.history.format.kinds[0], head);
    const offers = interest.window.map((region, order) => this.offer(interest, region, order));
    this.choose(offers, budgetBytes * 8 - frame.bitLength - offers.length * 2);
    const { grid } = this.history.format;
    this.write(
      interest,
      offers.filter(({ region }) => !isGate(grid, region)),
      head.usualGap,
    );
    const gates = offers.filter(({ region }) => isGate(grid, region));
    const hasGates = gates.some((offer) => isToSend(interest, offer));
    frame.bit(hasGates);
    if (hasGates) this.write(interest, gates, head.usualGap);
    for (const { region, isTaken } of offers) if (isTaken) interest.bring(region, this.tick);
    return frame.bytes.slice(0, frame.byteLength);
  }

  private write(interest: Interest, offers: readonly Offer[], usualGap: number): void {
    for (const offer of offers) {
      const isSent = isToSend(interest, offer);
      writeChunkMark(this.frame, isSent ? offer.gap : undefined, usualGap);
      if (isSent) this.frame.append(this.buffer.bytes, offer.chunk.start, offer.chunk.bits);
    }
  }

  private offer(interest: Interest, region: number, order: number): Offer {
    const known = interest.knownAt(region);
    const gap = known === undefined ? 0 : this.tick - known;
    const usableGap = gap <= MAX_GAP && this.history.at(this.tick - gap) !== undefined ? gap : 0;
    return { order, region, gap: usableGap, chunk: this.chunk(region, usableGap), isTaken: true };
  }

  /** Leaves out what does not fit: the last first, in order of distance less waiting. */
  private choose(offers: readonly Offer[], budgetBits: number): void {
    let bits = 0;
    for (const { chunk } of offers) bits += chunk.bits;
    if (bits <= budgetBits) return;
    const rank = ({ order, gap }: Offer) => order - (gap === 0 ? MAX_GAP : gap) * PLACES_PER_TICK_WAITED;
    let left = budgetBits;
    let isFirst = true;
    for (const offer of [...offers].sort((one, other) => rank(one) - rank(other))) {
      // The most urgent one goes whatever it takes, or a region larger than the budget would never come.
      offer.isTaken = isFirst || offer.chunk.bits <= left;
      if (offer.isTaken) left -= offer.chunk.bits;
      isFirst = false;
    }
  }

  private chunk(region: number, gap: number): Chunk {
    const key = region * (MAX_GAP + 1) + gap;
    const known = this.chunks.get(key);
    if (known !== undefined) return known;
    const chunk = this.encode(region, gap);
    this.chunks.set(key, chunk);
    return chunk;
  }

  private encode(region: number, gap: number): Chunk {
    const to = this.history.at(this.tick)!;
    const from = gap === 0 ? undefined : this.history.at(this.tick - gap);
    const start = this.buffer.bitLength;
    const isTelling = this.chunkWriter.write(this.buffer, region, from, to, this.recordsBetween(gap));
    this.encodedChunks++;
    if (this.buffer.isFull)
      throw new Error(`more than ${CHUNK_BUFFER_BYTES} bytes of chunks in one tick: raise CHUNK_BUFFER_BYTES`);
    return { start, bits: this.buffer.bitLength - start, isTelling };
  }

  /** The records after `tick − gap`, up to and with the newest. */
  private recordsBetween(gap: number): Records[] {
    let records = this.between.get(gap);
    if (records === undefined) {
      records = [];
      for (let tick = this.tick - gap + 1; tick <= this.tick; tick++) records.push(this.history.at(tick)!);
      this.between.set(gap, records);
    }
    return records;
  }
}

/** What a reader holds rightly already need not be sent, unless it starts from nothing and holds something. */
function isToSend(interest: Interest, { region, gap, chunk, isTaken }: Offer): boolean {
  return isTaken && (chunk.isTelling || (gap === 0 && interest.knownAt(region) !== undefined));
}
