/** The figures of a report as a table: which of them tell something, in which unit, and how they are written. */
import { MEASURES, type MeasureName, type Summary } from "./measures.ts";
import type { Measured } from "./report.ts";

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
