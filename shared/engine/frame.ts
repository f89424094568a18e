/**
 * Frames ⑫: all that one session is sent for one tick, in one binary message.
 *
 *   8 tag · 16 tick · 11 command margin · 6 usual gap
 *   1 same window as in the last frame? · if not the view's centre x, y (24 each) · 3 its shape
 *   1 sparse? · if so 1 sketches? · if so their parts, see chunk-sketch.ts
 *   the cells of the window around the view's centre, nearest first, and then the gates on its rim, in runs:
 *     Golomb(regions that come as expected) · their chunks · a surprise at the next one, unless the window ends
 *   the steered entity's row, see steered-row.ts
 *
 * Where the reader knows anything that can move, a chunk from `tick − usual gap` is awaited; unless it rests, that is, the
 * last frame that told all news had none of it. In a sparse frame, which not all of the window fits into, what is awaited
 * is a sketch, if it has any, wherever the reader does not know that nothing moves. A region is expected to have what is
 * awaited there, and others nothing. At a surprise:
 *     0          no chunk where one was awaited; that chunk where none was
 *     1 6 chunk  from `tick − gap`; gap 0: from nothing, forget what was known
 *
 * The first byte is the transport's tag, written here so that no message is copied to make room for it.
 *
 * Next: client/engine/snapshot.ts (⑬), which reads them.
 */
import { BitReader, type BitWriter } from "./bit-stream.ts";
import { readSketchParts, SKETCH, type SketchParts, writeSketchParts } from "./chunk-sketch.ts";
import { clamp } from "./exact-maths.ts";
import { fromWireTick, type Tick, toWireTick } from "./tick.ts";

export const FRAME_TAG = 1;

/** Ticks that a chunk may reach back: 6 bits, of which one number stands for a sketch. */
export const MAX_GAP = SKETCH - 1;

/** Steps of a command margin to the tick, and the most steps that a frame can say. */
const MARGIN_STEPS_PER_TICK = 16;
const MARGIN_LIMIT = 1023;
/** Says that no command came. */
const NO_MARGIN = 2 * MARGIN_LIMIT + 1;
const VIEW_BITS = 24;
const SHAPE_BITS = 3;
/** Of 26 regions in a window, one or two are a surprise. */
const RUN_ORDER = 3;

export type FrameHead = {
  readonly tick: Tick;
  /** Ticks by which the least timely command since the last frame was early; negative: late; undefined: none came. */
  readonly commandMargin: number | undefined;
  readonly usualGap: number;
  /** Where the view is, in quanta, and which of the space's views; undefined: its window is the same as in the last frame. */
  readonly view: SentView | undefined;
};

export type SentView = { readonly x: number; readonly y: number; readonly shape: number };

export function writeFrameHead(writer: BitWriter, head: FrameHead): void {
  writer.bits(FRAME_TAG, 8);
  writer.bits(toWireTick(head.tick), 16);
  writer.bits(toWireMargin(head.commandMargin), 11);
  writer.bits(head.usualGap, 6);
  writer.bit(head.view === undefined);
  if (head.view === undefined) return;
  writer.bits(head.view.x, VIEW_BITS);
  writer.bits(head.view.y, VIEW_BITS);
  writer.bits(head.view.shape, SHAPE_BITS);
}

function toWireMargin(margin: number | undefined): number {
  if (margin === undefined) return NO_MARGIN;
  return clamp(Math.round(margin * MARGIN_STEPS_PER_TICK), -MARGIN_LIMIT, MARGIN_LIMIT) + MARGIN_LIMIT;
}

function fromWireMargin(wireMargin: number): number | undefined {
  return wireMargin === NO_MARGIN ? undefined : (wireMargin - MARGIN_LIMIT) / MARGIN_STEPS_PER_TICK;
}

/** Reads a head; `near` is any tick within 9 minutes of the frame's. The tag is taken to have been read. */
export function readFrameHead(reader: BitReader, near: Tick): FrameHead {
  const tick = fromWireTick(reader.bits(16), near);
  const commandMargin = fromWireMargin(reader.bits(11));
  const usualGap = reader.bits(6);
  const view = reader.bit() ? undefined : readView(reader);
  return { tick, commandMargin, usualGap, view };
}

function readView(reader: BitReader): SentView {
  return { x: reader.bits(VIEW_BITS), y: reader.bits(VIEW_BITS), shape: reader.bits(SHAPE_BITS) };
}

/** A frame's tick alone; undefined: it is no frame. `near` as for the head. */
export function frameTickOf(bytes: Uint8Array, near: Tick): Tick | undefined {
  if (bytes[0] !== FRAME_TAG || bytes.length < 3) return undefined;
  return fromWireTick(new BitReader(bytes, 1).bits(16), near);
}

/** Says whether not all of the window fits into the frame, and what its sketches tell of; undefined: it has none. */
export function writeSparseness(writer: BitWriter, isSparse: boolean, parts: SketchParts | undefined): void {
  writer.bit(isSparse);
  if (!isSparse) return;
  writer.bit(parts !== undefined);
  if (parts !== undefined) writeSketchParts(writer, parts);
}

export function readSparseness(reader: BitReader): { isSparse: boolean; parts: SketchParts | undefined } {
  const isSparse = reader.bit();
  return { isSparse, parts: isSparse && reader.bit() ? readSketchParts(reader) : undefined };
}

/** The gap of the chunk that a reader expects of a region; undefined: it expects none. */
export function expectedGap(isAwaited: boolean, usualGap: number): number | undefined {
  return isAwaited ? usualGap : undefined;
}

/** Says how many regions come as expected before the next surprise, or before the window's end. */
export function writeExpectedRun(writer: BitWriter, regions: number): void {
  writer.golomb(regions, RUN_ORDER);
}

export function readExpectedRun(reader: BitReader): number {
  return reader.golomb(RUN_ORDER);
}

/** Says which tick the chunk of a region starts from that does not come as expected; undefined: there is no chunk. */
export function writeSurprise(writer: BitWriter, gap: number | undefined, isAwaited: boolean, usualGap: number): void {
  const isTold = gap !== undefined && (isAwaited || gap !== usualGap);
  writer.bit(isTold);
  if (isTold) writer.bits(gap, 6);
}

export function readSurprise(reader: BitReader, isAwaited: boolean, usualGap: number): number | undefined {
  if (reader.bit()) return reader.bits(6);
  return isAwaited ? undefined : usualGap;
}
