import {
  cellAt,
  cellOriginX,
  cellOriginY,
  createCellGrid,
  homeCell,
  isGate,
  regionsAlong,
  regionsInView,
  type Space,
} from "@starwake/shared/engine/cell-grid.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";
import { TOY_SPACE, toyGrid } from "../support/toy-space.ts";

const space: fc.Arbitrary<Space> = fc.record({
  width: fc.integer({ min: 1, max: 5000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  cellSize: fc.integer({ min: 50, max: 900 }),
  stayMargin: fc.integer({ min: 0, max: 40 }),
  viewHalfWidth: fc.integer({ min: 1, max: 1500 }),
  viewHalfHeight: fc.integer({ min: 1, max: 1500 }),
});
/** Inside the world, at its border and beyond. */
const coordinate = fc.integer({ min: -400, max: 5400 });

function regionsOf(of: Space, x: number, y: number): number[] {
  const regions: number[] = [];
  regionsInView(createCellGrid(of), x, y, regions);
  return regions;
}

/** The window's cells alone, in its order. */
function windowOf(of: Space, x: number, y: number): number[] {
  const grid = createCellGrid(of);
  return regionsOf(of, x, y).filter((region) => !isGate(grid, region));
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

function along(of: Space, segment: Segment): number[] {
  const regions: number[] = [];
  regionsAlong(createCellGrid(of), ...segment, regions);
  return regions;
}

/** The cells that a segment is in, looked at every eighth of a cell. */
function cellsUnder(of: Space, [x0, y0, x1, y1]: Segment): number[] {
  const grid = createCellGrid(of);
  const steps = Math.max(1, Math.ceil((Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) * 8) / of.cellSize));
  return Array.from({ length: steps + 1 }, (_, step) =>
    cellAt(grid, x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps),
  );
}

describe(`a view's window (SEED=${SEED})`, () => {
  test("holds the cell of every point that the view shows, each once", () => {
    const check = (of: Space, x: number, y: number, across: number, down: number) => {
      const grid = createCellGrid(of);
      const cells = windowOf(of, x, y);
      expect(new Set(cells).size).toBe(cells.length);
      const seenX = x + Math.round(of.viewHalfWidth * across);
      const seenY = y + Math.round(of.viewHalfHeight * down);
      expect(cells).toContain(cellAt(grid, seenX, seenY));
    };
    const part = fc.constantFrom(-1, -0.5, 0, 0.7, 1);
    fc.assert(fc.property(space, coordinate, coordinate, part, part, check), withSeed(2000));
  });

  test("holds nothing that the view does not touch", () => {
    const check = (of: Space, x: number, y: number) => {
      const grid = createCellGrid(of);
      const inside = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
      for (const cell of windowOf(of, inside(x, of.width), inside(y, of.height))) {
        const [left, top] = [cellOriginX(grid, cell), cellOriginY(grid, cell)];
        expect(left).toBeLessThanOrEqual(inside(x, of.width) + of.viewHalfWidth);
        expect(top).toBeLessThanOrEqual(inside(y, of.height) + of.viewHalfHeight);
        expect(left + of.cellSize).toBeGreaterThan(inside(x, of.width) - of.viewHalfWidth);
        expect(top + of.cellSize).toBeGreaterThan(inside(y, of.height) - of.viewHalfHeight);
      }
    };
    fc.assert(fc.property(space, coordinate, coordinate, check), withSeed(1000));
  });

  test("starts with the view's own cell, and comes nearest first", () => {
    const check = (of: Space, x: number, y: number) => {
      const grid = createCellGrid(of);
      const cells = windowOf(of, x, y);
      const home = cellAt(grid, x, y);
      const distances = cells.map((cell) => {
        const columns = (cell % grid.columns) - (home % grid.columns);
        const rows = Math.floor(cell / grid.columns) - Math.floor(home / grid.columns);
        return columns * columns + rows * rows;
      });
      expect(cells[0]).toBe(home);
      expect(distances).toEqual(distances.toSorted((one, other) => one - other));
    };
    fc.assert(fc.property(space, coordinate, coordinate, check), withSeed(1000));
  });
});