import { PlayerIds } from "@starwake/server/engine/player-ids.ts";
import { MAX_PLAYER_ID } from "@starwake/shared/engine/game-definition.ts";
import { expect, test } from "vitest";

const QUARANTINE_MS = 15_000;

test("players have the lowest numbers that are free, from 1 on", () => {
  const ids = new PlayerIds();
  expect([ids.take(0), ids.take(0), ids.take(0)]).toEqual([1, 2, 3]);
});

test("a number that was given back rests for 15 seconds, and then is given again", () => {
  const ids = new PlayerIds();
  ids.take(0);
  ids.release(1, 1000);
  expect(ids.take(1000)).toBe(2);
  expect(ids.take(1000 + QUARANTINE_MS - 1)).toBe(3);
  expect(ids.take(1000 + QUARANTINE_MS)).toBe(1);
});

test("a number is above what the wire carries for nobody: the 4,096th player is a programmer's error", () => {
  const ids = new PlayerIds();
  for (let player = 1; player <= MAX_PLAYER_ID; player++) expect(ids.take(0)).toBe(player);
  expect(() => ids.take(0)).toThrow("lower its capacity");
});
