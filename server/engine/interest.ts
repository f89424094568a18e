/**
 * Interest: which regions one session is sent, and the tick that each was last brought to. On an ordered lane that is
 * the tick last sent. A slow client, a cell that did not fit, a player who just joined: each is nothing but another
 * tick here.
 */
import { type CellGrid, regionsInView, windowKey } from "@starwake/shared/engine/cell-grid.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const UNKNOWN = -1;

export class Interest {
  /** The regions of the view's window, in the order in which they are sent. */
  window: number[] = [];
  private previous: number[] = [];
  private readonly grid: CellGrid;
  private readonly broughtTo: Int32Array;
  private key = UNKNOWN;

  constructor(grid: CellGrid) {
    this.grid = grid;
    this.broughtTo = new Int32Array(grid.regionCount).fill(UNKNOWN);
  }

  /** Moves the window to a view's centre (in quanta). The reader forgets what falls out of it, and so does this. */
  look(x: number, y: number): void {
    const key = windowKey(this.grid, x, y);
    if (key === this.key) return;
    this.key = key;
    [this.previous, this.window] = [this.window, this.previous];
    regionsInView(this.grid, x, y, this.window);
    for (const region of this.previous) if (!this.window.includes(region)) this.broughtTo[region] = UNKNOWN;
  }

  /** The tick that the reader knows a region at; undefined: it knows nothing of it. */
  knownAt(region: number): Tick | undefined {
    const tick = this.broughtTo[region];
    return tick === UNKNOWN ? undefined : tick;
  }

  bring(region: number, tick: Tick): void {
    this.broughtTo[region] = tick;
  }

  /** A reader who starts anew knows nothing. */
  forgetAll(): void {
    this.broughtTo.fill(UNKNOWN);
    this.window = [];
    this.key = UNKNOWN;
  }
}
