/** Joins alone: connection after connection, from several addresses at a time, each until its first picture. */
import { Player } from "./player.ts";
import type { RunSetting } from "./raw-run.ts";
import { withPath } from "./run.ts";

/** So many join at a time, each from an address and a process of its own. */
export const JOINERS = 4;

/** @returns how long each took; undefined: it was given up */
export function measureJoins(
  setting: Omit<RunSetting, "players" | "seconds">,
  joins: number,
  passed: (done: number) => void,
): Promise<(number | undefined)[]> {
  const joiners = Math.min(JOINERS, joins);
  return withPath({ ...setting, players: joiners, seconds: 0 }, async () => {
    const times: (number | undefined)[] = [];
    const crew = Array.from({ length: joiners }, (_, index) => {
      const share = shareOf(joins, joiners, index);
      return { player: new Player(index, setting.seed * 10_007 + index, share), share };
    });
    await Promise.all(crew.map(({ player }) => player.loaded()));
    const measure = async ({ player, share }: (typeof crew)[number]) => {
      player.tell("go");
      for (let join = 0; join < share; join++) {
        times.push(await player.joinMs());
        passed(times.length);
      }
    };
    await Promise.all(crew.map(measure));
    return times;
  });
}

/** What one of several does of a whole number of things: none does more than one more than another. */
export function shareOf(whole: number, parts: number, index: number): number {
  return Math.floor(whole / parts) + (index < whole % parts ? 1 : 0);
}
