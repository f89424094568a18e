/**
 * A track: what frames told of one entity lately, and its picture. The samples are a ring of rows that are written over:
 * every frame goes through the tracks of all ships, and a sample lives so long that it would be dear to collect.
 *
 * Next: interpolation.ts, which draws from it.
 */
import type { EntityId } from "@starwake/shared/engine/entity-kind.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** An entity to draw: values in quanta, not whole. The next picture is drawn into the same row. */
export type DrawnEntity = { readonly id: EntityId; readonly row: Float64Array };

/** A power of two; two seconds at 30 frames a second: more than any delay of the render clock. */
export const KEPT_SAMPLES = 64;

export class Track {
  readonly drawn: DrawnEntity;
  /** How far the picture is still off from what is known, after a time without news. */
  offsetX = 0;
  offsetY = 0;
  /** Of all samples, which are numbered from 0; the last of them are kept. */
  private count = 0;
  private readonly ticks = new Int32Array(KEPT_SAMPLES);
  /** 1 where the entity was gone by then. */
  private readonly ends = new Uint8Array(KEPT_SAMPLES);
  private readonly rows: Int32Array[] = [];

  constructor(id: EntityId, fields: number) {
    this.drawn = { id, row: new Float64Array(fields) };
  }

  /** The newest sample's number; −1: there is none. */
  get newest(): number {
    return this.count - 1;
  }

  tickOf(sample: number): Tick {
    return this.ticks[sample & (KEPT_SAMPLES - 1)];
  }

  /** The entity as of a sample; undefined: there is no such sample, or it was gone by then. */
  rowOf(sample: number): Int32Array | undefined {
    const slot = sample & (KEPT_SAMPLES - 1);
    return sample >= this.count || this.ends[slot] === 1 ? undefined : this.rows[slot];
  }

  /** The number of the newest sample that is not after a tick; −1: there is none. */
  before(tick: number): number {
    const oldest = Math.max(0, this.count - KEPT_SAMPLES);
    for (let sample = this.count - 1; sample >= oldest; sample--) if (this.tickOf(sample) <= tick) return sample;
    return -1;
  }

  /** Copies a row as the newest sample. */
  add(tick: Tick, row: Int32Array): void {
    const slot = this.take(tick, 0);
    this.rows[slot] ??= new Int32Array(row.length);
    const copy = this.rows[slot];
    for (let field = 0; field < row.length; field++) copy[field] = row[field];
  }

  /** From that tick on it is gone. */
  end(tick: Tick): void {
    this.take(tick, 1);
  }

  private take(tick: Tick, isEnd: 0 | 1): number {
    const slot = this.count++ & (KEPT_SAMPLES - 1);
    this.ticks[slot] = tick;
    this.ends[slot] = isEnd;
    return slot;
  }
}
