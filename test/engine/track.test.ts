import { KEPT_SAMPLES, Track } from "@starwake/client/engine/track.ts";
import { expect, test } from "vitest";

/** A track of one field, with a sample at every tick from 0 on whose value is the tick. */
function trackOf(samples: number): Track {
  const track = new Track(7, 1);
  for (let tick = 0; tick < samples; tick++) track.add(tick, Int32Array.of(tick));
  return track;
}

test("a tick leads to the newest sample that is not after it", () => {
  const track = trackOf(3);
  track.add(6, Int32Array.of(60));
  expect([-0.5, 0, 1.5, 5.9, 6, 100].map((tick) => track.before(tick))).toEqual([-1, 0, 1, 2, 3, 3]);
  expect([track.tickOf(3), track.rowOf(3)]).toEqual([6, Int32Array.of(60)]);
});

test("a sample is a copy: the row it was told with may go on changing", () => {
  const track = new Track(7, 2);
  const row = Int32Array.of(1, 2);
  track.add(10, row);
  row.fill(9);
  expect(track.rowOf(0)).toEqual(Int32Array.of(1, 2));
});

test("there is no row of what is not told yet, nor of what was gone by then", () => {
  const track = trackOf(1);
  expect(track.rowOf(1)).toBeUndefined();
  track.end(1);
  expect([track.newest, track.tickOf(1), track.rowOf(1)]).toEqual([1, 1, undefined]);
  track.add(2, Int32Array.of(2));
  expect(track.rowOf(2)).toEqual(Int32Array.of(2));
});

test("the oldest samples make room, and nothing is known before those that are left", () => {
  const track = trackOf(KEPT_SAMPLES + 5);
  expect([4, 5, KEPT_SAMPLES + 4].map((tick) => track.before(tick))).toEqual([-1, 5, KEPT_SAMPLES + 4]);
  expect(track.rowOf(5)).toEqual(Int32Array.of(5));
});

test("a place in the ring where the entity was gone serves again for when it is there", () => {
  const track = trackOf(1);
  track.end(1);
  for (let tick = 2; tick < KEPT_SAMPLES + 3; tick++) track.add(tick, Int32Array.of(tick));
  expect(track.rowOf(KEPT_SAMPLES + 1)).toEqual(Int32Array.of(KEPT_SAMPLES + 1));
});
