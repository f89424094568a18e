/** Reports made up for tests: nothing was measured. */
import { type Counted, type Figures, figuresOf } from "./figures.ts";
import type { Outcome } from "./measurement.ts";
import type { BenchReport } from "./report.ts";
import type { SystemName } from "./systems.ts";
import type { Found, TrialFigures, TrialName } from "./trials.ts";
import { USUAL_BRAWL } from "./wire-account.ts";

export const GOOD: Counted = {
  elapsed: 10,
  serverCpu: { user: 0.4, system: 0.2 },
  loadCpu: { user: 0.3, system: 0.1 },
  othersCpu: 0.02,
  server: {
    seconds: 10,
    ticks: 300,
    droppedTicks: 0,
    latenessMs: { p50: 0.5, p99: 2, max: 4 },
    tickMs: { p50: 5, p99: 8, max: 9 },
  },
  load: {
    clients: 100,
    frames: 20_000,
    frameBytes: 2_000_000,
    bytes: 2_200_000,
    packets: 20_000,
    lost: 0,
    frameSizes: [],
    sample: { clients: 5, frames: 1_000, bytes: 100_000, entityUpdates: 41_000, problems: [] },
  },
  memoryBytes: 100 * 50_000,
  commandsOnTime: 1,
  expected: { players: 100, frames: 20_000, ticks: 300 },
};

/** A measurement in which all is well, but for some figures. */
export function outcomeOf(system: SystemName, players: number, some: Partial<Figures> = {}, rooms = 0): Outcome {
  return { system, players, rooms, figures: { ...figuresOf(GOOD), ...some } };
}

/** A report of nothing, but for some of it. */
export function reportOf(some: Partial<BenchReport>): BenchReport {
  return {
    machine: { cpu: "A <core>", cores: 2, memoryGigabytes: 8, kernel: "linux 6", node: "v24.0.0" },
    versions: { ws: "8.0.0" },
    setting: { seconds: 10, warmUpSeconds: 5, others: 40, seed: 1 },
    outcomes: [],
    floorPairs: [],
    limits: [],
    trials: [],
    ...some,
  };
}

const GOOD_TRIALS: TrialFigures = {
  step: { players: 1158, ticks: 300, usPerPlayerTick: 8, tickMs: { p50: 9, p99: 12, max: 15 } },
  wire: {
    setting: USUAL_BRAWL,
    frames: 2000,
    entitiesPerFrame: 12,
    bytesPerFrame: 47,
    headBytesPerFrame: 23,
    bytesPerEntity: 2,
    survivorFloorBytesPerEntity: 0.6,
    lines: [],
    streams: [],
  },
  crowd: {
    ships: 700,
    readers: 40,
    budgetBytesPerSecond: 12_000,
    bytesPerSecond: { mean: 11_000, most: 12_000 },
    othersInView: 410,
    othersKnown: 409,
    nearestBrought: 1,
    crowdedFrames: 900,
    oldestMs: 500,
    oldestBeyondMs: 800,
  },
  client: { ships: 210, frames: 100, meanMs: 0.5, frameMs: { p50: 0.4, p99: 1, max: 4 } },
  page: { ships: 205, shipsOnScreen: 60, frames: 600, framesPerSecond: 60, scriptMs: 4, pictureMs: 3 },
  cuts: { cuts: 20, backMs: { p50: 120, p99: 300, max: 300 } },
};

/** What a trial found when all is just well, but for some figures. */
export function trialOf<Name extends TrialName>(trial: Name, some: Partial<TrialFigures[Name]> = {}): Found<TrialName> {
  return { trial, figures: { ...GOOD_TRIALS[trial], ...some } } as Found<TrialName>;
}
