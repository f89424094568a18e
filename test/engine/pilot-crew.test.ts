/** The pilots of a room, and their names. */
import { NameBook } from "@starwake/server/engine/names/name-book.ts";
import { PilotCrew } from "@starwake/server/engine/pilot-crew.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { describe, expect, test } from "vitest";

const NAMES = ["Altair", "Bellatrix", "Capella", "Deneb", "Electra", "Fomalhaut", "Gacrux", "Hadar"];

function fill(pilots: number) {
  let created = 0;
  const names = new NameBook(NAMES);
  const create = (seed: number) => {
    created++;
    return { name: NAMES[nextBelow(createRandom(seed), NAMES.length)], command: () => ({}) };
  };
  const crew = new PilotCrew(create, 1, names);
  for (let player = 1; player <= pilots; player++) crew.add(player);
  const dismiss = (player: number) => {
    crew.pilots.delete(player);
    names.leave(player);
  };
  const namesNow = () => [...crew.pilots.values()].map(({ name }) => name);
  return { crew, dismiss, namesNow, created: () => created };
}

describe("pilots", () => {
  test("have names of their own, as long as there are names, and numbers beyond", () => {
    expect(fill(NAMES.length).namesNow().sort()).toEqual(NAMES);
    const many = fill(200).namesNow();
    expect(new Set(many).size).toBe(200);
    expect(many.filter((name) => NAMES.includes(name))).toHaveLength(NAMES.length);
  });

  test("beyond the names are made once each: that all are taken is found out once", () => {
    const few = fill(NAMES.length).created();
    expect(fill(512).created() - few).toBeLessThan(512 + 200);
  });

  test("have names without numbers again when fewer are left", () => {
    const { crew, dismiss, namesNow } = fill(30);
    for (let player = 1; player <= 30; player++) dismiss(player);
    for (let player = 31; player <= 30 + NAMES.length; player++) crew.add(player);
    expect(namesNow().sort()).toEqual(NAMES);
  });
});
