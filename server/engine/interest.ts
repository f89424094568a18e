/**
 * Interest: which cells one session is sent, and the tick that each was last brought to. On an ordered lane that is
 * the tick last sent. A slow client, a cell that did not fit, a player who just joined: each is nothing but another
 * tick here.
 */
import { type CellGrid, cellsInView } from "@starwake/shared/engine/cell-grid.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

const UNKNOWN = -1;

export class Interest {
  /** The cells around the view, nearest first. */
  window: number[] = [];
  private previous: number[] = [];
  private readonly grid: CellGrid;
  private readonly broughtTo: Int32Array;

  constructor(grid: CellGrid) {
    this.grid = grid;
    this.broughtTo = new Int32Array(grid.count).fill(UNKNOWN);
  }

  /** Moves the window to a view's centre (in quanta). The reader forgets what falls out of it, and so does this. */
  look(x: number, y: number): void {
    [this.previous, this.window] = [this.window, this.previous];
    cellsInView(this.grid, x, y, this.window);
    for (const cell of this.previous) if (!this.window.includes(cell)) this.broughtTo[cell] = UNKNOWN;
  }

  /** The tick that the reader knows a cell at; undefined: it knows nothing of it. */
  knownAt(cell: number): Tick | undefined {
    const tick = this.broughtTo[cell];
    return tick === UNKNOWN ? undefined : tick;
  }

  bring(cell: number, tick: Tick): void {
    this.broughtTo[cell] = tick;
  }

  /** A reader who starts anew knows nothing. */
  forgetAll(): void {
    this.broughtTo.fill(UNKNOWN);
    this.window = [];
  }
}
