/** What one real client sees: counts of its frames and of what stands in them, and whether the picture is alive. */
import type { SampleFigures } from "./orders.ts";

/** A moving entity in a frame. */
export type Seen = { readonly id: number | string; readonly x: number; readonly y: number };

/** Of all that is in view, at least so much moves between two frames where everybody flies about. */
const LEAST_MOVING = 0.5;

export class SampleWatch {
  private frames = 0;
  private bytes = 0;
  private entityUpdates = 0;
  private known = 0;
  private moved = 0;
  private unreadable = 0;
  private places = new Map<number | string, Seen>();

  begin(): void {
    Object.assign(this, { frames: 0, bytes: 0, entityUpdates: 0, known: 0, moved: 0, unreadable: 0 });
  }

  /** A frame was decoded: everything that moves and is known now. */
  frame(bytes: number, entities: Iterable<Seen>): void {
    const places = new Map<number | string, Seen>();
    for (const seen of entities) {
      places.set(seen.id, seen);
      const before = this.places.get(seen.id);
      if (before === undefined) continue;
      this.known++;
      if (before.x !== seen.x || before.y !== seen.y) this.moved++;
    }
    this.frames++;
    this.bytes += bytes;
    this.entityUpdates += places.size;
    this.places = places;
  }

  /** A frame came that could not be read. */
  failed(): void {
    this.unreadable++;
  }

  get figures(): SampleFigures {
    const { frames, bytes, entityUpdates } = this;
    return { clients: 1, frames, bytes, entityUpdates, problems: this.problems() };
  }

  private problems(): string[] {
    if (this.frames === 0) return ["a client that decodes got no frame"];
    const problems: string[] = [];
    if (this.unreadable > 0) problems.push(`${this.unreadable} frames could not be read`);
    if (this.moved < this.known * LEAST_MOVING || this.known === 0)
      problems.push(`of ${this.known} ships seen twice only ${this.moved} had moved`);
    return problems;
  }
}

export function addSamples(figures: readonly SampleFigures[]): SampleFigures {
  const sum = (pick: (one: SampleFigures) => number) => figures.reduce((total, one) => total + pick(one), 0);
  return {
    clients: figures.length,
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
    entityUpdates: sum(({ entityUpdates }) => entityUpdates),
    problems: [...new Set(figures.flatMap(({ problems }) => problems))],
  };
}
