/**
 * Interest: which regions one session is sent, and the tick that each was last brought to. On an ordered lane that is
 * the tick last sent. A slow client, a cell that did not fit, a player who just joined: each is nothing but another
 * tick here.
 *
 * Regions are spoken of by their place in the window, so that what is read for every frame lies close together.
 */
import { type CellGrid, regionsInView, windowKey } from "@starwake/shared/engine/cell-grid.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const UNKNOWN = -1;

export class Interest {
  /** The regions of the view's window, in the order in which they are sent. */
  window: number[] = [];
  private previous: number[] = [];
  private readonly grid: CellGrid;
  /** For each place in the window, the tick that the reader knows its region at. */
  private known: Int32Array = new Int32Array(0);
  private previousKnown: Int32Array = new Int32Array(0);
  private key = UNKNOWN;

  constructor(grid: CellGrid) {
    this.grid = grid;
  }

  /** Moves the window to a view's centre (in quanta). The reader forgets what falls out of it, and so does this. */
  look(x: number, y: number): void {
    const key = windowKey(this.grid, x, y);
    if (key === this.key) return;
    this.key = key;
    [this.previous, this.window] = [this.window, this.previous];
    [this.previousKnown, this.known] = [this.known, this.previousKnown];
    regionsInView(this.grid, x, y, this.window);
    if (this.known.length < this.window.length) this.known = new Int32Array(this.window.length);
    for (let place = 0; place < this.window.length; place++) {
      const before = this.previous.indexOf(this.window[place]);
      this.known[place] = before < 0 ? UNKNOWN : this.previousKnown[before];
    }
  }

  /** The tick that the reader knows the region at a place at; undefined: it knows nothing of it. */
  knownAt(place: number): Tick | undefined {
    const tick = this.known[place];
    return tick === UNKNOWN ? undefined : tick;
  }

  bring(place: number, tick: Tick): void {
    this.known[place] = tick;
  }

  /** A reader who starts anew knows nothing. */
  forgetAll(): void {
    this.window.length = 0;
    this.key = UNKNOWN;
  }
}
