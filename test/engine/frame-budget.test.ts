/** What a reader is sent when not all fits: who is near with every frame, all else in turn, and no more than the budget. */
import { describe, expect, test } from "vitest";
import { ToyReader, ToyTheatre } from "../support/toy-readers.ts";

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
  [0.7, 6],
  [0.4, 25],
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

  test("is told of its own cell with nearly every frame", () => {
    let brought = 0;
    crowd(budget, ({ interest }, { world }) => {
      if (interest.knownAt(0) === world.tick) brought++;
    });
    expect(brought).toBeGreaterThanOrEqual((TICKS / 2) * 0.8);
  });

  test("waits for no region for long", () => {
    let oldest = 0;
    crowd(budget, ({ interest }, { world }) => {
      for (const place of interest.window.keys())
        oldest = Math.max(oldest, world.tick - (interest.knownAt(place) ?? world.tick));
    });
    expect(oldest).toBeLessThanOrEqual(mostTicks);
  });
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
