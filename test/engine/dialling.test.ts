import { dial } from "@starwake/client/engine/dialling.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Attempts that a test opens and fails, and what was told of them. */
function startDialling(isRaced = true) {
  const attempts: { open: () => void; fail: () => void; isGivenUp: boolean }[] = [];
  const told: string[] = [];
  const giveUp = dial<number>(
    (opened, failed) => {
      const number = attempts.length;
      attempts.push({ open: () => opened(number), fail: failed, isGivenUp: false });
      return () => {
        attempts[number].isGivenUp = true;
      };
    },
    isRaced,
    { opened: (number) => told.push(`opened ${number}`), failed: () => told.push("failed") },
  );
  return { attempts, told, giveUp };
}

test("an attempt that is answered soon is the only one", () => {
  const { attempts, told } = startDialling();
  vi.advanceTimersByTime(299);
  attempts[0].open();
  vi.advanceTimersByTime(10_000);
  expect([attempts.length, told]).toEqual([1, ["opened 0"]]);
});

test("one of many is not raced", () => {
  const { attempts, told } = startDialling(false);
  vi.advanceTimersByTime(10_000);
  attempts[0].fail();
  expect([attempts.length, told]).toEqual([1, ["failed"]]);
});

test("one that is not answered is raced by a second one, and by no third", () => {
  const { attempts, told } = startDialling();
  vi.advanceTimersByTime(300);
  expect(attempts).toHaveLength(2);
  vi.advanceTimersByTime(10_000);
  expect([attempts.length, told]).toEqual([2, []]);
});

test.each([0, 1])("the first to be open is taken, and the other one given up: %i", (first) => {
  const { attempts, told } = startDialling();
  vi.advanceTimersByTime(300);
  attempts[first].open();
  attempts[1 - first].open();
  attempts[1 - first].fail();
  expect(told).toEqual([`opened ${first}`]);
  expect(attempts.map(({ isGivenUp }) => isGivenUp)).toEqual([first === 1, first === 0]);
});

test("a failure is told when no attempt is left", () => {
  const alone = startDialling();
  alone.attempts[0].fail();
  vi.advanceTimersByTime(10_000);
  expect([alone.attempts.length, alone.told]).toEqual([1, ["failed"]]);
  const raced = startDialling();
  vi.advanceTimersByTime(300);
  raced.attempts[0].fail();
  expect(raced.told).toEqual([]);
  raced.attempts[1].fail();
  expect(raced.told).toEqual(["failed"]);
});

test("who gives up hears nothing more", () => {
  const { attempts, told, giveUp } = startDialling();
  vi.advanceTimersByTime(300);
  giveUp();
  attempts[0].open();
  attempts[1].fail();
  vi.advanceTimersByTime(10_000);
  expect([attempts.length, told]).toEqual([2, []]);
  expect(attempts.every(({ isGivenUp }) => isGivenUp)).toBe(true);
});
