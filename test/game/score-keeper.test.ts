import { ScoreKeeper } from "@starwake/client/game/score-keeper.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import { describe, expect, test } from "vitest";

const OWN = 2;

function rosterOf(...entries: readonly [player: number, name: string, score: number, deaths: number][]) {
  return new Map(
    entries.map(([player, name, score, deaths]): [number, RosterEntry] => [
      player,
      { player, name, isPilot: player > 10, isAway: false, standing: { score, kills: score / 100, deaths } },
    ]),
  );
}

const roster = rosterOf([1, "Ada", 200, 4], [2, "Bob", 500, 3], [11, "Vega", 200, 0], [4, "Dan", 200, 0]);

describe("standings", () => {
  test("go by score, among equals by fewer deaths, and then by number", () => {
    const standings = new ScoreKeeper().standings(roster, OWN);
    expect(standings.map(({ place, name }) => `${place} ${name}`)).toEqual(["1 Bob", "2 Dan", "3 Vega", "4 Ada"]);
  });

  test("tell who is the player, who is a pilot, and what each has done", () => {
    const standings = new ScoreKeeper().standings(roster, OWN);
    expect(standings[0]).toMatchObject({ playerId: 2, isOwn: true, isPilot: false, score: 500, kills: 5, deaths: 3 });
    expect(standings[2]).toMatchObject({ playerId: 11, isOwn: false, isPilot: true });
  });

  test("are the same list until the roster is another", () => {
    const keeper = new ScoreKeeper();
    const first = keeper.standings(roster, OWN);
    expect(keeper.standings(roster, OWN)).toBe(first);
    expect(keeper.standings(new Map(roster), OWN)).not.toBe(first);
  });
});

describe("the kill feed", () => {
  test("names killer, victim and weapon, and tells whether the player has part in it", () => {
    const keeper = new ScoreKeeper();
    const rail = WEAPONS.findIndex(({ name }) => name === "rail");
    const byOthers = { killer: 1, victim: 4, weapon: 0 };
    keeper.hear([{ killer: OWN, victim: 1, weapon: rail }, byOthers], roster, OWN);
    expect(keeper.kills).toMatchObject([
      { killerName: "Bob", victimName: "Ada", weapon: "rail", involvesOwn: true },
      { killerName: "Ada", victimName: "Dan", weapon: "pulse", involvesOwn: false },
    ]);
  });

  test("keeps who killed the player last, and nobody else's killer", () => {
    const keeper = new ScoreKeeper();
    expect(keeper.killerName).toBeUndefined();
    keeper.hear([{ killer: 1, victim: OWN, weapon: 0 }], roster, OWN);
    keeper.hear([{ killer: 4, victim: 1, weapon: 0 }], roster, OWN);
    expect(keeper.killerName).toBe("Ada");
    keeper.hear([{ killer: 11, victim: OWN, weapon: 0 }], roster, OWN);
    expect(keeper.killerName).toBe("Vega");
  });

  test("has a word for a killer who has left", () => {
    const keeper = new ScoreKeeper();
    keeper.hear([{ killer: 99, victim: OWN, weapon: 0 }], roster, OWN);
    expect(keeper.killerName).toBe("?");
  });

  test("keeps the latest, each with a number of its own", () => {
    const keeper = new ScoreKeeper();
    for (let kill = 1; kill <= 50; kill++) keeper.hear([{ killer: 1, victim: 4, weapon: 0 }], roster, OWN);
    const ids = keeper.kills.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeLessThan(50);
    expect(ids.at(-1)).toBe(50);
  });
});
