/** A server's parts from the lobby on, on a clock that is not the process's: without sockets, logs or timers. */
import { type AddressLimits, NO_LIMITS } from "@starwake/server/engine/address-limits.ts";
import type { Clock } from "@starwake/server/engine/clock.ts";
import { Lobby } from "@starwake/server/engine/lobby.ts";
import type { Log } from "@starwake/server/engine/log.ts";
import { Matchmaker, NO_ROOM_LIMITS, type RoomLimits, type RoomPlan } from "@starwake/server/engine/matchmaker.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import type { OpenRecorder } from "@starwake/server/engine/recorder.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { createTally } from "./tally.ts";

const quiet = () => {};
const SILENCE: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** No limits unless given: who tests something else may have as many players behind one address as that takes. */
export function createServerByHand(
  clock: Clock,
  game: GameDefinition,
  createPilot: CreatePilot,
  plan: Omit<RoomPlan, keyof RoomLimits> & Partial<RoomLimits>,
  openRecorder?: OpenRecorder,
  limits: AddressLimits = NO_LIMITS,
) {
  const tally = createTally();
  const parts = { game, clock, meter: tally.meter, createPilot, openRecorder };
  const matchmaker = new Matchmaker({ ...NO_ROOM_LIMITS, ...plan }, parts, SILENCE);
  const lobby = new Lobby({ matchmaker, clock, meter: tally.meter, log: SILENCE, limits });
  return { lobby, matchmaker, tally };
}
