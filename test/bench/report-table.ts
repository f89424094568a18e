/** The tables of a report, as rows of words: the terminal and the page show the same. */
import type { Outcome } from "./measurement.ts";
import { type BenchReport, cpuOf, FLOOR_PLAYERS, ratiosOf } from "./report.ts";
import { findingOf } from "./trial-finding.ts";

export type Table = { readonly title: string; readonly head: readonly string[]; readonly rows: readonly string[][] };

const FIGURES_HEAD = [
  "system",
  "players",
  "CPU %",
  "user",
  "kernel",
  "tick p50 ms",
  "late p50 ms",
  "p99",
  "max",
  "ticks %",
  "frames %",
  "KB/s a client",
  "of it control",
  "B an entity",
  "in view",
  "KB a client",
];

export function tablesOf(report: BenchReport): Table[] {
  const tables: Table[] = [];
  const { outcomes, floorPairs, limits, trials } = report;
  if (outcomes.length > 0) tables.push({ title: "Figures", head: FIGURES_HEAD, rows: outcomes.map(figuresRow) });
  const ratios = ratiosOf(report);
  if (ratios.length > 0)
    tables.push({
      title: "Starwake's share of what a peer takes",
      head: ["peer", "players", "CPU", "bytes", "memory"],
      rows: ratios.map(({ peer, players, cpu, bytes, memory }) => [
        peer,
        `${players}`,
        ...[cpu, bytes, memory].map(times),
      ]),
    });
  if (floorPairs.length > 0)
    tables.push({
      title: `Starwake and ws by turns, with ${FLOOR_PLAYERS} players`,
      head: ["Starwake's CPU %", "ws'", "ratio"],
      rows: floorPairs.map(({ own, floor }) => [(own * 100).toFixed(1), (floor * 100).toFixed(1), times(own / floor)]),
    });
  tables.push(...outcomes.flatMap(sharesTable));
  if (limits.length > 0)
    tables.push({
      title: "Limits",
      head: ["system", "players", "with more"],
      rows: limits.map(({ system, players, failure }) =>
        failure === undefined ? [system, `≥ ${players}`, "not tried"] : [system, `${players}`, failure],
      ),
    });
  if (trials.length > 0)
    tables.push({
      title: "Trials",
      head: ["trial", "found"],
      rows: trials.map((trial) => [trial.trial, findingOf(trial)]),
    });
  return tables;
}

/** Where the processor time went, if that is known. */
function sharesTable(outcome: Outcome): Table[] {
  if (!("figures" in outcome) || outcome.timeShares === undefined) return [];
  const percent = (share: number) => (share * 100).toFixed(1);
  return [
    {
      title: `Where Starwake's processor time goes with ${playersOf(outcome)} players`,
      head: ["whose", "% of a core", "most of it"],
      rows: outcome.timeShares.map(({ whose, share, most }) => [
        whose,
        percent(share),
        most.map((one) => `${one.name} ${percent(one.share)}`).join(", "),
      ]),
    },
  ];
}

function playersOf({ players, rooms }: Outcome): string {
  return rooms > 0 ? `${rooms} × ${Math.round(players / rooms)}` : `${players}`;
}

function figuresRow(outcome: Outcome): string[] {
  const head = [outcome.system, playersOf(outcome)];
  if ("failure" in outcome) return [...head, outcome.failure.split("\n")[0]];
  const { figures } = outcome;
  const { cpu, tickMs, latenessMs, ticksKept, framesKept, bytesPerEntityUpdate, othersInView } = figures;
  return [
    ...head,
    ...[cpuOf(figures), cpu.user, cpu.system].map((part) => (part * 100).toFixed(1)),
    ...[tickMs.p50, latenessMs.p50, latenessMs.p99, latenessMs.max].map((ms) => ms.toFixed(2)),
    ...[ticksKept, framesKept].map((part) => (part * 100).toFixed(1)),
    (figures.bytesPerClientPerSecond / 1000).toFixed(2),
    (figures.controlBytesPerClientPerSecond / 1000).toFixed(2),
    bytesPerEntityUpdate?.toFixed(2) ?? "",
    othersInView?.toFixed(0) ?? "",
    (figures.memoryPerClientBytes / 1024).toFixed(0),
  ];
}

function times(ratio: number): string {
  return `${ratio.toPrecision(2)} ×`;
}

/** For the terminal. A row that is shorter than the head has a sentence at its end. */
export function textOf({ title, head, rows }: Table): string {
  const lines = [head, ...rows];
  const isAligned = (row: readonly string[], column: number) => row.length === head.length || column < row.length - 1;
  const isNumber = (column: number) => rows.every((row) => !isAligned(row, column) || /^[-\d.≥× ]*$/.test(row[column]));
  const width = (column: number) =>
    Math.max(...lines.filter((row) => isAligned(row, column)).map((row) => row[column].length));
  const widths = head.map((_, column) => width(column));
  const aligned = (word: string, column: number) =>
    isNumber(column) ? word.padStart(widths[column]) : word.padEnd(widths[column]);
  return [title, ...lines.map((row) => `  ${row.map(aligned).join("  ").trimEnd()}`)].join("\n");
}

/** What was wrong with measurements, a sentence each. */
export function problemsOf({ outcomes }: Pick<BenchReport, "outcomes">): string[] {
  return outcomes.flatMap((outcome) => {
    const who = `${outcome.system} with ${outcome.players} players`;
    const problems = "failure" in outcome ? [outcome.failure] : outcome.figures.problems;
    return problems.map((problem) => `${who}: ${problem}`);
  });
}
