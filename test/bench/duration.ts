/** About how long a run of the benchmark takes, so that it can be told before and meanwhile. */
import type { BenchOptions } from "./bench-options.ts";
import { SAMPLED_SECONDS } from "./measurement.ts";
import { FLOOR_PLAYERS } from "./report.ts";
import { TRIALS } from "./trials.ts";

/** A server starts, settles and is asked for its figures. */
const AROUND_SECONDS = 4;
/** As measured: eight at a time, see peers/load.ts; peers take longer. */
const JOIN_SECONDS_PER_PLAYER = 0.006;
/** Measurements until a limit is found, see limit-search.ts, and players in them, where no fewer are tried at most. */
const LIMIT_MEASUREMENTS = 12;
const LIMIT_PLAYERS = 1000;

export function expectedSeconds({
  players,
  against,
  rooms,
  trials,
  floorPairs,
  findLimit,
  most,
  profile,
  ...setting
}: BenchOptions): number {
  const systems = 1 + against.length;
  const measurement = (joining: number) =>
    AROUND_SECONDS + joining * JOIN_SECONDS_PER_PLAYER + setting.warmUpSeconds + setting.seconds;
  const total = (seconds: readonly number[]) => seconds.reduce((sum, one) => sum + one, 0);
  const sampledLoads = profile ? players.length + (rooms === undefined ? 0 : 1) : 0;
  return (
    sampledLoads * SAMPLED_SECONDS +
    systems * total(players.map(measurement)) +
    (rooms === undefined ? 0 : measurement(rooms.rooms * rooms.players)) +
    floorPairs * 2 * measurement(FLOOR_PLAYERS) +
    total(trials.map((name) => TRIALS[name].seconds)) +
    (findLimit ? systems * LIMIT_MEASUREMENTS * measurement(Math.min(most, LIMIT_PLAYERS)) : 0)
  );
}
