import {
  cellAt,
  cellOriginX,
  cellOriginY,
  cellsAlong,
  cellsInView,
  createCellGrid,
  homeCell,
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

function windowOf(of: Space, x: number, y: number): number[] {
  const cells: number[] = [];
  cellsInView(createCellGrid(of), x, y, cells);
  return cells;
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

test("a point outside the world belongs to the nearest cell", () => {
  expect(cellAt(toyGrid, -50, -50)).toBe(0);
  expect(cellAt(toyGrid, 5000, 5000)).toBe(toyGrid.count - 1);
  expect(cellAt(toyGrid, 1000, 0)).toBe(9);
});

test("a cell's origin is its own corner", () => {
  for (let cell = 0; cell < toyGrid.count; cell++)
    expect(cellAt(toyGrid, cellOriginX(toyGrid, cell), cellOriginY(toyGrid, cell))).toBe(cell);
});

test("a world smaller than a cell is one cell", () => {
  expect(createCellGrid({ ...TOY_SPACE, width: 1, height: 1 }).count).toBe(1);
});

describe("an entity's home cell", () => {
  test("is the one that it stands in, when it comes from nowhere", () => {
    expect(homeCell(toyGrid, -1, 250, 130)).toBe(12);
  });

  test.for([
    ["right", 319, 320],
    ["left", 180, 179],
  ])("is kept until the entity is past the border's margin to the %s", ([, kept, left]) => {
    expect(homeCell(toyGrid, 2, Number(kept), 50)).toBe(2);
    expect(homeCell(toyGrid, 2, Number(left), 50)).not.toBe(2);
  });

  test("does not change again and again for one that hovers at the border", () => {
    let home = homeCell(toyGrid, -1, 99, 50);
    let changes = 0;
    for (let step = 0; step < 100; step++) {
      const next = homeCell(toyGrid, home, step % 2 === 0 ? 115 : 85, 50);
      if (next !== home) changes++;
      home = next;
    }
    expect(changes).toBe(0);
  });
});

describe("a segment", () => {
  const along = (x0: number, y0: number, x1: number, y1: number) => {
    const cells: number[] = [];
    cellsAlong(toyGrid, x0, y0, x1, y1, cells);
    return cells;
  };

  test("stands in each cell that it crosses, once, from its start", () => {
    expect(along(50, 50, 450, 50)).toEqual([0, 1, 2, 3, 4]);
    expect(along(50, 250, 50, 50)).toEqual([20, 10, 0]);
  });

  test("of no length stands in the cell of its point", () => {
    expect(along(150, 150, 150, 150)).toEqual([11]);
  });

  test("that leaves the world stays in its border's cells", () => {
    expect(along(950, 50, 3000, 50)).toEqual([9]);
  });
});
