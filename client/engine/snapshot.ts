/**
 * Snapshots ⑬: reads frames, and holds what the client knows of the regions around its view.
 *
 * Next: client/engine/prediction.ts and client/engine/interpolation.ts (⑭).
 */
import { BitReader } from "@starwake/shared/engine/bit-stream.ts";
import { createCellGrid, regionsInView } from "@starwake/shared/engine/cell-grid.ts";
import type { ChunkFormat, KnownRegion } from "@starwake/shared/engine/chunk.ts";
import type { KnownEvent } from "@starwake/shared/engine/chunk-events.ts";
import { readChunk } from "@starwake/shared/engine/chunk-reader.ts";
import { SKETCH, toldAt } from "@starwake/shared/engine/chunk-sketch.ts";
import type { EntityId } from "@starwake/shared/engine/entity-kind.ts";
import {
  expectedGap,
  FRAME_TAG,
  type FrameHead,
  readExpectedRun,
  readFrameHead,
  readSparseness,
  readSurprise,
} from "@starwake/shared/engine/frame.ts";
import type { EngineWorld, GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { readSteered } from "@starwake/shared/engine/steered-row.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** One frame as read. */
export type Snapshot = {
  readonly head: FrameHead;
  /** The steered entity's row, private fields with it; undefined: nothing is steered. */
  readonly own: Int32Array | undefined;
  /** Which of the space's views the frame was cut to. */
  readonly shape: number;
  /** For each kind the entities that are known, each as of its own tick. */
  readonly kinds: readonly ReadonlyMap<EntityId, { readonly row: Int32Array; readonly tick: Tick }>[];
  readonly events: readonly KnownEvent[];
  /** The regions that are known, each as of its own tick. */
  readonly regions: ReadonlyMap<number, KnownRegion>;
  readonly bytes: number;
  /** Bytes of the head, and of the steered entity's row. */
  readonly headBytes: number;
};

export class SnapshotReceiver {
  readonly format: ChunkFormat;
  private regions = new Map<number, KnownRegion>();
  private newestTick: Tick;
  private readonly window: number[] = [];
  private shape = 0;
  private readonly player: PlayerId | undefined;
  private own: Int32Array | undefined;

  /**
   * @param tick the room's tick when it was joined, from which frames' ticks are told apart
   * @param player whose frames they are, if anybody steers
   */
  constructor(game: GameDefinition, world: EngineWorld, tick: Tick, player?: PlayerId) {
    const grid = createCellGrid(game.space(world));
    this.format = {
      kinds: game.kinds,
      events: game.events,
      grid,
      advance: (kind, row, ticks) => game.advance(world, kind, row, ticks),
      foretell: (anchor, row, field, tick) => game.foretell(world, anchor, row, field, tick),
    };
    this.newestTick = tick;
    this.player = player;
  }

  /** Reads a frame; undefined: it is malformed, and what is known is no more to be relied on. */
  receive(bytes: Uint8Array): Snapshot | undefined {
    if (bytes[0] !== FRAME_TAG) return undefined;
    const reader = new BitReader(bytes, 1);
    const head = readFrameHead(reader, this.newestTick);
    const headBits = reader.position;
    const events: KnownEvent[] = [];
    this.readRegions(reader, head, events);
    if (reader.failed) return undefined;
    this.newestTick = Math.max(this.newestTick, head.tick);
    const kinds = this.format.kinds.map((_, kind) => this.gather(kind));
    const regionsEnd = reader.position;
    this.own = this.readOwn(reader, head, kinds[0]);
    if (reader.failed) return undefined;
    return {
      head,
      own: this.own,
      shape: this.shape,
      kinds,
      events: distinct(events),
      regions: this.regions,
      bytes: bytes.length,
      headBytes: Math.ceil((headBits + reader.position - regionsEnd) / 8),
    };
  }

  private readRegions(reader: BitReader, head: FrameHead, events: KnownEvent[]): void {
    const { view } = head;
    if (view !== undefined) {
      this.shape = view.shape;
      regionsInView(this.format.grid, view.x, view.y, this.window, view.shape);
    }
    const regions = new Map<number, KnownRegion>();
    const { isSparse, parts } = readSparseness(reader);
    const usualGap = isSparse ? SKETCH : head.usualGap;
    const frame = { tick: head.tick, parts, regionAt: (region: number) => this.regions.get(region), events };
    let expected = -1;
    for (const region of this.window) {
      if (expected < 0) expected = readExpectedRun(reader);
      const known = this.regions.get(region);
      const isAwaited = isSparse ? parts !== undefined && !this.isSettled(known) : this.isBusy(known);
      const isSurprise = expected-- === 0;
      const gap = isSurprise ? readSurprise(reader, isAwaited, usualGap) : expectedGap(isAwaited, usualGap);
      if (gap !== undefined) regions.set(region, readChunk(reader, this.format, frame, region, gap));
      else if (!isSparse || parts !== undefined)
        regions.set(region, known === undefined ? this.emptyRegion(head.tick) : this.withoutNews(known, head.tick));
      else if (known !== undefined) regions.set(region, known);
      if (reader.failed) return;
    }
    this.regions = regions;
  }

  /** @param ships the entities of the first kind, as the frame told them */
  private readOwn(
    reader: BitReader,
    { tick, usualGap }: FrameHead,
    ships: Snapshot["kinds"][0],
  ): Int32Array | undefined {
    const told = this.player === undefined ? undefined : ships.get(this.player);
    const known = told?.tick === tick ? told.row : undefined;
    return readSteered(reader, this.format.kinds[0], tick, known, this.own, usualGap);
  }

  /** Where all is told of and nothing was, nothing is. */
  private emptyRegion(tick: Tick): KnownRegion {
    return { tick, isSketch: false, kinds: this.format.kinds.map(() => []) };
  }

  /** A region of which a frame that tells all news has none: what can move there rests. */
  private withoutNews(known: KnownRegion, tick: Tick): KnownRegion {
    if (!this.canMove(known)) return known;
    for (const entities of known.kinds) for (const entity of entities) entity.pace = undefined;
    return { ...known, tick, isResting: true };
  }

  private canMove({ kinds }: KnownRegion): boolean {
    return kinds.some((entities, kind) => entities.length > 0 && !this.format.kinds[kind].isStill);
  }

  /** Whether anything that can move is known in a region, and does not rest. */
  private isBusy(known: KnownRegion | undefined): boolean {
    return known !== undefined && known.isResting !== true && this.canMove(known);
  }

  /** Whether a region is known exactly, and nothing that moves stands there. */
  private isSettled(known: KnownRegion | undefined): boolean {
    return known !== undefined && !known.isSketch && !this.isBusy(known);
  }

  /**
   * The entities of a kind in all known regions. One that stands in several is taken from the newest, and exactly rather
   * than roughly; of what never changes no rough row is better than an exact one, however old.
   */
  private gather(kind: number): ReadonlyMap<EntityId, { row: Int32Array; tick: Tick }> {
    const { endOf, isStill } = this.format.kinds[kind];
    const gathered = new Map<EntityId, Gathered>();
    for (const region of this.regions.values()) {
      for (const entity of region.kinds[kind]) {
        const { id, row, isRough = false } = entity;
        if (endOf !== undefined && endOf(row, 0) <= this.newestTick) continue;
        const one = { row, tick: toldAt(region, entity), isRough };
        const other = gathered.get(id);
        if (other === undefined || isBetter(one, other, isStill)) gathered.set(id, one);
      }
    }
    return gathered;
  }
}

type Gathered = { readonly row: Int32Array; readonly tick: Tick; readonly isRough: boolean };

function isBetter(one: Gathered, other: Gathered, isStill: boolean): boolean {
  if (one.isRough !== other.isRough && (isStill || one.tick === other.tick)) return other.isRough;
  return one.tick > other.tick;
}

/** An event that stands in several cells is told in each of them. */
function distinct(events: readonly KnownEvent[]): KnownEvent[] {
  return [...new Map(events.map((event) => [event.key, event])).values()];
}
