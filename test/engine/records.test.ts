import { cellAt, isGate } from "@starwake/shared/engine/cell-grid.ts";
import { defineKind } from "@starwake/shared/engine/entity-kind.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { createRandom, nextBelow, nextBetween } from "@starwake/shared/engine/random.ts";
import { NEWS, type RecordSink, Records, type RowTable } from "@starwake/shared/engine/records.ts";
import { defineSchema } from "@starwake/shared/engine/schema.ts";
import { describe, expect, test } from "vitest";
import { toyGrid } from "../support/toy-space.ts";

const boat = defineKind("boat", {
  x: { min: 0, max: 1000, axis: "x" },
  y: { min: 0, max: 600, axis: "y" },
  hull: { min: 0, max: 9 },
});
const buoy = defineKind(
  "buoy",
  { x: { min: 0, max: 1000, axis: "x" }, y: { min: 0, max: 600, axis: "y" } },
  { isStill: true },
);
const splash = defineSchema("splash", { size: { min: 0, max: 9 } });
const [BOAT, BUOY] = [0, 1];
const toyRegions = Array.from({ length: toyGrid.regionCount }, (_, region) => region);

function createRecords(homes = new HomeCells()): Records {
  return new Records([boat, buoy], [splash], toyGrid, homes);
}

function filled(write: (sink: RecordSink) => void, records = createRecords(), tick = 1): Records {
  records.fill(tick, write);
  return records;
}

function idsIn(table: RowTable, cell: number): number[] {
  return [...table.slots.subarray(table.starts[cell], table.starts[cell + 1])].map((slot) => table.ids[slot]);
}

describe("a tick's records", () => {
  test("know each entity's row by its id, and no other id", () => {
    const { kinds } = filled((sink) => {
      sink.entity(BOAT, 3, { x: 10, y: 20, hull: 5 });
      sink.entity(BOAT, 8, { x: 30, y: 40, hull: 6 });
    });
    const slot = kinds[BOAT].slotOf(8);
    expect([...kinds[BOAT].rows.subarray(slot * 3, slot * 3 + 3)]).toEqual([30, 40, 6]);
    expect([2, 4, 9].map((id) => kinds[BOAT].slotOf(id))).toEqual([-1, -1, -1]);
  });

  test("list the entities of every cell in order of id, however many there are", () => {
    const random = createRandom(3);
    const places = Array.from({ length: 500 }, () => [nextBelow(random, 1000), nextBelow(random, 600)]);
    const { kinds } = filled((sink) => {
      places.forEach(([x, y], id) => {
        sink.entity(BOAT, id * 2 ** 40, { x, y, hull: 0 });
      });
    });
    for (let cell = 0; cell < toyGrid.count; cell++) {
      const expected = places.flatMap(([x, y], id) => (cellAt(toyGrid, x, y) === cell ? [id * 2 ** 40] : []));
      expect(idsIn(kinds[BOAT], cell)).toEqual(expected);
    }
  });

  test("put one that is recorded along a span in its first cell, and in the gates that it passes", () => {
    const { kinds } = filled((sink) => sink.entity(BUOY, 1, { x: 50, y: 50 }, { x0: 50, y0: 50, x1: 250, y1: 50 }));
    const regions = Array.from({ length: toyGrid.regionCount }, (_, region) => region);
    const holding = regions.filter((region) => idsIn(kinds[BUOY], region).length > 0);
    expect(holding.map((region) => [region % toyGrid.count, isGate(toyGrid, region)])).toEqual([
      [0, false],
      [1, true],
      [2, true],
    ]);
  });

  test("hold a hidden entity's row, but put it in no cell", () => {
    const { kinds } = filled((sink) => sink.hidden(BOAT, 4, { x: 5, y: 5, hull: 1 }));
    expect(kinds[BOAT].slotOf(4)).toBe(0);
    expect(kinds[BOAT].starts[toyGrid.regionCount]).toBe(0);
  });

  test("number events in the order in which they happened", () => {
    const { events } = filled((sink) => {
      for (const size of [7, 2]) sink.event(0, { size }, { x0: 5, y0: 5, x1: 5, y1: 5 });
    });
    expect(idsIn(events[0], 0)).toEqual([0, 1]);
    expect([...events[0].rows.subarray(0, 2)]).toEqual([7, 2]);
  });

  test("forget the tick before when they are filled anew", () => {
    const records = filled((sink) => sink.entity(BOAT, 1, { x: 5, y: 5, hull: 1 }));
    filled((sink) => sink.entity(BOAT, 2, { x: 905, y: 5, hull: 1 }), records, 2);
    expect([records.tick, records.kinds[BOAT].count, records.kinds[BOAT].slotOf(1)]).toEqual([2, 1, -1]);
    expect([idsIn(records.kinds[BOAT], 0), idsIn(records.kinds[BOAT], 9)]).toEqual([[], [2]]);
  });
});

describe("a game's mistake is refused at once", () => {
  test.for([
    [5, 4],
    [5, 5],
  ])("ids that do not ascend: %i, then %i", ([first, second]) => {
    const write = (sink: RecordSink) => {
      for (const id of [first, second]) sink.entity(BOAT, id, { x: 1, y: 1, hull: 1 });
    };
    expect(() => filled(write)).toThrow(/boat: record entities in ascending order of id; \d came after 5/);
  });

  test("a value that the step left out of range", () => {
    expect(() => filled((sink) => sink.entity(BOAT, 1, { x: 1.5, y: 1, hull: 1 }))).toThrow(/boat\.x is 1\.5/);
  });
});

describe("a moving entity's cell", () => {
  const boatAt = (x: number) => (sink: RecordSink) => sink.entity(BOAT, 1, { x, y: 50, hull: 1 });

  test("stays the same for ticks that share their homes, until it is well past the border", () => {
    const homes = new HomeCells();
    const cells = [90, 110, 119, 120, 101, 81, 79].map((x, tick) => {
      const { kinds } = filled(boatAt(x), createRecords(homes), tick);
      return [0, 1, 2].find((cell) => idsIn(kinds[BOAT], cell).length > 0);
    });
    expect(cells).toEqual([0, 0, 0, 1, 1, 1, 0]);
  });

  test("is forgotten with the entity, which may come back elsewhere", () => {
    const homes = new HomeCells();
    filled(boatAt(90), createRecords(homes), 1);
    filled(() => {}, createRecords(homes), 2);
    const { kinds } = filled(boatAt(110), createRecords(homes), 3);
    expect(idsIn(kinds[BOAT], 1)).toEqual([1]);
  });

  test("is its own for each kind, though ids be the same", () => {
    const { kinds } = filled((sink) => {
      sink.entity(BOAT, 1, { x: 5, y: 5, hull: 1 });
      sink.entity(BUOY, 1, { x: 905, y: 5 });
    });
    expect([idsIn(kinds[BOAT], 0), idsIn(kinds[BUOY], 9)]).toEqual([[1], [1]]);
  });
});

describe("what is still", () => {
  const atSea = (sink: RecordSink) => sink.entity(BUOY, 7, { x: 450, y: 150 }, { x0: 450, y0: 150, x1: 850, y1: 150 });

  test("can be recorded again: with the same row, in the same regions", () => {
    const homes = new HomeCells();
    const [first] = filled(atSea, createRecords(homes), 1).kinds.slice(BUOY);
    const again = filled((sink) => expect(sink.again(BUOY, 7)).toBe(true), createRecords(homes), 2).kinds[BUOY];
    expect(again.rows.subarray(0, 2)).toEqual(first.rows.subarray(0, 2));
    for (const region of toyRegions) expect(idsIn(again, region)).toEqual(idsIn(first, region));
    expect(toyRegions.filter((region) => idsIn(again, region).length > 0).length).toBeGreaterThan(1);
  });

  test("cannot if it was not there at the last tick", () => {
    const homes = new HomeCells();
    filled(atSea, createRecords(homes), 1);
    filled(() => {}, createRecords(homes), 2);
    const { kinds } = filled((sink) => expect(sink.again(BUOY, 7)).toBe(false), createRecords(homes), 3);
    expect(kinds[BUOY].count).toBe(0);
  });

  test("is a kind of its own: a moving one is refused with what to do", () => {
    expect(() => filled((sink) => sink.again(BOAT, 1))).toThrow(/boat: only what is still .* record it as an entity/);
  });
});

test("a region has news when anything in it comes, goes or becomes another, and when something happens", () => {
  const homes = new HomeCells();
  const span = { x0: 50, y0: 50, x1: 50, y1: 50 };
  const ticks: ((sink: RecordSink) => void)[] = [
    (sink) => sink.entity(BUOY, 7, { x: 50, y: 50 }),
    (sink) => sink.entity(BUOY, 7, { x: 50, y: 50 }),
    (sink) => {
      sink.entity(BUOY, 4, { x: 950, y: 50 });
      sink.entity(BUOY, 7, { x: 50, y: 50 });
    },
    (sink) => sink.entity(BUOY, 4, { x: 950, y: 50 }),
    (sink) => {
      sink.entity(BOAT, 1, { x: 50, y: 50, hull: 1 });
      sink.entity(BUOY, 4, { x: 950, y: 50 });
    },
    (sink) => sink.event(0, { size: 1 }, span),
    (sink) => sink.entity(BOAT, 1, { x: 50, y: 50, hull: 1 }),
    (sink) => sink.entity(BOAT, 1, { x: 50, y: 50, hull: 1 }),
    (sink) => sink.entity(BOAT, 1, { x: 50, y: 50, hull: 2 }),
    (sink) => sink.entity(BOAT, 1, { x: 950, y: 50, hull: 2 }),
    (sink) => sink.hidden(BOAT, 1, { x: 950, y: 50, hull: 2 }),
  ];
  const traced = ticks.map((write, tick) => {
    const { traces } = filled(write, createRecords(homes), tick);
    return [cellAt(toyGrid, 50, 50), cellAt(toyGrid, 950, 50)].map((cell) => (traces[cell] & NEWS) !== 0);
  });
  expect(traced).toEqual([
    [true, false],
    [false, false],
    [false, true],
    [true, false],
    [true, false],
    [true, true],
    [true, false],
    [false, false],
    [true, false],
    [true, true],
    [false, true],
  ]);
});

test("records that grew beyond their first buffers lose nothing", () => {
  const random = createRandom(11);
  const sizes = Array.from({ length: 300 }, () => nextBetween(random, 0, 9));
  const { kinds } = filled((sink) => {
    sizes.forEach((hull, id) => {
      sink.entity(BOAT, id, { x: 1, y: 1, hull });
    });
  });
  expect(sizes.map((_, id) => kinds[BOAT].rows[kinds[BOAT].slotOf(id) * 3 + 2])).toEqual(sizes);
});
