/** What is believed of a player's view, on a hand-moved clock: 60 ticks a second, a frame every other tick. */
import { NO_LOOK } from "@starwake/server/engine/command-queue.ts";
import { ViewBelief } from "@starwake/server/engine/view-belief.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const TICK_RATE = 60;
const TICK_MS = 1000 / TICK_RATE;
const SECOND = TICK_RATE;

/** A player whose packets come one each tick, each acknowledging a frame that is `age` ticks old. */
function watch() {
  const belief = new ViewBelief(TICK_RATE);
  let now = 0;
  belief.begin(now);
  const hear = (ticks: number, age: number) => {
    for (let tick = 0; tick < ticks; tick++) belief.noteAge((age + (now % 2)) * TICK_MS, now++);
  };
  /** How many ticks back a packet that comes now is believed. */
  const reach = () => now - belief.oldestLook(now);
  return { belief, hear, reach, now: () => now };
}

test("a view is believed no further back than the frames' ages and the usual interpolation explain", () => {
  const { hear, reach } = watch();
  hear(20 * SECOND, 3);
  expect(reach()).toBe(3 + 1 + 2);
});

test("a longer round trip is believed when no shorter one came for ten seconds, a shorter one at once", () => {
  const { hear, reach } = watch();
  hear(20 * SECOND, 3);
  hear(9 * SECOND, 20);
  expect(reach()).toBeLessThan(3 + 8 + 2);
  hear(2 * SECOND, 20);
  expect(reach()).toBe(20 + 1 + 2);
  hear(1, 3);
  expect(reach()).toBeLessThan(3 + 8 + 2);
});

test("at first there is room for the loss that clients fear, a round trip, and after six seconds no more", () => {
  const { hear, reach } = watch();
  hear(2 * SECOND, 3);
  expect(reach()).toBe(3 + 1 + 2 + 3 + 1);
  hear(5 * SECOND, 3);
  expect(reach()).toBe(3 + 1 + 2);
});

test("who takes the seat again within a minute keeps what was measured, and is given no such room again", () => {
  const { belief, hear, reach, now } = watch();
  hear(20 * SECOND, 3);
  belief.begin(now());
  expect(reach()).toBe(3 + 1 + 2);
  hear(45 * SECOND, 3);
  belief.begin(now());
  expect(reach()).toBe(3 + 1 + 2 + 3 + 1);
});

test("the view moves one tick a tick: it grows older by a fifth of one at most, and younger as it is said to", () => {
  const belief = new ViewBelief(TICK_RATE);
  for (let tick = 100; tick < 200; tick++) expect(belief.follow(tick, tick - 5)).toBe(tick - 5);
  // The first leap is believed, and so is the way back; the next leap is not.
  expect(belief.follow(200, 200 - 12)).toBe(200 - 12);
  expect(belief.follow(201, 201 - 5)).toBe(201 - 5);
  const lags = Array.from({ length: 20 }, (_, index) => 202 + index - belief.follow(202 + index, 202 + index - 12));
  expect(lags[0]).toBeLessThanOrEqual(9);
  for (let at = 1; at < lags.length; at++) expect(lags[at] - lags[at - 1]).toBeLessThanOrEqual(1);
  expect(lags[19]).toBeGreaterThan(9);
});

test(`nobody is judged by an older past than they say, whatever they said before (seed ${SEED})`, () => {
  const said = fc.array(fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant(NO_LOOK)), { maxLength: 300 });
  fc.assert(
    fc.property(said, (lags) => {
      const belief = new ViewBelief(TICK_RATE);
      for (const [tick, lag] of lags.entries()) {
        const judged = belief.follow(tick, tick - lag);
        if (Number.isNaN(lag)) expect(judged).toBeNaN();
        else expect(tick - judged).toBeLessThanOrEqual(lag);
      }
    }),
    withSeed(300),
  );
});

test("who says another view in every packet is held to one", () => {
  const belief = new ViewBelief(TICK_RATE);
  const lags = Array.from({ length: 600 }, (_, tick) => tick - belief.follow(tick, tick - (tick % 2 === 0 ? 15 : 2)));
  let leaps = 0;
  for (let at = 1; at < lags.length; at++) if (Math.abs(lags[at] - lags[at - 1]) > 5) leaps++;
  // There and back, every two seconds.
  expect(leaps).toBeLessThanOrEqual(2 * (1 + 600 / (2 * TICK_RATE)));
});

test("a view that leaps once, as after a stall, is believed at once, either way", () => {
  for (const lag of [2, 14]) {
    const belief = new ViewBelief(TICK_RATE);
    for (let tick = 0; tick < 200; tick++) belief.follow(tick, tick - 8);
    for (let tick = 200; tick < 400; tick++) expect(belief.follow(tick, tick - lag)).toBe(tick - lag);
  }
});

test("the ticks of one slow picture, and honest clocks that are slewed, are believed as told", () => {
  const belief = new ViewBelief(TICK_RATE);
  for (let tick = 100; tick < 700; tick++) {
    const drift = Math.min(6, (tick - 100) * 0.17);
    const look = Math.round(tick - 5 - drift) - (tick % 3);
    expect(belief.follow(tick, look)).toBe(look);
  }
});

test("who says that they have seen nothing sees nothing, and is held to what they said before", () => {
  const belief = new ViewBelief(TICK_RATE);
  for (const tick of [10, 130]) belief.follow(tick, tick - 5);
  belief.follow(250, 250 - 12);
  belief.follow(251, 251 - 5);
  expect(belief.follow(252, NO_LOOK)).toBeNaN();
  expect(belief.follow(253, 253 - 15)).toBeGreaterThanOrEqual(253 - 9);
});

test("a page that is drawn every other tick is believed a tick more: it sees for longer what it shows", () => {
  const { belief, hear, reach, now } = watch();
  for (let picture = 0; picture < 10 * SECOND; picture++) {
    hear(2, 3);
    belief.noteCommands(now(), 1);
    belief.noteCommands(now(), 1);
  }
  expect(reach()).toBe(3 + 1 + 2 + 1);
});
