import { Roster } from "@starwake/server/engine/roster.ts";
import { fromRosterRow, type RosterEntry, toRosterRow } from "@starwake/shared/engine/roster-row.ts";
import { expect, test } from "vitest";

function entry(player: number, some: Partial<RosterEntry> = {}): RosterEntry {
  return { player, name: `Player ${player}`, isPilot: false, isAway: false, standing: { hits: 0, lives: 9 }, ...some };
}

const hits = (player: number, count: number) => entry(player, { standing: { hits: count, lives: 9 } });

/** A roster that has told of these players. */
function rosterOf(...entries: RosterEntry[]): Roster {
  const roster = new Roster();
  for (const one of entries) roster.put(one);
  roster.takeChanges(Number.POSITIVE_INFINITY);
  return roster;
}

test("only what changed is told, once: who came, who is gone, and of others the standing alone", () => {
  const roster = rosterOf(entry(1), entry(2), entry(3));
  for (const one of [entry(1), hits(2, 1), entry(4)]) roster.put(one);
  roster.remove(3);
  expect(roster.takeChanges(100)).toEqual({ gone: [3], changed: [[4, "Player 4", 0, 0, 9]], standings: [[2, 1, 9]] });
  expect(roster.takeChanges(100)).toEqual({});
});

test("nothing is told when nothing changed", () => {
  const roster = rosterOf(entry(1), entry(2));
  for (const one of [entry(1), entry(2)]) roster.put(one);
  expect(roster.takeChanges(100)).toEqual({});
});

test("whoever is not what they were is told of anew, and of their standing not twice", () => {
  const roster = rosterOf(entry(1));
  roster.put(hits(1, 5));
  roster.put({ ...hits(1, 5), isAway: true });
  expect(roster.takeChanges(100)).toEqual({ changed: [[1, "Player 1", 2, 5, 9]] });
});

test("of too many standings the best are told, then those who wait longest, and each of them in the end", () => {
  const players = Array.from({ length: 8 }, (_, index) => index + 1);
  const roster = rosterOf(...players.map((player) => entry(player)));
  for (const player of players) roster.put(hits(player, player));
  const told = () => roster.takeChanges(4).standings?.map(([player]) => player);
  expect(told()).toEqual([8, 7, 1, 2]);
  roster.put(hits(8, 9));
  expect(told()).toEqual([8, 6, 3, 4]);
  expect(told()).toEqual([5]);
});

test("a newcomer is told everything, with the names of a standing's numbers, as it is by now", () => {
  const roster = rosterOf(entry(1), entry(2));
  roster.put(entry(2, { isPilot: true }));
  const players = [toRosterRow(entry(1)), toRosterRow(entry(2, { isPilot: true }))];
  expect(roster.whole()).toEqual({ roster: { standing: ["hits", "lives"], players } });
});

test("a number that was gone and is another's is told as the other's", () => {
  const roster = rosterOf(entry(1));
  roster.remove(1);
  roster.put(entry(1, { name: "Other" }));
  expect(roster.takeChanges(100)).toEqual({ gone: [1], changed: [[1, "Other", 0, 0, 9]] });
});

test.each([{}, { isPilot: true }, { isAway: true }, { isPilot: true, isAway: true, name: "" }])(
  "a row says all that an entry says: %j",
  (some) => {
    expect(fromRosterRow(toRosterRow(entry(7, some)), ["hits", "lives"])).toEqual(entry(7, some));
  },
);
