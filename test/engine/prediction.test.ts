/** Prediction: the toy game's dot, predicted in one world and decided in another, some ticks later. */
import { Prediction } from "@starwake/client/engine/prediction.ts";
import { createCellGrid } from "@starwake/shared/engine/cell-grid.ts";
import { HomeCells } from "@starwake/shared/engine/home-cells.ts";
import { createRandom } from "@starwake/shared/engine/random.ts";
import { Records } from "@starwake/shared/engine/records.ts";
import { describe, expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { matchOf, randomWish, startToyServer, TOY } from "../support/toy-server.ts";
import { dots, Kind, TOP_SPEED, type Wish } from "./toy-game.ts";

const PLAYER = 3;
const LATENCY_TICKS = 6;
const SETUP = { seed: 5, tickRate: 50, capacity: 8, mapSize: 4000 };
const [, , X, Y, VX] = [0, 1, 2, 3, 4];
const HITS = 6;
const RIGHT: Wish = { heading: 1, facing: 10, throws: 0 };

/** Authority and prediction of one dot, with frames that tell each tick some ticks after it was predicted. */
function predicted() {
  const server = dots.createWorld({ ...SETUP, role: "authority" });
  const client = dots.createWorld({ ...SETUP, role: "prediction" });
  const records = new Records(TOY.kinds, TOY.events, createCellGrid(TOY.space(server)), new HomeCells());
  const prediction = new Prediction(TOY, client, PLAYER);
  const sent: Wish[] = [];
  dots.addPlayer(server, PLAYER);
  Object.assign(server.dots[0], { x: 2000, y: 2000 });
  const rowOnServer = () => {
    records.fill(server.tick, (sink) => dots.record(server, sink));
    return records.kinds[Kind.Dot].rows.slice(0, TOY.kinds[Kind.Dot].fields.length);
  };
  prediction.reconcile(0, rowOnServer(), 0, []);
  /** One tick on both sides; `disturb` changes the server's world after its step. */
  const tick = (wish: Wish, disturb: () => void = () => {}) => {
    sent.push(wish);
    prediction.predict(sent.length, wish);
    if (sent.length <= LATENCY_TICKS) return undefined;
    dots.step(server, new Map([[PLAYER, sent[server.tick]]]));
    disturb();
    return prediction.reconcile(server.tick, rowOnServer(), sent.length, []);
  };
  /** The server's row, once it has stepped through all that was sent. */
  const outcome = () => {
    while (server.tick < sent.length) dots.step(server, new Map([[PLAYER, sent[server.tick]]]));
    return rowOnServer();
  };
  return { server, prediction, tick, outcome };
}

test(`an undisturbed flight is predicted to the last bit (SEED=${SEED})`, () => {
  const { prediction, tick, outcome } = predicted();
  const random = createRandom(SEED);
  for (let ticks = 0; ticks < 500; ticks++) expect(tick(randomWish(random))).toBeUndefined();
  expect(prediction).toMatchObject({ comparedTicks: 500 - LATENCY_TICKS, mispredictedTicks: 0 });
  expect(prediction.newestRow).toEqual(outcome());
});

describe("a disturbance", () => {
  const disturbed = () => {
    const setting = predicted();
    for (let ticks = 0; ticks < 30; ticks++) setting.tick(RIGHT);
    const [dot] = setting.server.dots;
    const correction = setting.tick(RIGHT, () => Object.assign(dot, { x: dot.x - 30, y: dot.y + 40 }));
    return { ...setting, correction };
  };

  test("is corrected at once and exactly, counted once, and its size is told", () => {
    const { prediction, tick, outcome, correction } = disturbed();
    expect(correction).toEqual({ distance: 50 });
    for (let ticks = 0; ticks < 20; ticks++) expect(tick(RIGHT)).toBeUndefined();
    expect(prediction.mispredictedTicks).toBe(1);
    expect(prediction.newestRow).toEqual(outcome());
  });

  test("is drawn as an easing that halves every 45 ms, and never touches the simulation", () => {
    const { prediction } = disturbed();
    const drawn = () => {
      const row = new Float64Array(TOY.kinds[Kind.Dot].fields.length);
      prediction.draw(1, row);
      return [row[X] - prediction.newestRow[X], row[Y] - prediction.newestRow[Y]];
    };
    expect(drawn()).toEqual([30, -40]);
    prediction.ease(45);
    expect(drawn()).toEqual([15, -20]);
    prediction.ease(2_000);
    expect(drawn().every((offset) => Math.abs(offset) < 1e-9)).toBe(true);
  });
});

test("a correction moves the picture no faster than the game lets it, however large it is", () => {
  const limited = { ...TOY, easeSpeed: 100 };
  const offsetAfter = (offset: number, ms: number) => {
    const prediction = new Prediction(limited, dots.createWorld({ ...SETUP, role: "prediction" }), PLAYER);
    const row = new Int32Array(TOY.kinds[Kind.Dot].fields.length);
    row[X] = offset;
    prediction.easeFrom(row);
    prediction.ease(ms);
    const drawn = new Float64Array(row.length);
    prediction.draw(1, drawn);
    return drawn[X];
  };
  expect(offsetAfter(50, 45)).toBeCloseTo(50 - 4.5, 9);
  expect(offsetAfter(5, 45)).toBeCloseTo(2.5, 9);
  expect(offsetAfter(260, 45)).toBeCloseTo(260 - 4.5, 9);
});

test("a field that the server settles is adopted, and is no misprediction", () => {
  const { server, prediction, tick, outcome } = predicted();
  for (let ticks = 0; ticks < 30; ticks++) tick(RIGHT);
  expect(tick(RIGHT, () => Object.assign(server.dots[0], { hits: 4 }))).toBeUndefined();
  expect(prediction.newestRow[HITS]).toBe(4);
  expect(prediction.mispredictedTicks).toBe(0);
  expect(prediction.newestRow).toEqual(outcome());
});

test("who does not obey is not predicted, and is not eased to where they come back", () => {
  const { server, prediction, tick } = predicted();
  for (let ticks = 0; ticks < 10; ticks++) tick(RIGHT);
  tick(RIGHT, () => Object.assign(server.dots[0], { out: 20, hits: 1, vx: 0, vy: 0 }));
  const { comparedTicks, mispredictedTicks } = prediction;
  for (let ticks = 0; ticks < 15; ticks++) tick(RIGHT);
  expect(prediction.comparedTicks - comparedTicks).toBeLessThanOrEqual(1);
  for (let ticks = 0; ticks < 30; ticks++) tick(RIGHT);
  expect(prediction.mispredictedTicks - mispredictedTicks).toBeLessThanOrEqual(1);
  expect(prediction.comparedTicks - comparedTicks).toBeGreaterThan(10);
  const row = new Float64Array(prediction.newestRow.length);
  prediction.draw(1, row);
  expect(row[X]).toBe(prediction.newestRow[X]);
});

test("between two ticks the picture is between two rows", () => {
  const { prediction, tick } = predicted();
  for (let ticks = 0; ticks < 30; ticks++) tick(RIGHT);
  const row = new Float64Array(prediction.newestRow.length);
  prediction.draw(0.25, row);
  expect(row[VX]).toBe(TOP_SPEED);
  expect(prediction.newestRow[X] - row[X]).toBe(0.75 * TOP_SPEED);
});

test("what a player throws is there at once", () => {
  const { prediction, tick } = predicted();
  tick({ ...RIGHT, throws: 1 });
  expect(prediction.entities.map(({ kind, row }) => [kind, row[0], row[1]])).toEqual([[Kind.Dart, PLAYER, 1]]);
});

test.for([0, 30, 120])(
  "over a network that takes %i ms each way, an undisturbed flight is never corrected",
  async (delayMs) => {
    const server = startToyServer({ mapSize: 4000 }, { delayMs: () => delayMs });
    const random = createRandom(11);
    const player = server.open();
    player.wish = () => randomWish(random);
    await server.run(8_000);
    const { prediction, counts } = matchOf(player);
    expect(prediction.comparedTicks).toBeGreaterThan(180);
    expect([prediction.mispredictedTicks, counts.correctionQuanta]).toEqual([0, []]);
    expect(player.client.commandCounts).toMatchObject({ missing: 0, late: 0, refused: 0 });
  },
);
