/** What counts as seen in a crowd: who is near, and how old what is known of others is. */
import { expect, test } from "vitest";
import { CROWD, CrowdWatch, NEAREST, type Place } from "./crowd-watch.ts";

const VIEW = { viewHalfWidth: 110, viewHalfHeight: 60, stayMargin: 10 };
const OWN = { id: 1, x: 0, y: 0 };

/** Others in a row to the right, as far apart as told; numbered from 2. */
const inRow = (count: number, apart: number): Place[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 2, x: (index + 1) * apart, y: 0 }));

/** All of them known as of a tick. */
const heldAt = (tick: number, others: readonly Place[]) => new Map(others.map(({ id }) => [id, { tick }]));

test("the nearest come at full rate when the frame brings each of them, whatever those farther off do", () => {
  const watch = new CrowdWatch(VIEW);
  const others = inRow(NEAREST + 5, 1);
  const [near, far] = [others.slice(0, NEAREST), others.slice(NEAREST)];
  watch.frame(10, OWN, others.toReversed(), new Map([...heldAt(10, near), ...heldAt(4, far)]));
  expect(watch.counts).toMatchObject({ nearest: NEAREST, nearestBrought: NEAREST, oldestTicks: 6 });
  watch.frame(11, OWN, others, new Map([...heldAt(11, near.slice(1)), ...heldAt(10, near.slice(0, 1))]));
  expect(watch.counts).toMatchObject({ nearest: 2 * NEAREST, nearestBrought: 2 * NEAREST - 1 });
});

test("who is in view and not known ages from when they came into view", () => {
  const watch = new CrowdWatch(VIEW);
  const others = inRow(2, 10);
  watch.frame(10, OWN, others, heldAt(10, others.slice(1)));
  watch.begin();
  watch.frame(15, OWN, others, heldAt(15, others.slice(1)));
  expect(watch.counts).toMatchObject({ frames: 1, inView: 2, known: 1, oldestTicks: 5 });
  watch.frame(16, OWN, others, heldAt(16, others));
  watch.frame(17, OWN, others, heldAt(17, others.slice(1)));
  expect(watch.counts).toMatchObject({ frames: 3, known: 4, oldestTicks: 5 });
});

test("who is out of view need not be known, but what is kept of them is as old as it is", () => {
  const watch = new CrowdWatch(VIEW);
  const far = { id: 2, x: 0, y: 51 };
  watch.frame(10, OWN, [far], new Map());
  watch.frame(20, OWN, [far], new Map());
  expect(watch.counts).toMatchObject({ inView: 0, nearest: 0, oldestTicks: 0 });
  watch.frame(30, OWN, [far], heldAt(22, [far]));
  expect(watch.counts.oldestTicks).toBe(8);
});

test("the own ship is not one of the others, however old the copy of it is that the crowd's frames hold", () => {
  const watch = new CrowdWatch(VIEW);
  watch.frame(10, OWN, [], new Map([[OWN.id, { tick: 1 }]]));
  expect(watch.counts.oldestTicks).toBe(0);
});

test("ages are judged in views of the crowd's size, and kept beside in larger ones", () => {
  const watch = new CrowdWatch(VIEW);
  const [crowd, more] = [inRow(CROWD, 0.1), inRow(CROWD + 1, 0.1)];
  watch.frame(10, OWN, crowd, heldAt(7, crowd));
  watch.frame(20, OWN, more, heldAt(11, more));
  watch.frame(30, OWN, crowd.slice(0, 100), heldAt(29, crowd));
  expect(watch.counts).toMatchObject({ frames: 3, crowdedFrames: 1, oldestTicks: 3, oldestBeyondTicks: 9 });
});
