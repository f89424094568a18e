import { FrameTurns, LEAST_OF_A_BAND } from "@starwake/server/engine/frame-turns.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const MARGIN = 10;

const rates = fc
  .tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 120 }))
  .map(([one, other]) => ({ tickRate: Math.max(one, other), frameRate: Math.min(one, other) }));

test(`each turn has as many frames a second as are asked for, as evenly as whole ticks allow [seed ${SEED}]`, () => {
  fc.assert(
    fc.property(rates, fc.nat(200), fc.nat(100_000), ({ tickRate, frameRate }, turn, start) => {
      const turns = new FrameTurns(tickRate, frameRate, MARGIN);
      const due = secondFrom(start, tickRate).filter((tick) => turns.isDue(turn, tick));
      expect(due).toHaveLength(frameRate);
      const gaps = due.slice(1).map((tick, index) => tick - due[index]);
      for (const gap of gaps)
        expect([Math.floor(tickRate / frameRate), longestGap(tickRate, frameRate)]).toContain(gap);
    }),
    withSeed(100),
  );
});

test(`whoever takes another turn with a frame waits for the next one no longer than usual [seed ${SEED}]`, () => {
  fc.assert(
    fc.property(rates, fc.nat(200), fc.nat(200), fc.nat(100_000), ({ tickRate, frameRate }, before, after, start) => {
      const turns = new FrameTurns(tickRate, frameRate, MARGIN);
      const sent = secondFrom(start, tickRate).find((tick) => turns.isDue(before, tick))!;
      const next = secondFrom(sent + 1, tickRate).find((tick) => turns.isDue(after, tick))!;
      expect(next - sent).toBeLessThanOrEqual(longestGap(tickRate, frameRate));
    }),
    withSeed(100),
  );
});

test("a small room has its frames together", () => {
  const turns = turnsOf(LEAST_OF_A_BAND * 2 - 1);
  expect([0, 500, 100_000].map((height) => turns.turnAt(height, 2))).toEqual([0, 0, 0]);
});

test("each tick of a large room sends to an equal share, and neighbours have their frames together", () => {
  const count = LEAST_OF_A_BAND * 6;
  const turns = turnsOf(count);
  const turnOf = heightsOf(count).map((height) => turns.turnAt(height, 0));
  for (const tick of [300, 301, 302]) {
    const share = turnOf.filter((turn) => turns.isDue(turn, tick)).length / count;
    expect(Math.abs(share - 2 / 3)).toBeLessThan(0.01);
  }
  expect(turnOf).toEqual([...turnOf].sort());
});

test("a session keeps its turn close to the border of its band", () => {
  const turns = turnsOf(LEAST_OF_A_BAND * 3);
  const border = LEAST_OF_A_BAND * 10;
  const heights = [border - 1, border + MARGIN, border + MARGIN + 1, border - MARGIN, border - MARGIN - 1];
  let turn = 0;
  expect(heights.map((height) => (turn = turns.turnAt(height, turn)))).toEqual([0, 0, 1, 1, 0]);
});

test("bands follow those who are there, and a lonely session has the first turn again", () => {
  const turns = turnsOf(LEAST_OF_A_BAND * 3);
  turns.drawBorders(heightsOf(LEAST_OF_A_BAND * 3).map((height) => height + 5_000));
  expect([5_000, 7_000].map((height) => turns.turnAt(height, 0))).toEqual([0, 2]);
  turns.drawBorders([7_000]);
  expect(turns.turnAt(7_000, 2)).toBe(0);
});

test("bands are drawn once a second", () => {
  const turns = turnsOf(1);
  expect(secondFrom(1234, 30).filter((tick) => turns.areBordersOld(tick))).toHaveLength(1);
});

/** 20 frames a second at 30 ticks. */
function turnsOf(sessions: number): FrameTurns {
  const turns = new FrameTurns(30, 20, MARGIN);
  turns.drawBorders(heightsOf(sessions));
  return turns;
}

/** One every 10 units. */
function heightsOf(sessions: number): number[] {
  return Array.from({ length: sessions }, (_, index) => index * 10);
}

function secondFrom(start: number, tickRate: number): number[] {
  return Array.from({ length: tickRate }, (_, index) => start + index);
}

function longestGap(tickRate: number, frameRate: number): number {
  return Math.ceil(tickRate / frameRate);
}
