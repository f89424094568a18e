/**
 * Watches one player of a crowd: what the frames that their client has read hold of the others, against where the others
 * truly are. How old something is counts from the tick that it is known as of; for a ship that is in view and not known
 * at all, from the tick at which it came into view. (A view's rim does not count: who has just come over it may still
 * stand with a cell that is out of view.)
 *
 * The marks speak of CROWD others in one view: ages are judged in views of no more, and those in larger ones kept beside.
 *
 * The nearest are the NEAREST living others with the least distance to the own ship, as the world has them at the frame's
 * tick. They come at full rate when every frame brings every one of them as of its own tick.
 */
import type { Space } from "@starwake/shared/engine/cell-grid.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

export const NEAREST = 20;
export const CROWD = 400;
/** Views of so many others are nearly as crowded. */
const NEARLY_CROWD = 360;

/** A living ship, in quanta. */
export type Place = { readonly id: number; readonly x: number; readonly y: number };

/** What a client holds of others, by their number: as of which tick. */
export type Held = ReadonlyMap<number, { readonly tick: Tick }>;

type Middle = { readonly x: number; readonly y: number };
type View = Pick<Space, "viewHalfWidth" | "viewHalfHeight" | "stayMargin">;

/** Sums over frames. */
type CrowdCounts = {
  frames: number;
  /** Living others in view, and those among them that are known. */
  inView: number;
  known: number;
  /** Nearest others, and those among them that the frame brought. */
  nearest: number;
  nearestBrought: number;
  /** Frames of a view as crowded as the marks speak of, or nearly. */
  crowdedFrames: number;
  /** The oldest in views of up to CROWD others, and in more crowded ones. */
  oldestTicks: number;
  oldestBeyondTicks: number;
};

const NOTHING: CrowdCounts = {
  frames: 0,
  inView: 0,
  known: 0,
  nearest: 0,
  nearestBrought: 0,
  crowdedFrames: 0,
  oldestTicks: 0,
  oldestBeyondTicks: 0,
};

export class CrowdWatch {
  counts = { ...NOTHING };
  private readonly view: View;
  /** Since when those are in view of whom nothing is known. */
  private unknown = new Map<number, Tick>();

  constructor(view: View) {
    this.view = view;
  }

  /** Counts anew; who has been waited for stays so. */
  begin(): void {
    this.counts = { ...NOTHING };
  }

  /** A frame was read. @param others all that live, the own ship aside; @param middle of the view */
  frame(tick: Tick, own: Place, others: readonly Place[], held: Held, middle: Middle = own): void {
    const { counts } = this;
    const inView = others.filter((other) => this.isInView(middle, other));
    counts.frames++;
    counts.inView += inView.length;
    counts.known += inView.filter(({ id }) => held.has(id)).length;
    this.noteAges(tick, own, inView, held);
    for (const { id } of nearestTo(own, inView)) {
      counts.nearest++;
      if (held.get(id)?.tick === tick) counts.nearestBrought++;
    }
  }

  private noteAges(tick: Tick, own: Place, inView: readonly Place[], held: Held): void {
    const { counts, unknown } = this;
    const oldest = inView.length <= CROWD ? "oldestTicks" : "oldestBeyondTicks";
    const note = (since: Tick) => {
      counts[oldest] = Math.max(counts[oldest], tick - since);
    };
    if (inView.length <= CROWD && inView.length >= NEARLY_CROWD) counts.crowdedFrames++;
    for (const [id, known] of held) if (id !== own.id) note(known.tick);
    this.unknown = new Map();
    for (const { id } of inView) if (!held.has(id)) this.unknown.set(id, unknown.get(id) ?? tick);
    for (const since of this.unknown.values()) note(since);
  }

  private isInView(middle: Middle, { x, y }: Place): boolean {
    const { viewHalfWidth, viewHalfHeight, stayMargin } = this.view;
    return (
      Math.abs(x - middle.x) <= viewHalfWidth - stayMargin && Math.abs(y - middle.y) <= viewHalfHeight - stayMargin
    );
  }
}

function nearestTo(own: Place, others: readonly Place[]): Place[] {
  const squaredDistance = ({ x, y }: Place) => (x - own.x) ** 2 + (y - own.y) ** 2;
  return [...others].sort((one, other) => squaredDistance(one) - squaredDistance(other)).slice(0, NEAREST);
}
