/** What a reader is sent when not all fits: who is near with every frame, all else in turn, and no more than the budget. */
import { describe, expect, test } from "vitest";
import { ToyReader, ToyTheatre } from "../support/toy-readers.ts";
import { dots, Kind } from "./toy-game.ts";

const DOTS = 400;
const TICKS = 120;

/** A reader in a crowd that all fits in its window, after each frame of which `look` is called. */
function crowd(budgetBytes: number, look: (reader: ToyReader, theatre: ToyTheatre) => void): ToyReader {
  const theatre = new ToyTheatre(5, 600, DOTS);
  const reader = new ToyReader(theatre);
  for (let tick = 0; tick < TICKS; tick++) {
    theatre.tick();
    reader.see(budgetBytes);
    // The first frames tell all from nothing.
    if (tick >= TICKS / 2) look(reader, theatre);
  }
  return reader;
}

/** What a frame takes that leaves nothing out. */
const wanted = (() => {
  let bytes = 0;
  let frames = 0;
  crowd(1_000_000, ({ frames: [...sent] }) => {
    bytes += sent.at(-1)!.length;
    frames++;
  });
  return bytes / frames;
})();

describe.each([
  [0.7, 9],
  [0.5, 14],
])("a reader whose budget is %f of what all would take", (part, mostTicks) => {
  const budget = Math.round(wanted * part);

  test("is sent no more than the budget on average, and nearly as much", () => {
    let bytes = 0;
    crowd(budget, ({ frames }) => {
      bytes += frames.at(-1)!.length;
    });
    const mean = bytes / (TICKS / 2);
    expect(mean).toBeLessThanOrEqual(budget);
    expect(mean).toBeGreaterThan(budget * 0.8);
  });

  test("is told exactly of its own cell with most frames, however it moves about", () => {
    let brought = 0;
    crowd(budget, ({ interest }, { world }) => {
      if (interest.knownAt(0) === world.tick && !interest.isSketchAt(0)) brought++;
    });
    expect(brought).toBeGreaterThanOrEqual((TICKS / 2) * 0.75);
  });

  test("waits for nobody for long, and never for who is near", () => {
    const ages: number[] = [];
    crowd(budget, ({ snapshot }, { world }) => {
      for (const { tick } of snapshot!.kinds[Kind.Dot].values()) ages.push(world.tick - tick);
    });
    expect(Math.max(...ages)).toBeLessThanOrEqual(mostTicks);
    expect(ages.filter((age) => age === 0).length).toBeGreaterThan(ages.length / 10);
  });

  test("comes to know of everybody in view soon", () => {
    let unknown = new Map<number, number>();
    let longest = 0;
    crowd(budget, ({ snapshot, x, y }, { world }) => {
      const { viewHalfWidth, viewHalfHeight, stayMargin } = dots.space(world);
      const isInView = (dot: { x: number; y: number; out: number }) =>
        Math.abs(dot.x - x) < viewHalfWidth - stayMargin &&
        Math.abs(dot.y - y) < viewHalfHeight - stayMargin &&
        dot.out === 0;
      const missing = world.dots.filter((dot) => isInView(dot) && !snapshot!.kinds[Kind.Dot].has(dot.id));
      unknown = new Map(missing.map(({ id }) => [id, (unknown.get(id) ?? 0) + 1]));
      longest = Math.max(longest, ...unknown.values());
    });
    expect(longest).toBeLessThanOrEqual(mostTicks);
  });
});

test("sketches are encoded once a region, however many readers are told whatever parts of them", () => {
  const theatre = new ToyTheatre(5, 600, DOTS);
  const readers = Array.from({ length: 40 }, () => new ToyReader(theatre));
  for (let tick = 0; tick < 30; tick++) {
    theatre.tick();
    const served = readers.filter((_, place) => (tick + place) % 3 > 0);
    for (const [place, reader] of served.entries()) reader.see(Math.round(wanted * (0.3 + 0.01 * place)));
    const exact = new Set(served.flatMap((reader) => reader.wanted)).size * 2;
    const { regionCount } = theatre.history.format.grid;
    expect(theatre.replicator.encodedChunks).toBeLessThanOrEqual(exact + regionCount);
  }
});

test("however small the budget, all comes in the end", () => {
  const theatre = new ToyTheatre(5, 600, DOTS);
  const reader = new ToyReader(theatre);
  const known = new Set<number>();
  for (let tick = 0; tick < 2_000; tick++) {
    theatre.tick();
    reader.see(10);
    for (const [place, region] of reader.interest.window.entries())
      if (reader.interest.knownAt(place) === theatre.world.tick) known.add(region);
  }
  expect(known.size).toBeGreaterThanOrEqual(theatre.history.format.grid.count);
});
