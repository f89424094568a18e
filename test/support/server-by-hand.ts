/** A server's parts from the lobby on, on a clock that is not the process's: without sockets, logs or timers. */
import type { Clock } from "@starwake/server/engine/clock.ts";
import { Lobby } from "@starwake/server/engine/lobby.ts";
import type { Log } from "@starwake/server/engine/log.ts";
import { Matchmaker, type RoomPlan } from "@starwake/server/engine/matchmaker.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import type { OpenRecorder } from "@starwake/server/engine/recorder.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { createTally } from "./tally.ts";

const quiet = () => {};
const SILENCE: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function createServerByHand(
  clock: Clock,
  game: GameDefinition,
  createPilot: CreatePilot,
  plan: RoomPlan,
  openRecorder?: OpenRecorder,
) {
  const tally = createTally();
  const parts = { game, clock, meter: tally.meter, createPilot, openRecorder };
  const matchmaker = new Matchmaker(plan, parts, SILENCE);
  const lobby = new Lobby({ matchmaker, clock, meter: tally.meter, log: SILENCE });
  return { lobby, matchmaker, tally };
}
