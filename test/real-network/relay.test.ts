/** What the relay tells of what it carried. */
import { expect, test } from "vitest";
import { carriedBetween, parseTraffic } from "./relay.ts";

const BEFORE = ["late 0.250 3.000", "client 10 down 100 9000 1 up 90 8000 2", "client 11 down 10 900 0 up 9 800 0"];
const AFTER = ["client 10 down 300 27000 11 up 290 24000 12", "client 11 down 20 1900 5 up 19 1600 6"];

test("is each player's traffic, by their index", () => {
  expect(parseTraffic(BEFORE).players).toEqual(
    new Map([
      [0, { down: { packets: 100, bytes: 9000, lost: 1 }, up: { packets: 90, bytes: 8000, lost: 2 } }],
      [1, { down: { packets: 10, bytes: 900, lost: 0 }, up: { packets: 9, bytes: 800, lost: 0 } }],
    ]),
  );
});

test("what is sent to an address that is no player's, and what is no line of it, is passed over", () => {
  const strays = ["client 1 down 1 60 0 up 1 60 0", "client 255 down 1 60 0", "", "something else"];
  expect(parseTraffic([...strays, ...BEFORE]).players.size).toBe(2);
});

test("between two countings is what all players were sent meanwhile", () => {
  const [before, after] = [parseTraffic(BEFORE), parseTraffic(AFTER)];
  expect(carriedBetween(before, after, "down")).toEqual({ packets: 210, bytes: 19_000, lost: 15 });
  expect(carriedBetween(before, after, "up")).toEqual({ packets: 210, bytes: 16_800, lost: 16 });
});

test("tells how late the relay itself was; one that handed nothing over was not late", () => {
  expect(parseTraffic(BEFORE).late).toEqual({ meanMs: 0.25, mostMs: 3 });
  expect(parseTraffic(AFTER).late).toEqual({ meanMs: 0, mostMs: 0 });
});

test("a player who had no traffic before is counted from nothing", () => {
  expect(carriedBetween(parseTraffic([]), parseTraffic(BEFORE), "down")).toEqual({
    packets: 110,
    bytes: 9_900,
    lost: 1,
  });
});
