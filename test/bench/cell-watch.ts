/**
 * Interest for a peer: who sees what, by the cells and windows that Starwake has. It tells what comes into a watcher's
 * view and what leaves it, and does nothing for what stays: the cheapest way to fill another system's views.
 */
import {
  type CellGrid,
  createCellGrid,
  homeCell,
  isGate,
  regionsInView,
  type Space,
} from "@starwake/shared/engine/cell-grid.ts";

export type Sightings<Watcher, Thing> = {
  appeared(watcher: Watcher, thing: Thing): void;
  vanished(watcher: Watcher, thing: Thing): void;
};

const NOWHERE = -1;

export class CellWatch<Watcher, Thing> {
  private readonly grid: CellGrid;
  private readonly sightings: Sightings<Watcher, Thing>;
  private readonly things: Set<Thing>[];
  private readonly watchers: Set<Watcher>[];
  private readonly homes = new Map<Thing, number>();
  private readonly windows = new Map<Watcher, Set<number>>();
  private readonly regions: number[] = [];

  constructor(space: Space, sightings: Sightings<Watcher, Thing>) {
    this.grid = createCellGrid(space);
    this.sightings = sightings;
    this.things = Array.from({ length: this.grid.count }, () => new Set());
    this.watchers = Array.from({ length: this.grid.count }, () => new Set());
  }

  /** Puts a thing where it is now. */
  place(thing: Thing, x: number, y: number): void {
    const from = this.homes.get(thing) ?? NOWHERE;
    const to = homeCell(this.grid, from, x, y);
    if (to === from) return;
    this.homes.set(thing, to);
    this.things[from]?.delete(thing);
    this.things[to].add(thing);
    const before = this.watchers[from];
    const after = this.watchers[to];
    if (before !== undefined)
      for (const watcher of before) if (!after.has(watcher)) this.sightings.vanished(watcher, thing);
    for (const watcher of after) if (!before?.has(watcher)) this.sightings.appeared(watcher, thing);
  }

  /** A thing is gone from the world; nobody is told, because deleting it from the state tells them. */
  remove(thing: Thing): void {
    const home = this.homes.get(thing) ?? NOWHERE;
    this.things[home]?.delete(thing);
    this.homes.delete(thing);
  }

  /** Moves a watcher's window to where its view is centred now. */
  look(watcher: Watcher, x: number, y: number): void {
    regionsInView(this.grid, x, y, this.regions);
    const window = this.windows.get(watcher) ?? new Set<number>();
    this.windows.set(watcher, window);
    const cells = this.regions.filter((region) => !isGate(this.grid, region));
    if (cells.length === window.size && cells.every((cell) => window.has(cell))) return;
    for (const cell of window) if (!cells.includes(cell)) this.close(watcher, window, cell);
    for (const cell of cells) if (!window.has(cell)) this.open(watcher, window, cell);
  }

  /** A watcher is gone; it is told nothing any more. */
  forget(watcher: Watcher): void {
    for (const cell of this.windows.get(watcher) ?? []) this.watchers[cell].delete(watcher);
    this.windows.delete(watcher);
  }

  private open(watcher: Watcher, window: Set<number>, cell: number): void {
    window.add(cell);
    this.watchers[cell].add(watcher);
    for (const thing of this.things[cell]) this.sightings.appeared(watcher, thing);
  }

  private close(watcher: Watcher, window: Set<number>, cell: number): void {
    window.delete(cell);
    this.watchers[cell].delete(watcher);
    for (const thing of this.things[cell]) this.sightings.vanished(watcher, thing);
  }
}
