/**
 * Interest: which regions one session is sent, and the tick that each was last brought to. On an ordered lane that is
 * the tick last sent. A slow client, a cell that did not fit, a player who just joined: each is nothing but another
 * tick here.
 *
 * Regions are spoken of by their place in the window, so that what is read for every frame lies close together.
 */
import { type CellGrid, regionsInView, windowKey } from "@starwake/shared/engine/cell-grid.ts";
import { SKETCH, type SketchParts } from "@starwake/shared/engine/chunk-sketch.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { KnownParts } from "./known-parts.ts";

const UNKNOWN = -1;
/** What is kept of a region: the tick that the reader knows it at, how many ticks that chunk bridged, and what moves there. */
const Of = { Tick: 0, Gap: 1, Motion: 2 } as const;
/** Nothing that can move stands there; or it does, and rests; or it was told. */
export const Motion = { None: 0, Resting: 1, Busy: 2 } as const;
type MotionState = (typeof Motion)[keyof typeof Motion];
const NUMBERS = 3;
const SPARE = 12 * NUMBERS;

/** The rounds in which sketches tell everybody, and what has had to wait. */
export type SketchRound = {
  /** What was told last. */
  parts: SketchParts;
  /** Parts that must come soon, lest the round takes too long. */
  due: number;
  /** Frames since any part was told, and since a region farther away than the nearest was told exactly. */
  framesWithoutPart: number;
  framesWithoutRegion: number;
};

export class Interest {
  /** The regions of the view's window, in the order in which they are sent. */
  window: number[] = [];
  /** The view's centre, in quanta, and which of the space's views it is. */
  x = 0;
  y = 0;
  shape = 0;
  /** Where the steered entity is: who is near counts from there. */
  ownX = 0;
  ownY = 0;
  /** How far the sketches are, see frame-budget.ts. */
  readonly round: SketchRound = { parts: { first: 0, count: 0 }, due: 0, framesWithoutPart: 0, framesWithoutRegion: 0 };
  /** Where not all of a region is known, what is. */
  readonly parts = new KnownParts();
  private previous: number[] = [];
  private readonly grid: CellGrid;
  /** For each place in the window some numbers, see Of. */
  private known: Int32Array = new Int32Array(0);
  private previousKnown: Int32Array = new Int32Array(0);
  private key = UNKNOWN;

  constructor(grid: CellGrid) {
    this.grid = grid;
  }

  /**
   * Moves the window to a view's centre (in quanta). The reader forgets what falls out of it, and so does this.
   * @returns whether the window is another one now
   */
  look(x: number, y: number, shape = 0, ownX = x, ownY = y): boolean {
    this.x = x;
    this.y = y;
    this.ownX = ownX;
    this.ownY = ownY;
    const key = windowKey(this.grid, x, y, shape);
    if (key === this.key && shape === this.shape) return false;
    this.key = key;
    this.shape = shape;
    [this.previous, this.window] = [this.window, this.previous];
    [this.previousKnown, this.known] = [this.known, this.previousKnown];
    regionsInView(this.grid, x, y, this.window, shape);
    const length = this.window.length * NUMBERS;
    // Some more: a window at another place may be larger.
    if (this.known.length < length) this.known = new Int32Array(length + SPARE);
    const { previous, window } = this;
    if (this.grid.space.leaveMargin !== undefined)
      this.parts.move(window.length, (place) => previous.indexOf(window[place]));
    for (let place = 0; place < window.length; place++) {
      const before = previous.indexOf(window[place]);
      for (let number = 0; number < NUMBERS; number++)
        this.known[place * NUMBERS + number] = before < 0 ? UNKNOWN : this.previousKnown[before * NUMBERS + number];
    }
    return true;
  }

  /** The tick that the reader knows the region at a place at; undefined: it knows nothing of it. */
  knownAt(place: number): Tick | undefined {
    const tick = this.known[place * NUMBERS + Of.Tick];
    return tick === UNKNOWN ? undefined : tick;
  }

  /** The ticks that the last chunk of the region at a place bridged; 0 or less: none, it started from nothing; or SKETCH. */
  gapAt(place: number): number {
    return this.known[place * NUMBERS + Of.Gap];
  }

  /** Whether the reader knows the region at a place only as a sketch. */
  isSketchAt(place: number): boolean {
    return this.gapAt(place) === SKETCH;
  }

  /** Whether the reader was told of anything in the region at a place that can move, and that does not rest. */
  isBusyAt(place: number): boolean {
    return this.known[place * NUMBERS + Of.Motion] === Motion.Busy;
  }

  /** Whether the reader knows for sure that nothing moves in the region at a place. */
  isSettledAt(place: number): boolean {
    return this.knownAt(place) !== undefined && !this.isSketchAt(place) && !this.isBusyAt(place);
  }

  /** Whether the reader knows for sure that nothing can move in the region at a place. */
  isStillAt(place: number): boolean {
    return this.isSettledAt(place) && this.known[place * NUMBERS + Of.Motion] === Motion.None;
  }

  /** @param gap the ticks since the reader knew the region last; 0: it is told from nothing; or SKETCH */
  bring(place: number, tick: Tick, gap = 0, motion: MotionState = Motion.None): void {
    this.known[place * NUMBERS + Of.Motion] = motion;
    this.known[place * NUMBERS + Of.Tick] = tick;
    this.known[place * NUMBERS + Of.Gap] = gap;
  }

  /** A reader who starts anew knows nothing. */
  forgetAll(): void {
    this.window.length = 0;
    this.key = UNKNOWN;
  }
}
