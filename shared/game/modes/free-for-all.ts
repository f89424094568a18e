/** Free for all: everyone against everyone, a hundred points a kill. */
import type { Mode } from "./mode.ts";

const POINTS_PER_KILL = 100;

export const freeForAll: Mode = {
  name: "free-for-all",
  canHurt: (shooter, victim) => shooter !== victim,
  scoreKill(killer, victim) {
    victim.deaths++;
    if (killer === undefined) return;
    killer.kills++;
    killer.score += POINTS_PER_KILL;
  },
};
