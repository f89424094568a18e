/**
 * What came of one or more runs of a scenario: plain JSON, and the same as text. Of the same seeds it is the same to the
 * byte: no dates, durations or paths are in it.
 */

import type { Violation } from "./invariants/violation.ts";
import type { LabSetting } from "./lab-options.ts";
import type { LabResult } from "./laboratory.ts";
import { type BrokenLimit, checkLimit, excessOf, type Limit } from "./limits.ts";
import { MEASURES, type MeasureFigures, type MeasureName, Samples, type Summary } from "./measures.ts";
import type { Network } from "./scenario.ts";

export type LabReport = {
  readonly scenario: string;
  readonly summary: string;
  /** All that the runs followed from, but for the scenario's code. */
  readonly options: {
    readonly players: number;
    readonly seconds: number;
    readonly mapSize: number;
    readonly network: Network;
    readonly tickRate: number;
    readonly frameRate: number;
    readonly hasRewind: boolean;
    readonly happeningsAtSeconds: readonly number[];
    readonly limits: readonly string[];
  };
  readonly seeds: readonly number[];
  /** Of the samples of all runs together. */
  readonly measures: Measured;
  /** Of all runs together. */
  readonly counts: Readonly<Record<string, number>>;
  readonly violations: readonly (Violation & { readonly seed: number })[];
  readonly brokenLimits: readonly BrokenInRuns[];
};

export type Measured = Readonly<Partial<Record<MeasureName, MeasureFigures>>>;

/** A limit that does not hold for all runs together, and the run that is worst. */
export type BrokenInRuns = {
  readonly limit: string;
  readonly value: BrokenLimit["value"];
  readonly worst: Omit<BrokenLimit, "limit"> & { readonly seed: number };
};

type BrokenInRun = BrokenLimit & { readonly seed: number };

const SIGNIFICANT_DIGITS = 6;

/** Gathers runs of one setting, in the order of their seeds. */
export class Sweep {
  /** The samples of all runs together. */
  readonly samples = new Samples();
  private readonly setting: LabSetting;
  private readonly seeds: number[] = [];
  private readonly counts = new Map<string, number>();
  private readonly violations: (Violation & { seed: number })[] = [];
  private readonly broken: BrokenInRun[] = [];

  constructor(setting: LabSetting) {
    this.setting = setting;
  }

  add({ seed, samples, violations, counts }: LabResult): void {
    const { limits, scenario } = this.setting;
    this.seeds.push(seed);
    this.samples.addAll(samples);
    for (const [name, count] of Object.entries(counts)) this.counts.set(name, (this.counts.get(name) ?? 0) + count);
    this.violations.push(...violations.map((violation) => ({ seed, ...violation })));
    for (const limit of limits) {
      const broken = checkLimit(limit, samples, scenario.tickRate);
      if (broken !== undefined) this.broken.push({ seed, ...broken });
    }
  }

  report(): LabReport {
    const { scenario, hasRewind, limits } = this.setting;
    const { name, summary, players, seconds, mapSize, network, tickRate, frameRate, happenings = [] } = scenario;
    const happeningsAtSeconds = happenings.map(({ atSeconds }) => atSeconds);
    const texts = limits.map(({ text }) => text);
    const room = { players, seconds, mapSize, network, tickRate, frameRate, hasRewind };
    return rounded({
      scenario: name,
      summary,
      options: { ...room, happeningsAtSeconds, limits: texts },
      seeds: this.seeds,
      measures: measuredIn(this.samples),
      counts: Object.fromEntries([...this.counts].sort(([one], [other]) => (one < other ? -1 : 1))),
      violations: this.violations,
      brokenLimits: limits.flatMap((limit) => this.brokenInAll(limit) ?? []),
    });
  }

  /** A count is of one run; every other figure is of all samples together. */
  private brokenInAll(limit: Limit): BrokenInRuns | undefined {
    const runs = this.broken.filter((broken) => broken.limit === limit.text);
    const inAll = limit.summary === "count" ? runs[0] : checkLimit(limit, this.samples, this.setting.scenario.tickRate);
    if (inAll === undefined) return undefined;
    const { limit: text, ...worst } = worstOf(limit, runs) ?? { ...inAll, seed: this.seeds[0] };
    return { limit: text, value: limit.summary === "count" ? worst.value : inAll.value, worst };
  }
}

/** A run in which nothing was measured tells less than one in which something was. */
function worstOf(limit: Limit, runs: readonly BrokenInRun[]): BrokenInRun | undefined {
  const measured = runs.filter(({ value }) => value !== "nothing was measured");
  if (measured.length === 0) return runs.at(0);
  const excess = ({ value }: BrokenInRun) => excessOf(limit, value);
  return measured.reduce((worst, run) => (excess(run) > excess(worst) ? run : worst));
}

/** The figures of all that was measured, of one client alone if it is named. */
export function measuredIn(samples: Samples, client?: number): Measured {
  return Object.fromEntries(
    samples.names().flatMap((name) => {
      const figures = samples.figures(name, client);
      return figures === undefined ? [] : [[name, figures]];
    }),
  );
}

/** A copy, with what is no whole number cut to its significant digits. */
function rounded<T>(value: T): T {
  const cut = (_key: string, part: unknown) =>
    typeof part === "number" && !Number.isInteger(part) ? Number(part.toPrecision(SIGNIFICANT_DIGITS)) : part;
  return JSON.parse(JSON.stringify(value, cut)) as T;
}

/** One measure as it is shown: cells of the summaries that tell something of it. */
export type Row = {
  readonly name: MeasureName;
  readonly unit: string;
  readonly cells: Readonly<Partial<Record<Summary, string>>>;
};

/** In the order in which they are shown. */
export const COLUMNS = ["mean", "min", "p50", "p95", "p99", "max", "count"] as const satisfies readonly Summary[];

/** What a sample says yes or no to; only the part that is yes tells something. */
const YES_OR_NO: ReadonlySet<MeasureName> = new Set([
  "commandsOnTime",
  "mispredictedTicks",
  "shotsMatched",
  "shotsHit",
] as const);
/** Shown as a percentage. */
const PARTS: ReadonlySet<MeasureName> = new Set([...YES_OR_NO, "starvedTime", "slew"] as const);
const UNITS = { PerSecond: "B/s", Bytes: "B", Ms: "ms", Units: "units", Ticks: "ticks", Frames: "frames" };
/** With fewer samples a percentile is but the greatest of them. */
const LEAST_SAMPLES: Partial<Record<Summary, number>> = { p50: 3, p95: 20, p99: 100 };

export function rowsOf(measured: Measured): Row[] {
  return (Object.keys(measured) as MeasureName[]).map((name) => {
    const figures = measured[name]!;
    const factor = PARTS.has(name) ? 100 : 1;
    const isTold = (summary: Summary) => figures.count >= (LEAST_SAMPLES[summary] ?? 0);
    const cells = summariesOf(name)
      .filter((summary) => isTold(summary) || summary === MEASURES[name].summary)
      .map((summary) => [summary, shown(figures[summary] * (summary === "count" ? 1 : factor))]);
    return { name, unit: unitOf(name), cells: Object.fromEntries(cells) };
  });
}

function summariesOf(name: MeasureName): readonly Summary[] {
  const { summary, better } = MEASURES[name];
  if (summary === "count") return ["count"];
  if (YES_OR_NO.has(name)) return ["mean", "count"];
  return better === "more" ? ["mean", "min", "p50", "count"] : ["mean", "p50", "p95", "p99", "max", "count"];
}

function unitOf(name: MeasureName): string {
  if (PARTS.has(name)) return "%";
  return Object.entries(UNITS).find(([ending]) => name.endsWith(ending))?.[1] ?? "";
}

/** About four digits, and no more than three decimals. */
export function shown(value: number | string): string {
  if (typeof value === "string") return value;
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return value > 0 ? "<0.001" : ">-0.001";
  const maximumFractionDigits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  return value.toLocaleString("en-US", { maximumFractionDigits });
}

/** A line of what was run. */
export function settingLine({ options, seeds }: LabReport): string {
  const { players, seconds, mapSize, network, tickRate, frameRate, hasRewind } = options;
  const { rttMs, jitterMs, loss } = network;
  const seed = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
  return [
    `${players} players`,
    `${seconds} s`,
    `${shown(mapSize)} units a side`,
    `${rttMs}±${jitterMs} ms and ${shown(loss * 100)} % loss`,
    `${tickRate} ticks and ${frameRate} frames a second`,
    ...(hasRewind ? [] : ["no rewind"]),
    seed,
  ].join(", ");
}

/** A table for the terminal. */
export function tableOf(measured: Measured): string {
  const rows = rowsOf(measured);
  const head = ["measure", "unit", ...COLUMNS.map((column) => (column === "count" ? "samples" : column))];
  const lines = [head, ...rows.map(({ name, unit, cells }) => [name, unit, ...COLUMNS.map((at) => cells[at] ?? "")])];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const aligned = (word: string, column: number) =>
    column < 2 ? word.padEnd(widths[column]) : word.padStart(widths[column]);
  return lines.map((line) => line.map(aligned).join("  ").trimEnd()).join("\n");
}

export function brokenLimitLine({ limit, value, worst }: BrokenInRuns): string {
  const { first, seed } = worst;
  const inSeed = worst.value === value ? ` in seed ${seed}` : `; ${shown(worst.value)} in seed ${seed}`;
  const place = first && `, first at tick ${first.tick} (${shown(first.seconds)} s), client ${first.client}`;
  return `${limit} is broken: ${shown(value)}${inSeed}${place ?? ""}`;
}

export function violationLine({ rule, tick, client, detail, seed }: LabReport["violations"][number]): string {
  return `${rule} is broken at tick ${tick}${client < 0 ? "" : `, client ${client}`}, seed ${seed}: ${detail}`;
}
