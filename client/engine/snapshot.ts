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
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** One frame as read. */
export type Snapshot = {
  readonly head: FrameHead;
  /** For each kind the entities that are known, each as of its own tick. */
  readonly kinds: readonly ReadonlyMap<EntityId, { readonly row: Int32Array; readonly tick: Tick }>[];
  readonly events: readonly KnownEvent[];
  /** The regions that are known, each as of its own tick. */
  readonly regions: ReadonlyMap<number, KnownRegion>;
  readonly bytes: number;
  /** Bytes of the head, the steered entity's row with it. */
  readonly headBytes: number;
};

export class SnapshotReceiver {
  readonly format: ChunkFormat;
  private regions = new Map<number, KnownRegion>();
  private newestTick: Tick;
  private readonly window: number[] = [];

  /** `tick`: the room's tick when it was joined, from which frames' ticks are told apart. */
  constructor(game: GameDefinition, world: EngineWorld, tick: Tick) {
    const grid = createCellGrid(game.space(world));
    this.format = {
      kinds: game.kinds,
      events: game.events,
      grid,
      advance: (kind, row, ticks) => game.advance(world, kind, row, ticks),
      foretell: (anchor, row, field, tick) => game.foretell(world, anchor, row, field, tick),
    };
    this.newestTick = tick;
  }

  /** Reads a frame; undefined: it is malformed, and what is known is no more to be relied on. */
  receive(bytes: Uint8Array): Snapshot | undefined {
    if (bytes[0] !== FRAME_TAG) return undefined;
    const reader = new BitReader(bytes, 1);
    const head = readFrameHead(reader, this.format.kinds[0], this.newestTick);
    const headBytes = 1 + Math.ceil((reader.position - 8) / 8);
    const events: KnownEvent[] = [];
    this.readRegions(reader, head, events);
    if (reader.failed) return undefined;
    this.newestTick = Math.max(this.newestTick, head.tick);
    return {
      head,
      kinds: this.format.kinds.map((_, kind) => this.gather(kind)),
      events: distinct(events),
      regions: this.regions,
      bytes: bytes.length,
      headBytes,
    };
  }

  private readRegions(reader: BitReader, head: FrameHead, events: KnownEvent[]): void {
    const { at } = this.format.kinds[0];
    const [x, y] = "row" in head.own ? [head.own.row[at.x], head.own.row[at.y]] : [head.own.viewX, head.own.viewY];
    regionsInView(this.format.grid, x, y, this.window);
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
      else if (known !== undefined) regions.set(region, known);
      else if (!isSparse || parts !== undefined) regions.set(region, this.emptyRegion(head.tick));
      if (reader.failed) return;
    }
    this.regions = regions;
  }

  /** Where all is told of and nothing was, nothing is. */
  private emptyRegion(tick: Tick): KnownRegion {
    return { tick, isSketch: false, kinds: this.format.kinds.map(() => []) };
  }

  /** Whether anything that moves is known in a region. */
  private isBusy(known: KnownRegion | undefined): boolean {
    return known?.kinds.some((entities, kind) => entities.length > 0 && !this.format.kinds[kind].isStill) ?? false;
  }

  /** Whether a region is known exactly, and nothing that moves stands there. */
  private isSettled(known: KnownRegion | undefined): boolean {
    return known !== undefined && !known.isSketch && !this.isBusy(known);
  }

  /** The entities of a kind in all known regions; one that stands in several is taken from the newest. */
  private gather(kind: number): ReadonlyMap<EntityId, { row: Int32Array; tick: Tick }> {
    const { endOf } = this.format.kinds[kind];
    const gathered = new Map<EntityId, { row: Int32Array; tick: Tick }>();
    for (const region of this.regions.values()) {
      for (const entity of region.kinds[kind]) {
        const { id, row } = entity;
        if (endOf !== undefined && endOf(row, 0) <= this.newestTick) continue;
        const tick = toldAt(region, entity);
        const other = gathered.get(id);
        if (other === undefined || other.tick < tick) gathered.set(id, { row, tick });
      }
    }
    return gathered;
  }
}

/** An event that stands in several cells is told in each of them. */
function distinct(events: readonly KnownEvent[]): KnownEvent[] {
  return [...new Map(events.map((event) => [event.key, event])).values()];
}
