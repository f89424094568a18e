/**
 * Limits on what the laboratory measures, given as text: `mispredictedTicks=0.02`, `ownErrorUnits.p99<=4.5`,
 * `commandsOnTime>=0.995`. "=" is the side that is better for the measure; without a summary the measure's own counts.
 */
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { MEASURES, type MeasureName, type Samples, type Summary } from "./measures.ts";

export type Limit = {
  /** As it was given. */
  readonly text: string;
  readonly measure: MeasureName;
  readonly summary: Summary;
  readonly side: "at most" | "at least";
  readonly bound: number;
};

/** Where a limit was first broken: the tick, when that was, and whose sample it is. */
type Place = { readonly tick: Tick; readonly seconds: number; readonly client: number };

export type BrokenLimit = {
  readonly limit: string;
  readonly value: number | "nothing was measured";
  readonly first?: Place;
};

type Sample = { readonly tick: Tick; readonly client: number; readonly value: number };

const SUMMARIES = ["mean", "p50", "p95", "p99", "max", "min", "count"] as const satisfies readonly Summary[];
const FORM = /^\s*([^\s.<>=]+)(?:\.([^\s.<>=]+))?\s*(<=|>=|=)\s*(\S+)\s*$/;
/** What adding up a million samples may be off by, as a part of the mean. */
const MEAN_ROUNDING = 1e-9;
const SIDES = { "<=": "at most", ">=": "at least" } as const;

/** A limit, or the reason why the text is none, which names what there is. */
export function parseLimit(text: string): Limit | { readonly reason: string } {
  const parts = FORM.exec(text);
  if (parts === null)
    return {
      reason: `"${text}" is no limit: write MEASURE=NUMBER, MEASURE.SUMMARY<=NUMBER or MEASURE.SUMMARY>=NUMBER`,
    };
  const [, measure, summary = undefined, relation, number] = parts;
  if (!isMeasure(measure))
    return { reason: `there is no measure "${measure}"; there are ${Object.keys(MEASURES).join(", ")}` };
  if (summary !== undefined && !isSummary(summary))
    return { reason: `there is no summary "${summary}"; there are ${SUMMARIES.join(", ")}` };
  const bound = Number(number);
  if (!Number.isFinite(bound)) return { reason: `"${number}" is not a number` };
  const betterSide = MEASURES[measure].better === "less" ? "at most" : "at least";
  const side = relation === "=" ? betterSide : SIDES[relation as "<=" | ">="];
  return { text: text.trim(), measure, summary: summary ?? MEASURES[measure].summary, side, bound };
}

function isMeasure(name: string): name is MeasureName {
  return Object.hasOwn(MEASURES, name);
}

function isSummary(name: string): name is Summary {
  return (SUMMARIES as readonly string[]).includes(name);
}

/** Undefined: it holds. Of no samples the count is 0, and any other limit is broken. */
export function checkLimit(limit: Limit, samples: Samples, tickRate: number): BrokenLimit | undefined {
  const { text, measure, summary, bound } = limit;
  const value = summary === "count" ? (samples.figures(measure)?.count ?? 0) : samples.figures(measure)?.[summary];
  if (value === undefined) return { limit: text, value: "nothing was measured" };
  const roundingRoom = summary === "mean" ? Math.abs(bound) * MEAN_ROUNDING : 0;
  if (excessOf(limit, value) <= roundingRoom) return undefined;
  const first = summary === "count" ? pastTheCount(limit, samples) : firstBeyond(limit, samples);
  if (first === undefined) return { limit: text, value };
  const { tick, client } = first;
  return { limit: text, value, first: { tick, seconds: tick / tickRate, client } };
}

/** How far a value is on the wrong side of a limit's bound; 0 and below: it is within. */
export function excessOf({ side, bound }: Limit, value: BrokenLimit["value"]): number {
  if (value === "nothing was measured") return Number.POSITIVE_INFINITY;
  return side === "at most" ? value - bound : bound - value;
}

/** The sample with which there were too many; undefined: there were too few. */
function pastTheCount({ measure, bound, side }: Limit, samples: Samples): Sample | undefined {
  return side === "at most" ? [...samples.each(measure)][Math.max(0, Math.floor(bound))] : undefined;
}

/** A figure that is beyond the bound, a mean too, has a sample that is. */
function firstBeyond(limit: Limit, samples: Samples): Sample | undefined {
  for (const sample of samples.each(limit.measure)) if (excessOf(limit, sample.value) > 0) return sample;
  return undefined;
}
