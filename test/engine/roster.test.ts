import { Roster } from "@starwake/server/engine/roster.ts";
import type { RosterEntry } from "@starwake/shared/engine/protocol.ts";
import { expect, test } from "vitest";

function entry(player: number, some: Partial<RosterEntry> = {}): RosterEntry {
  return { player, name: `Player ${player}`, isPilot: false, isAway: false, standing: { hits: 0 }, ...some };
}

test("only what changed is told: who came, who changed, and who is gone", () => {
  const roster = new Roster();
  expect(roster.update([entry(1), entry(2), entry(3)])?.players).toHaveLength(3);
  const changed = entry(2, { standing: { hits: 1 } });
  expect(roster.update([entry(1), changed, entry(4)])).toEqual({
    full: false,
    players: [changed, entry(4)],
    gone: [3],
  });
});

test("nothing is told when nothing changed", () => {
  const roster = new Roster();
  roster.update([entry(1), entry(2)]);
  expect(roster.update([entry(1), entry(2)])).toBeUndefined();
});

test("who knows nothing is told all, as of the last update", () => {
  const roster = new Roster();
  roster.update([entry(1), entry(2)]);
  roster.update([entry(2, { isAway: true })]);
  expect(roster.whole()).toEqual({ full: true, players: [entry(2, { isAway: true })], gone: [] });
});

test("who was gone and comes back is told again", () => {
  const roster = new Roster();
  roster.update([entry(1)]);
  roster.update([]);
  expect(roster.update([entry(1)])).toEqual({ full: false, players: [entry(1)], gone: [] });
});
