/** What a run of the benchmark found, as plain JSON. Next: report-table.ts and report-page.ts, which show it. */

import type { Figures } from "./figures.ts";
import type { Outcome } from "./measurement.ts";
import type { Setting } from "./orders.ts";
import type { PeerName, SystemName } from "./systems.ts";
import type { TrialOutcome } from "./trials.ts";

export type Limit = {
  readonly system: SystemName;
  readonly players: number;
  /** What happened with more; undefined: nothing did, up to the most that are tried. */
  readonly failure: string | undefined;
};

/** What Starwake and the floor took of a core, measured one right after the other. */
export type FloorPair = { readonly own: number; readonly floor: number };

/** How many players pairs are measured with. */
export const FLOOR_PLAYERS = 800;

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly kernel: string;
  readonly node: string;
};

export type BenchReport = {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly setting: Setting;
  readonly outcomes: readonly Outcome[];
  /** Those besides the outcomes' own. */
  readonly floorPairs: readonly FloorPair[];
  readonly limits: readonly Limit[];
  readonly trials: readonly TrialOutcome[];
};

/** Starwake's figure over a peer's: below 1 Starwake takes less. */
export type Ratio = {
  readonly players: number;
  readonly peer: PeerName;
  readonly cpu: number;
  readonly bytes: number;
  readonly memory: number;
};

export const cpuOf = ({ cpu }: Figures) => cpu.user + cpu.system;

/** The figures of a system with so many players in one world; undefined: there are none. */
export function figuresAt(
  { outcomes }: Pick<BenchReport, "outcomes">,
  system: SystemName,
  players: number,
): Figures | undefined {
  const outcome = outcomes.find((one) => one.system === system && one.players === players && one.rooms === 0);
  return outcome !== undefined && "figures" in outcome ? outcome.figures : undefined;
}

/** For each number of players that both bore. */
export function ratiosOf(report: Pick<BenchReport, "outcomes">): Ratio[] {
  return report.outcomes.flatMap(({ system, players, rooms }) => {
    if (system === "starwake" || rooms > 0) return [];
    const own = figuresAt(report, "starwake", players);
    const theirs = figuresAt(report, system, players);
    if (own === undefined || theirs === undefined) return [];
    return {
      players,
      peer: system,
      cpu: cpuOf(own) / cpuOf(theirs),
      bytes: own.bytesPerClientPerSecond / theirs.bytesPerClientPerSecond,
      memory: own.memoryPerClientBytes / theirs.memoryPerClientBytes,
    };
  });
}
