import { PlayerIds } from "@starwake/server/engine/player-ids.ts";
import { MAX_PLAYER_ID } from "@starwake/shared/engine/game-definition.ts";
import { describe, expect, test } from "vitest";

const QUARANTINE_MS = 15_000;
const CAPACITY = 64;

test("players have the lowest numbers that are free, from 1 on", () => {
  const ids = new PlayerIds(CAPACITY);
  expect([ids.take("one", 0), ids.takeForPilot(0), ids.take("other", 0)]).toEqual([1, 2, 3]);
});

test("a number that was given back rests for 15 seconds, and then is given again", () => {
  const ids = new PlayerIds(CAPACITY);
  ids.take("one", 0);
  ids.release(1, 1000);
  expect(ids.take("one", 1000)).toBe(2);
  expect(ids.take("one", 1000 + QUARANTINE_MS - 1)).toBe(3);
  expect(ids.take("one", 1000 + QUARANTINE_MS)).toBe(1);
});

test("when all 4,095 numbers are in use or at rest there is none for anybody, and nothing is thrown", () => {
  const ids = new PlayerIds(CAPACITY);
  for (let player = 1; player <= MAX_PLAYER_ID; player++) expect(ids.takeForPilot(0)).toBe(player);
  expect([ids.takeForPilot(0), ids.take("one", 0)]).toEqual([undefined, "room-full"]);
  ids.release(7, 0);
  expect([ids.takeForPilot(1), ids.take("one", 1)]).toEqual([undefined, "room-full"]);
  expect(ids.take("one", QUARANTINE_MS)).toBe(7);
});

describe("visits that leave at once", () => {
  /** Each of so many groups comes and goes as often as it is let in, a hundred times a second, for twenty seconds. */
  const churn = (groups: number) => {
    const ids = new PlayerIds(CAPACITY);
    const problems = new Map<string, number>();
    let visits = 0;
    for (let nowMs = 0; nowMs < 20_000; nowMs += 10) {
      for (let group = 0; group < groups; group++) {
        const id = ids.take(`churner ${group}`, nowMs);
        if (typeof id === "string") problems.set(id, (problems.get(id) ?? 0) + 1);
        else {
          visits++;
          ids.release(id, nowMs);
        }
      }
    }
    return { ids, problems, visits };
  };

  test.for([1, 10, 100])(
    "by %i groups use up no more than some of the numbers, and one who is new comes in",
    (groups) => {
      const { ids, problems, visits } = churn(groups);
      expect([...problems.keys()]).toEqual(["room-busy"]);
      // 60 a second at most in the long run, where a number rests for 15 s.
      expect(visits).toBeLessThanOrEqual((CAPACITY + 60 * 15) * 2);
      expect(ids.take("a stranger", 20_000)).toBeTypeOf("number");
      expect(ids.takeForPilot(20_000)).toBeTypeOf("number");
    },
  );

  test("hinder nobody below what one address may do: ten a second", () => {
    const ids = new PlayerIds(CAPACITY);
    for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
      const id = ids.take("school", nowMs);
      if (typeof id === "string") throw new Error(`${id} at ${nowMs} ms`);
      ids.release(id, nowMs);
    }
  });

  test("of everybody in a full room, who comes back at once, are let in again", () => {
    for (const capacity of [64, 1_000, 2_048]) {
      const ids = new PlayerIds(capacity);
      const takeAll = () => Array.from({ length: capacity }, (_, player) => ids.take(`group ${player}`, 0));
      for (const id of takeAll()) ids.release(id as number, 0);
      const late = takeAll().filter((id) => typeof id === "string");
      // Twice 2,048 are a number more than there are.
      expect(late.length).toBeLessThanOrEqual(capacity === 2_048 ? 4 : 0);
    }
  });
});
