import { Interpolation } from "@starwake/client/engine/interpolation.ts";
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { expect, test } from "vitest";
import { createReceiver, ToyTheatre } from "../support/toy-readers.ts";
import { TOY } from "../support/toy-server.ts";
import { Kind } from "./toy-game.ts";

const TICK_RATE = 50;
const [FACING, HEADING, X] = [0, 1, 2];
const { format } = createReceiver(new ToyTheatre(1));

type Rows = Readonly<Record<number, Partial<Record<string, number>>>>;

/** A snapshot that tells those dots and darts, each as of the snapshot's tick. */
function snapshotAt(tick: number, dots: Rows, darts: Rows = {}): Snapshot {
  const told = (kind: number, rows: Rows) =>
    new Map(Object.entries(rows).map(([id, values]) => [Number(id), { tick, row: rowOf(kind, values) }]));
  const head = { tick, commandMargin: undefined, usualGap: 2, view: undefined };
  return {
    head,
    own: undefined,
    shape: 0,
    kinds: [told(Kind.Dot, dots), told(Kind.Dart, darts)],
    regions: new Map(),
    events: [],
    bytes: 0,
    headBytes: 0,
  };
}

function rowOf(kind: number, values: Partial<Record<string, number>>): Int32Array {
  return Int32Array.from(TOY.kinds[kind].names, (name) => values[name] ?? 0);
}

function fed(...snapshots: Snapshot[]): Interpolation {
  const interpolation = new Interpolation(format, TICK_RATE);
  for (const snapshot of snapshots) interpolation.take(snapshot);
  return interpolation;
}

test("between two known ticks each field is drawn as it says: linear, around the turn, or in steps", () => {
  const interpolation = fed(
    snapshotAt(10, { 7: { x: 100, facing: 250, heading: 1 } }),
    snapshotAt(14, { 7: { x: 140, facing: 10, heading: 3 } }),
  );
  const [{ id, row }] = interpolation.draw(Kind.Dot, 11);
  expect([id, row[X], row[FACING], row[HEADING]]).toEqual([7, 110, 254, 1]);
  expect(interpolation.draw(Kind.Dot, 14)[0].row[HEADING]).toBe(3);
});

test("an entity that a frame did not tell anew keeps its own ticks", () => {
  const later = snapshotAt(14, {});
  const stale = { ...later, kinds: [new Map([[7, { tick: 10, row: rowOf(Kind.Dot, { x: 100 }) }]]), new Map()] };
  const interpolation = fed(snapshotAt(10, { 7: { x: 100 } }), stale, snapshotAt(18, { 7: { x: 180 } }));
  expect(interpolation.draw(Kind.Dot, 12)[0].row[X]).toBe(120);
});

test("who is not known yet is not drawn before the tick that told them", () => {
  const interpolation = fed(snapshotAt(10, {}), snapshotAt(14, { 7: { x: 140 } }));
  expect(interpolation.draw(Kind.Dot, 13.9)).toEqual([]);
  expect(interpolation.draw(Kind.Dot, 14)).toHaveLength(1);
});

test("who is told to be gone is gone when that tick is drawn, and not before", () => {
  const interpolation = fed(snapshotAt(10, { 7: { x: 100, vx: 5 } }), snapshotAt(12, {}));
  expect(interpolation.draw(Kind.Dot, 11.5)[0].row[X]).toBe(107.5);
  expect(interpolation.draw(Kind.Dot, 12)).toEqual([]);
});

test("who was gone and comes back is drawn from then on, and not on the way", () => {
  const interpolation = fed(snapshotAt(10, { 7: { x: 100 } }), snapshotAt(12, {}), snapshotAt(20, { 7: { x: 900 } }));
  expect(interpolation.draw(Kind.Dot, 16)).toEqual([]);
  expect(interpolation.draw(Kind.Dot, 20)[0].row[X]).toBe(900);
});

test("when there is nothing newer an entity moves on by what its row tells, for 250 ms at most", () => {
  const interpolation = fed(snapshotAt(10, { 7: { x: 100, vx: 4, heading: 0 } }));
  expect([11, 12.5, 15, 23, 40].map((tick) => interpolation.draw(Kind.Dot, tick)[0].row[X])).toEqual([
    104, 110, 120, 152, 152,
  ]);
});

test("when a guess turns out wrong the picture goes over to what is known, half of the way every 50 ms", () => {
  const interpolation = fed(snapshotAt(10, { 7: { x: 100, vx: 4, heading: 0 } }));
  const drawn = () => interpolation.draw(Kind.Dot, 14)[0].row[X];
  expect(drawn()).toBe(116);
  interpolation.take(snapshotAt(15, { 7: { x: 50 } }));
  expect(drawn()).toBe(116);
  interpolation.ease(50);
  expect(drawn()).toBe((116 + 60) / 2);
  interpolation.ease(1_000);
  expect(drawn()).toBeCloseTo(60, 3);
});

test("what never changes is known from its first frame on, and gone when its own end has come or it is told so", () => {
  const dart = { owner: 1, birth: 10, heading: 1, x: 5, y: 5 };
  const interpolation = fed(snapshotAt(11, {}, { 1: dart, 2: dart }), snapshotAt(13, {}, { 1: dart }));
  const gone = () => [...interpolation.stillEntities(Kind.Dart)].map(({ id, goneTick }) => [id, goneTick]);
  expect(gone()).toEqual([
    [1, undefined],
    [2, 13],
  ]);
  interpolation.take(snapshotAt(45, {}));
  expect(gone()).toEqual([
    [1, 40],
    [2, 13],
  ]);
});

test("what is long gone is forgotten", () => {
  const interpolation = fed(snapshotAt(10, { 7: { x: 100 } }, { 1: { birth: 10 } }), snapshotAt(12, {}));
  for (let tick = 14; tick < 200; tick += 2) interpolation.take(snapshotAt(tick, {}));
  expect([...interpolation.stillEntities(Kind.Dart)]).toEqual([]);
  expect(interpolation.draw(Kind.Dot, 11)).toEqual([]);
});
