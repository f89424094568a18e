/** The marks that are judged by what trials found. */
import type { BenchReport } from "./report.ts";
import { findingOf } from "./trial-finding.ts";
import type { Found, TrialFigures, TrialName } from "./trials.ts";
import { type Finding, type Mark, missed, notMeasured, open } from "./verdict.ts";

type Trials = Pick<BenchReport, "trials">;

const MAX_BYTES_PER_ENTITY = 2;
const MAX_AGE_MS = 500;
const MAX_US_PER_PLAYER_TICK = 8;
const MAX_CLIENT_MS = 0.5;
const MAX_SCRIPT_MS = 4;
const MAX_BACK_MS = 300;

export const TRIAL_MARKS: readonly Mark<Trials>[] = [
  {
    line: 4,
    mark: `bytes for each moving entity and frame in a brawl ≤ ${MAX_BYTES_PER_ENTITY}`,
    find: judgeTrial("wire", ({ bytesPerEntity }) => bytesPerEntity <= MAX_BYTES_PER_ENTITY),
  },
  {
    line: 5,
    mark: `400 in one view: within the budget, nearest at full rate, none older than ${MAX_AGE_MS} ms`,
    find: judgeTrial(
      "crowd",
      ({ bytesPerSecond, budgetBytesPerSecond, nearestBrought, oldestMs }) =>
        bytesPerSecond.most <= budgetBytesPerSecond && nearestBrought === 1 && oldestMs <= MAX_AGE_MS,
    ),
  },
  {
    line: 6,
    mark: `step and replication ≤ ${MAX_US_PER_PLAYER_TICK} µs for each player and tick`,
    find: judgeTrial("step", ({ usPerPlayerTick }) => usPerPlayerTick <= MAX_US_PER_PLAYER_TICK),
  },
  {
    line: 8,
    mark: `a client reads and reconciles a frame with 200 ships in ≤ ${MAX_CLIENT_MS} ms`,
    find: judgeTrial("client", ({ meanMs }) => meanMs <= MAX_CLIENT_MS),
  },
  {
    line: 8,
    mark: `the page's script for a frame with 200 ships ≤ ${MAX_SCRIPT_MS} ms`,
    find: judgeTrial("page", ({ scriptMs }) => scriptMs <= MAX_SCRIPT_MS),
  },
  {
    line: 8,
    mark: `after a cut the page's picture is back within ${MAX_BACK_MS} ms`,
    find: judgeTrial("cuts", ({ backMs }) => backMs.max <= MAX_BACK_MS),
  },
];

function judgeTrial<Name extends TrialName>(name: Name, holds: (figures: TrialFigures[Name]) => boolean) {
  return ({ trials }: Trials): Finding => {
    const outcome = trials.find(({ trial }) => trial === name);
    if (outcome === undefined) return notMeasured(`--trials ${name}`);
    const finding = findingOf(outcome);
    if ("lacking" in outcome) return open(finding);
    if ("failure" in outcome) return missed(finding);
    return { isHeld: holds((outcome as Found<Name>).figures), finding };
  };
}
