/**
 * Interpolation ⑭: the others, drawn between two known ticks at the render clock's time. When there is nothing newer
 * they are moved on for a moment by what their rows tell; who is told to be gone is gone when that tick is drawn.
 *
 * Next: client/game/scene.ts (⑮).
 */
import type { ChunkFormat } from "@starwake/shared/engine/chunk.ts";
import type { EntityId } from "@starwake/shared/engine/entity-kind.ts";
import type { Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type BlendPlan, blendRows, planBlending } from "./blend-rows.ts";
import type { Snapshot } from "./snapshot.ts";
import { type DrawnEntity, Track } from "./track.ts";

/** An entity whose row never changes, and the tick from which it is known to be gone. */
export type StillEntity = { readonly id: EntityId; readonly row: Int32Array; goneTick: Tick | undefined };

/** Who was gone for so many ticks is forgotten: the render clock is never so far behind. */
const FORGOTTEN_TICKS = 90;
const MAX_EXTRAPOLATED_SECONDS = 0.25;
/** Time in which what a guess was off halves, once it is known better. */
const EASE_HALF_LIFE_MS = 50;

export class Interpolation {
  private readonly format: ChunkFormat;
  private readonly maxExtrapolatedTicks: number;
  private readonly tracks: readonly Map<EntityId, Track>[];
  private readonly stills: readonly Map<EntityId, StillEntity>[];
  private readonly plans: readonly BlendPlan[];
  private readonly guesses: readonly Guess[];
  /** The tick of the newest picture. */
  private drawnTick = Number.NEGATIVE_INFINITY;

  constructor(format: ChunkFormat, tickRate: number) {
    this.format = format;
    this.maxExtrapolatedTicks = Math.round(MAX_EXTRAPOLATED_SECONDS * tickRate);
    this.tracks = format.kinds.map(() => new Map());
    this.stills = format.kinds.map(() => new Map());
    this.plans = format.kinds.map(planBlending);
    this.guesses = format.kinds.map(createGuess);
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
      let track = tracks.get(id);
      if (track === undefined) {
        track = new Track(id, row.length);
        tracks.set(id, track);
      }
      if (track.newest < 0 || track.tickOf(track.newest) < tick) this.extend(kind, track, tick, row);
    }
    for (const [id, track] of tracks) {
      if (kinds[kind].has(id)) continue;
      if (track.rowOf(track.newest) !== undefined) track.end(head.tick);
      else if (head.tick - track.tickOf(track.newest) > FORGOTTEN_TICKS) tracks.delete(id);
    }
  }

  /** Adds what is newly known. Where the picture was a guess meanwhile, it goes over to it instead of leaping. */
  private extend(kind: number, track: Track, tick: Tick, row: Int32Array): void {
    const { newest } = track;
    const isGuess = newest >= 0 && track.tickOf(newest) < this.drawnTick;
    const guess = isGuess ? this.placeOf(kind, track) : undefined;
    track.add(tick, row);
    if (guess === undefined) return;
    track.offsetX = track.offsetY = 0;
    const known = this.placeOf(kind, track);
    if (known === undefined) return;
    track.offsetX = guess.x - known.x;
    track.offsetY = guess.y - known.y;
  }

  /** Where an entity is in the newest picture, by what is known of it now. */
  private placeOf(kind: number, track: Track): { x: number; y: number } | undefined {
    if (!this.drawOne(kind, track, this.drawnTick)) return undefined;
    const { x, y } = this.format.kinds[kind].at;
    return { x: track.drawn.row[x], y: track.drawn.row[y] };
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
      if (still.goneTick !== undefined && head.tick - still.goneTick > FORGOTTEN_TICKS) stills.delete(id);
      if (still.goneTick !== undefined || kinds[kind].has(id)) continue;
      const endTick = endOf?.(still.row, 0);
      still.goneTick = endTick === undefined ? head.tick : Math.min(endTick, head.tick);
    }
  }

  /** The entities of a kind whose rows never change; some of them are gone already. */
  stillEntities(kind: number): Iterable<StillEntity> {
    return this.stills[kind].values();
  }

  /** The moving entities of a kind as of `tick`, which may be between two; each row until it is drawn again. */
  draw(kind: number, tick: number): DrawnEntity[] {
    this.drawnTick = tick;
    const drawn: DrawnEntity[] = [];
    for (const track of this.tracks[kind].values()) if (this.drawOne(kind, track, tick)) drawn.push(track.drawn);
    return drawn;
  }

  /** Writes a track's row; false: the entity is not there at that tick. */
  private drawOne(kind: number, track: Track, tick: number): boolean {
    const sample = track.before(tick);
    const from = sample < 0 ? undefined : track.rowOf(sample);
    if (from === undefined) return false;
    const fromTick = track.tickOf(sample);
    const to = track.rowOf(sample + 1);
    const { row } = track.drawn;
    if (to === undefined) this.extrapolate(kind, from, tick - fromTick, row);
    else blendRows(this.plans[kind], from, to, (tick - fromTick) / (track.tickOf(sample + 1) - fromTick), row);
    const { x, y } = this.format.kinds[kind].at;
    row[x] += track.offsetX;
    row[y] += track.offsetY;
    return true;
  }

  private extrapolate(kind: number, from: Int32Array, ticks: number, row: Float64Array): void {
    const ahead = Math.min(ticks, this.maxExtrapolatedTicks);
    const { before, after } = this.guesses[kind];
    before.set(from);
    this.format.advance(kind, before, Math.floor(ahead));
    after.set(before);
    this.format.advance(kind, after, 1);
    blendRows(this.plans[kind], before, after, ahead - Math.floor(ahead), row);
  }
}

/** Rows of the ticks before and after the one that is guessed at; written anew each time. */
type Guess = { readonly before: Int32Array; readonly after: Int32Array };

function createGuess({ fields }: Schema): Guess {
  return { before: new Int32Array(fields.length), after: new Int32Array(fields.length) };
}
