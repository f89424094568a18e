/**
 * Interpolation ⑭: the others, drawn between two known ticks at the render clock's time. When there is nothing newer
 * they are moved on for a moment by what their rows tell; who is told to be gone is gone when that tick is drawn.
 *
 * Next: client/game/scene.ts (⑮).
 */
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import type { EntityId } from "@starwake/shared/engine/entity-kind.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { blendRows } from "./blend-rows.ts";
import type { Snapshot } from "./snapshot.ts";

/** An entity as of one tick; no row: it was gone by then. */
type Sample = { readonly tick: Tick; readonly row: Int32Array | undefined };

/** What is known of an entity, and how far its picture is still off from that, after a time without news. */
type Track = { readonly samples: Sample[]; offsetX: number; offsetY: number };

/** An entity whose row never changes, and the tick from which it is known to be gone. */
export type StillEntity = { readonly id: EntityId; readonly row: Int32Array; goneTick: Tick | undefined };

/** An entity to draw: values in quanta, not whole. */
export type DrawnEntity = { readonly id: EntityId; readonly row: Float64Array };

/** A second and a half at 30 frames a second: more than any delay of the render clock. */
const KEPT_SAMPLES = 45;
const MAX_EXTRAPOLATED_SECONDS = 0.25;
/** Time in which what a guess was off halves, once it is known better. */
const EASE_HALF_LIFE_MS = 50;

export class Interpolation {
  private readonly format: ChunkFormat;
  private readonly maxExtrapolatedTicks: number;
  private readonly tracks: readonly Map<EntityId, Track>[];
  private readonly stills: readonly Map<EntityId, StillEntity>[];
  private readonly scratch: readonly Int32Array[];
  /** The tick of the newest picture. */
  private drawnTick = Number.NEGATIVE_INFINITY;

  constructor(format: ChunkFormat, tickRate: number) {
    this.format = format;
    this.maxExtrapolatedTicks = Math.round(MAX_EXTRAPOLATED_SECONDS * tickRate);
    this.tracks = format.kinds.map(() => new Map());
    this.stills = format.kinds.map(() => new Map());
    this.scratch = format.kinds.map((kind) => new Int32Array(kind.fields.length));
  }

  take(snapshot: Snapshot): void {
    this.format.kinds.forEach((kind, index) => {
      if (kind.isStill) this.takeStills(index, snapshot);
      else this.takeTracks(index, snapshot);
    });
  }

  private takeTracks(kind: number, { kinds, head }: Snapshot): void {
    const tracks = this.tracks[kind];
    for (const [id, { row, tick }] of kinds[kind]) {
      const track = tracks.get(id) ?? { samples: [], offsetX: 0, offsetY: 0 };
      tracks.set(id, track);
      if ((track.samples.at(-1)?.tick ?? -1) < tick) this.extend(kind, track, { tick, row: row.slice() });
    }
    for (const [id, { samples }] of tracks) {
      if (kinds[kind].has(id)) continue;
      const last = samples.at(-1)!;
      if (last.row !== undefined) samples.push({ tick: head.tick, row: undefined });
      else if (head.tick - last.tick > KEPT_SAMPLES * 2) tracks.delete(id);
    }
  }

  /** Adds what is newly known. Where the picture was a guess meanwhile, it goes over to it instead of leaping. */
  private extend(kind: number, track: Track, sample: Sample): void {
    const { samples } = track;
    const last = samples.at(-1);
    const isGuess = last?.row !== undefined && last.tick < this.drawnTick;
    const guess = isGuess ? this.drawOne(kind, track, this.drawnTick) : undefined;
    samples.push(sample);
    if (samples.length > KEPT_SAMPLES) samples.shift();
    if (guess === undefined) return;
    track.offsetX = track.offsetY = 0;
    const known = this.drawOne(kind, track, this.drawnTick);
    const { x, y } = this.format.kinds[kind].at;
    if (known === undefined) return;
    track.offsetX = guess[x] - known[x];
    track.offsetY = guess[y] - known[y];
  }

  /** Lets the pictures come nearer to what is known. */
  ease(elapsedMs: number): void {
    const kept = 0.5 ** (elapsedMs / EASE_HALF_LIFE_MS);
    for (const tracks of this.tracks)
      for (const track of tracks.values()) {
        track.offsetX *= kept;
        track.offsetY *= kept;
      }
  }

  private takeStills(kind: number, { kinds, head }: Snapshot): void {
    const stills = this.stills[kind];
    for (const [id, { row }] of kinds[kind]) if (!stills.has(id)) stills.set(id, { id, row, goneTick: undefined });
    const { endOf } = this.format.kinds[kind];
    for (const [id, still] of stills) {
      if (still.goneTick !== undefined && head.tick - still.goneTick > KEPT_SAMPLES * 2) stills.delete(id);
      if (still.goneTick !== undefined || kinds[kind].has(id)) continue;
      const endTick = endOf?.(still.row, 0);
      still.goneTick = endTick === undefined ? head.tick : Math.min(endTick, head.tick);
    }
  }

  /** The entities of a kind whose rows never change; some of them are gone already. */
  stillEntities(kind: number): Iterable<StillEntity> {
    return this.stills[kind].values();
  }

  /** The moving entities of a kind as of `tick`, which may be between two. */
  draw(kind: number, tick: number): DrawnEntity[] {
    this.drawnTick = tick;
    const drawn: DrawnEntity[] = [];
    for (const [id, track] of this.tracks[kind]) {
      const row = this.drawOne(kind, track, tick);
      if (row !== undefined) drawn.push({ id, row });
    }
    return drawn;
  }

  private drawOne(kind: number, track: Track, tick: number): Float64Array | undefined {
    const row = this.rowAt(kind, track.samples, tick);
    if (row === undefined) return undefined;
    const { x, y } = this.format.kinds[kind].at;
    row[x] += track.offsetX;
    row[y] += track.offsetY;
    return row;
  }

  private rowAt(kind: number, samples: readonly Sample[], tick: number): Float64Array | undefined {
    let index = samples.length - 1;
    while (index >= 0 && samples[index].tick > tick) index--;
    const from = samples[index];
    if (from?.row === undefined) return undefined;
    const to = samples[index + 1];
    if (to?.row === undefined) return this.extrapolate(kind, from.row, tick - from.tick);
    return blendRows(this.format.kinds[kind], from.row, to.row, (tick - from.tick) / (to.tick - from.tick));
  }

  private extrapolate(kind: number, row: Int32Array, ticks: number): Float64Array {
    const ahead = Math.min(ticks, this.maxExtrapolatedTicks);
    const scratch = this.scratch[kind];
    scratch.set(row);
    this.format.advance(kind, scratch, Math.floor(ahead));
    const before = scratch.slice();
    this.format.advance(kind, scratch, 1);
    return blendRows(this.format.kinds[kind], before, scratch, ahead - Math.floor(ahead));
  }
}
