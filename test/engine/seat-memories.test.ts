/** What is remembered of players between their seats. */
import { ScreenTurns } from "@starwake/server/engine/screen-turns.ts";
import { SeatMemories, type SeatMemory } from "@starwake/server/engine/seat-memories.ts";
import { ViewBelief } from "@starwake/server/engine/view-belief.ts";
import { expect, test } from "vitest";

const TICK_RATE = 60;

function memoryOf(shape: number, now: number): SeatMemory {
  return { screen: new ScreenTurns(shape, now, TICK_RATE), view: new ViewBelief(TICK_RATE) };
}

test("a memory is given to the next seat of its key, once, within a minute", () => {
  const memories = new SeatMemories(TICK_RATE);
  const memory = memoryOf(0, 0);
  memories.keep("a", memory, 0, 0);
  expect(memories.take("b", 0, 0)).toBeUndefined();
  expect(memories.take("a", 3_599, 59_990)).toBe(memory);
  expect(memories.take("a", 3_599, 59_990)).toBeUndefined();
  memories.keep("a", memory, 3_600, 60_000);
  expect(memories.take("a", 7_200, 120_000)).toBeUndefined();
});

test("times go on from room to room, each of which counts its own ticks", () => {
  const memories = new SeatMemories(TICK_RATE);
  const { screen, view } = memoryOf(0, 5_000);
  for (const tick of [5_000, 5_001]) view.follow(tick, tick - 5);
  // The leap of two seconds is used up.
  view.follow(5_002, 5_002 - 20);
  memories.keep("a", { screen, view }, 5_010, 1_000);
  const back = memories.take("a", 90, 2_000)!;
  back.screen.ask(1);
  // It turned at tick 5,000; a second has passed since 5,010, so that is 70 ticks before this room's 90.
  expect(back.screen.at(20 + 3 * TICK_RATE - 1)).toBe(0);
  expect(back.screen.at(20 + 3 * TICK_RATE)).toBe(1);
  back.view.follow(90, 90 - 5);
  expect(90 + 1 - back.view.follow(90 + 1, 90 + 1 - 30)).toBeLessThan(10);
});

test("is as warm as it was: who was given time to get to know the network is given none again", () => {
  const memories = new SeatMemories(TICK_RATE);
  const { screen, view } = memoryOf(0, 0);
  view.begin(0);
  for (let tick = 0; tick < 600; tick++) view.noteAge(50, tick);
  memories.keep("a", { screen, view }, 600, 10_000);
  const back = memories.take("a", 601, 10_017)!.view;
  back.begin(601);
  expect(601 - back.oldestLook(601)).toBeLessThan(8);
});

test("however many come and go, so many are remembered: those who went last", () => {
  const memories = new SeatMemories(TICK_RATE);
  for (let index = 0; index < 12_000; index++) memories.keep(`${index}`, memoryOf(0, 0), 0, 0);
  expect(memories.take("1999", 0, 0)).toBeUndefined();
  expect(memories.take("2000", 0, 0)).toBeDefined();
  expect(memories.take("11999", 0, 0)).toBeDefined();
});
