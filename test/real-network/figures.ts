/** What runs over one path come to, in the laboratory's measures. Several runs are one longer run. */
import { mean, quantile, ratio } from "../bots/report.ts";
import { FRESH_MS } from "../lab/client-observer.ts";
import type { PlayerReport } from "./player-words.ts";
import type { Way } from "./profiles.ts";
import type { Changed, RawRun } from "./raw-run.ts";
import type { Carried } from "./relay.ts";
import type { TickLog } from "./tick-log.ts";

export type Spread = {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
};

/** Of each player. */
type Wire = {
  readonly bytesPerSecond: number;
  readonly packetsPerSecond: number;
  /** The part of the packets that the relay lost. */
  readonly lost: number;
};

/** Whether the machine kept up: where it did not, the figures tell of it, and not of the network. */
export type Machine = {
  /** 60, unless the server had to leave ticks out. */
  readonly ticksPerSecond: number;
  /** 60, unless a player's process had to leave pictures out. */
  readonly picturesPerSecond: number;
  /** From when the relay was to hand a packet over to when it did. */
  readonly relayLateMs: { readonly mean: number; readonly most: number };
};

export type Figures = {
  readonly players: number;
  readonly joined: number;
  /** Players who lost their connection; each came back or did not. */
  readonly dropped: number;
  readonly commandsOnTime: number;
  readonly mispredictedTicks: number;
  readonly starvedTime: number;
  /** From the tick that others are drawn at to the picture. */
  readonly sendToRenderMs: Spread;
  readonly correctionUnits: Spread;
  readonly framesPerSecond: number;
  readonly frameBytesPerSecond: number;
  readonly rttMs: Spread;
  readonly down: Wire;
  readonly up: Wire;
  readonly joinMs: Spread;
  /** The part of the time while a player had more than one connection, and the most that one had. */
  readonly sparesOpen: number;
  readonly mostConnections: number;
  readonly machine: Machine;
  /** From each change of the round trip to each player's last late command. */
  readonly lateAfterStepMs: Spread | undefined;
  /** From an outage's end to each player's first picture that is as fresh as the path allows. */
  readonly recoveryMs: Spread | undefined;
};

/** As in the laboratory: what is late after that has another reason. */
const STEP_JUDGED_FOR_MS = 8_000;

export function figuresOf(runs: readonly RawRun[]): Figures {
  const reports = runs.flatMap((run) => run.reports);
  const total = (pick: (report: PlayerReport) => number) => reports.reduce((sum, report) => sum + pick(report), 0);
  const onTime = runs.reduce((sum, { ticks }) => sum + ticks.onTime, 0);
  const late = runs.reduce((sum, { ticks }) => sum + ticks.late.length, 0);
  const seatedSeconds = total(({ elapsedMs }) => elapsedMs) / 1000;
  return {
    players: runs.reduce((sum, { setting }) => sum + setting.players, 0),
    joined: reports.length,
    dropped: reports.filter(({ losses }) => losses > 0).length,
    commandsOnTime: ratio(onTime, onTime + late),
    mispredictedTicks: ratio(
      total((report) => report.mispredictedTicks),
      total((report) => report.comparedTicks),
    ),
    starvedTime: ratio(
      total(({ starvedMs }) => starvedMs),
      total(({ elapsedMs }) => elapsedMs),
    ),
    sendToRenderMs: spreadOf(runs.flatMap(agesOfPictures)),
    correctionUnits: spreadOf(reports.flatMap(({ correctionUnits }) => correctionUnits)),
    framesPerSecond: ratio(
      total(({ frames }) => frames),
      seatedSeconds,
    ),
    frameBytesPerSecond: ratio(
      total(({ frameBytes }) => frameBytes),
      seatedSeconds,
    ),
    rttMs: spreadOf(reports.flatMap(({ rttMs }) => rttMs)),
    down: wireOf(runs, (run) => run.down),
    up: wireOf(runs, (run) => run.up),
    joinMs: spreadOf(runs.flatMap(({ joinMs }) => joinMs.filter((ms) => ms !== undefined))),
    sparesOpen: ratio(
      total(({ picturesWithSpares }) => picturesWithSpares),
      total(({ pictures }) => pictures.length),
    ),
    mostConnections: Math.max(0, ...reports.map(({ mostConnections }) => mostConnections)),
    machine: machineOf(runs, reports),
    lateAfterStepMs: spreadOfAny(runs.flatMap(latenessAfterSteps)),
    recoveryMs: spreadOfAny(runs.flatMap(recoveries)),
  };
}

/** Of no values all is 0. */
export function spreadOf(values: readonly number[]): Spread {
  const at = (part: number) => quantile(values, part);
  const parts = { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), most: at(1) };
  return { count: values.length, mean: mean(values), ...parts };
}

function spreadOfAny(values: readonly number[]): Spread | undefined {
  return values.length === 0 ? undefined : spreadOf(values);
}

function wireOf(runs: readonly RawRun[], pick: (run: RawRun) => Carried): Wire {
  const sum = (what: keyof Carried) => runs.reduce((total, run) => total + pick(run)[what], 0);
  const playerSeconds = runs.reduce((total, run) => total + (run.carriedMs / 1000) * run.reports.length, 0);
  return {
    bytesPerSecond: ratio(sum("bytes"), playerSeconds),
    packetsPerSecond: ratio(sum("packets"), playerSeconds),
    lost: ratio(sum("lost"), sum("packets")),
  };
}

function machineOf(runs: readonly RawRun[], reports: readonly PlayerReport[]): Machine {
  const sum = (pick: (run: RawRun) => number) => runs.reduce((total, run) => total + pick(run), 0);
  const pictures = reports.reduce((total, report) => total + report.pictures.length, 0);
  const playedMs = reports.reduce((total, report) => total + report.playedMs, 0);
  return {
    ticksPerSecond: ratio(
      sum(({ ticks }) => ticks.timesMs.length - 1) * 1000,
      sum(({ ticks: { timesMs } }) => timesMs[timesMs.length - 1] - timesMs[0]),
    ),
    picturesPerSecond: ratio(pictures * 1000, playedMs),
    relayLateMs: {
      mean: mean(runs.map(({ relayLate }) => relayLate.meanMs)),
      most: Math.max(0, ...runs.map(({ relayLate }) => relayLate.mostMs)),
    },
  };
}

/** When a tick, which may lie between two, was stepped; undefined: it is not in the log. */
export function timeOf({ firstTick, timesMs }: TickLog, tick: number): number | undefined {
  const before = Math.floor(tick) - firstTick;
  const [begin, end] = [timesMs[before], timesMs[before + 1]];
  const part = tick - Math.floor(tick);
  if (begin === undefined || part === 0) return begin;
  return end === undefined ? undefined : begin + (end - begin) * part;
}

/** From the tick that others were drawn at to the picture, of every picture. */
function agesOfPictures({ reports, ticks }: RawRun): number[] {
  return reports.flatMap(({ pictures }) =>
    pictures.flatMap(([atMs, renderTick]) => {
      const steppedMs = timeOf(ticks, renderTick);
      return steppedMs === undefined ? [] : [atMs - steppedMs];
    }),
  );
}

/** From each step in round-trip time to each player's last late command; 0: none was late. */
export function latenessAfterSteps({ changes, reports, ticks }: RawRun): number[] {
  const steps = changes.filter(({ change }) => change.kind === "step");
  return steps.flatMap(({ atMs }, index) => {
    const untilMs = Math.min(atMs + STEP_JUDGED_FOR_MS, steps[index + 1]?.atMs ?? Number.POSITIVE_INFINITY);
    return reports.map(({ player }) => {
      const times = ticks.late.filter(([, of]) => of === player).map(([tick]) => timeOf(ticks, tick) ?? 0);
      return Math.max(0, ...times.filter((ms) => ms > atMs && ms < untilMs).map((ms) => ms - atMs));
    });
  });
}

/** From each outage's end to each player's first picture that is fresh; who never has one is in no figure. */
export function recoveries({ changes, reports, ticks, setting }: RawRun): number[] {
  const freshMs = mostMs(setting.profile.down) + FRESH_MS;
  const isFresh = ([atMs, renderTick, newestTick]: PlayerReport["pictures"][number]) =>
    renderTick <= newestTick && atMs - (timeOf(ticks, newestTick) ?? Number.NEGATIVE_INFINITY) < freshMs;
  return changes.flatMap((changed) => {
    const endMs = endOf(changed);
    if (endMs === undefined) return [];
    return reports.flatMap(({ pictures }) => {
      const first = pictures.find((picture) => picture[0] > endMs && isFresh(picture));
      return first === undefined ? [] : [first[0] - endMs];
    });
  });
}

function endOf({ change, atMs }: Changed): number | undefined {
  return change.kind === "outage" ? atMs + change.lastsMs : undefined;
}

function mostMs({ delayMs, jitterMs }: Way): number {
  return delayMs + jitterMs;
}
