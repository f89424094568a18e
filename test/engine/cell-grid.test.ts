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
import { IntList } from "@starwake/shared/engine/int-list.ts";
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
  const grid = createCellGrid(of);
  const regions = new IntList();
  regionsAlong(grid, ...segment, cellAt(grid, segment[0], segment[1]), regions);
  return [...regions.items.subarray(0, regions.count)];
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

  test("comes cells first, then gates, each region once", () => {
    const check = (of: Space, x: number, y: number) => {
      const grid = createCellGrid(of);
      const regions = regionsOf(of, x, y);
      const cells = windowOf(of, x, y);
      expect(regions.slice(0, cells.length)).toEqual(cells);
      expect(new Set(regions).size).toBe(regions.length);
      expect(regions.every((region) => region >= 0 && region < grid.regionCount)).toBe(true);
    };
    fc.assert(fc.property(space, coordinate, coordinate, check), withSeed(1000));
  });

  test("shares a region with what flies through it, and none with what passes it by", () => {
    const check = (of: Space, x: number, y: number, segment: Segment) => {
      const cells = windowOf(of, x, y);
      const regions = regionsOf(of, x, y);
      const isSeen = cellsUnder(of, segment).some((cell) => cells.includes(cell));
      expect(along(of, segment).some((region) => regions.includes(region))).toBe(isSeen);
    };
    const segment = fc.tuple(coordinate, coordinate, coordinate, coordinate);
    fc.assert(fc.property(space, coordinate, coordinate, segment, check), withSeed(3000));
  });

  test("shares one region, and not two, with what flies straight through it", () => {
    const regions = regionsOf(TOY_SPACE, 550, 350);
    expect(along(TOY_SPACE, [50, 350, 950, 350]).filter((region) => regions.includes(region))).toHaveLength(1);
    expect(along(TOY_SPACE, [550, 350, 950, 350]).filter((region) => regions.includes(region))).toHaveLength(1);
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
  test("stands in the cell where it begins, and in a gate of each cell that it enters", () => {
    const regions = along(TOY_SPACE, [50, 50, 450, 50]);
    expect(regions[0]).toBe(0);
    expect(regions.slice(1).every((region) => isGate(toyGrid, region))).toBe(true);
    expect(regions.slice(1).map((region) => region % toyGrid.count)).toEqual([1, 2, 3, 4]);
  });

  test("enters a cell by another gate from each side", () => {
    const ways: Segment[] = [
      [150, 250, 250, 250],
      [350, 250, 250, 250],
      [250, 150, 250, 250],
      [250, 350, 250, 250],
    ];
    const gates = ways.map((way) => along(TOY_SPACE, way).at(-1) ?? -1);
    expect(new Set(gates).size).toBe(4);
    expect(gates.map((region) => region % toyGrid.count)).toEqual([22, 22, 22, 22]);
  });

  test("of no length stands in the cell of its point", () => {
    expect(along(TOY_SPACE, [150, 150, 150, 150])).toEqual([11]);
  });

  test("that leaves the world passes no more gates", () => {
    expect(along(TOY_SPACE, [950, 50, 3000, 50])).toEqual([9]);
  });

  test("has gates that begin where their cell does", () => {
    for (const region of along(TOY_SPACE, [50, 50, 450, 350])) {
      expect(cellAt(toyGrid, cellOriginX(toyGrid, region), cellOriginY(toyGrid, region))).toBe(region % toyGrid.count);
    }
  });
});
