/**
 * What came of one or more runs of a scenario, as plain JSON. Of the same seeds it is the same to the byte: no dates,
 * durations or paths are in it.
 *
 * Next: report-lines.ts and report-table.ts, the same as text; html.ts, the same as a page.
 */
import type { Violation } from "./invariants/violation.ts";
import type { LabSetting } from "./lab-options.ts";
import type { LabResult } from "./laboratory.ts";
import { type BrokenLimit, checkLimit, excessOf, type Limit } from "./limits.ts";
import { type MeasureFigures, type MeasureName, Samples } from "./measures.ts";
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
