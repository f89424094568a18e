import { NetGraph } from "@starwake/client/engine/net-graph.ts";
import { expect, test } from "vitest";

const NOW = { rttMs: 40, jitterMs: 3, commandMarginMs: 30, interpolationDelayMs: 90 };
const NOTHING = { downBytes: 0, upBytes: 0, frames: 0, corrections: 0, starvedMs: 0 };

test("rates are those of the last stretch of time, figures those of its end", () => {
  const graph = new NetGraph();
  graph.read({ atMs: 1_000, ...NOTHING }, { ...NOW, rttMs: 99 });
  graph.read({ atMs: 1_500, downBytes: 600, upBytes: 200, frames: 15, corrections: 1, starvedMs: 50 }, NOW);
  expect(graph.figures).toEqual({
    ...NOW,
    downBytesPerSecond: 1_200,
    upBytesPerSecond: 400,
    framesPerSecond: 30,
    correctionsPerSecond: 2,
    starvedRatio: 0.1,
  });
  graph.read({ atMs: 2_500, downBytes: 700, upBytes: 300, frames: 25, corrections: 1, starvedMs: 50 }, NOW);
  expect(graph.figures).toMatchObject({ downBytesPerSecond: 100, framesPerSecond: 10, starvedRatio: 0 });
});

test("nothing is read off before half a second has passed", () => {
  const graph = new NetGraph();
  graph.read({ atMs: 0, ...NOTHING }, NOW);
  graph.read({ atMs: 499, ...NOTHING, frames: 10 }, NOW);
  expect([graph.figures.framesPerSecond, graph.history]).toEqual([0, []]);
});

test("the history holds the last minute, oldest first, and is a new list each time", () => {
  const graph = new NetGraph();
  for (let stretch = 0; stretch <= 150; stretch++)
    graph.read({ atMs: stretch * 500, ...NOTHING }, { ...NOW, rttMs: stretch });
  const { history } = graph;
  expect([history.length, history[0].rttMs, history.at(-1)?.rttMs]).toEqual([120, 31, 150]);
  graph.read({ atMs: 151 * 500, ...NOTHING }, NOW);
  expect(graph.history).not.toBe(history);
});
