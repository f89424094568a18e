/**
 * `npm run bench`: Starwake's server beside its peers. Progress goes to stderr, tables to stdout; exit code 1 when it
 * could not be run, or with --check when a mark is missed.
 */
import { writeFile } from "node:fs/promises";
import { type BenchOptions, HELP, parseBenchOptions } from "./bench-options.ts";
import { BenchRun } from "./bench-run.ts";
import { judge } from "./check.ts";
import { expectedSeconds } from "./duration.ts";
import { thisMachine, whyNot } from "./machine.ts";
import { ensurePeersInstalled, peerVersions } from "./peer-install.ts";
import { endAll } from "./pinned-process.ts";
import type { BenchReport } from "./report.ts";
import { pageOf } from "./report-page.ts";
import { problemsOf, tablesOf, textOf } from "./report-table.ts";

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.on(signal, () => {
    endAll();
    process.exit(code);
  });
process.on("exit", endAll);

const options = parseBenchOptions(process.argv.slice(2));
if (options === "help") process.stdout.write(HELP);
else if ("problems" in options) refuse([...options.problems, "npm run bench -- --help lists the options"]);
else {
  const problem = whyNot();
  if (problem !== undefined) refuse([problem]);
  else process.exitCode = await bench(options).catch((error: Error) => refuse([error.message]));
}
process.exit();

function refuse(lines: readonly string[]): number {
  for (const line of lines) console.error(line);
  process.exitCode = 1;
  return 1;
}

async function bench(options: BenchOptions): Promise<number> {
  const { players, rooms, floorPairs: pairs, findLimit } = options;
  if (players.length > 0 || rooms !== undefined || pairs > 0 || findLimit)
    ensurePeersInstalled((line) => console.error(line));
  const run = new BenchRun(options, progressOf(options));
  const outcomes = [...(await run.measureAll()), ...(await run.measureRooms())];
  const floorPairs = await run.measureFloorPairs();
  const trials = await run.runTrials();
  const limits = findLimit ? await run.findLimits() : [];
  const { seconds, warmUpSeconds, others, seed } = options;
  const setting = { seconds, warmUpSeconds, others, seed };
  const about = { machine: thisMachine(), versions: peerVersions(), setting };
  const report: BenchReport = { ...about, outcomes, floorPairs, limits, trials };
  await write(report, options);
  return options.check ? check(report) : 0;
}

/** Says how long it will take, and then of each line how much of that is over. */
function progressOf(options: BenchOptions): (what: string) => void {
  const expected = (expectedSeconds(options) / 60).toFixed(0);
  const beginMs = performance.now();
  console.error(`This takes about ${expected} min.`);
  return (what) => {
    const minutes = (performance.now() - beginMs) / 60_000;
    console.error(`[${minutes.toFixed(0)} of about ${expected} min] ${what}`);
  };
}

async function write(report: BenchReport, { json, html }: BenchOptions): Promise<void> {
  const { cpu, cores, node, kernel } = report.machine;
  console.log(`${cpu}, ${cores} cores, ${kernel}, Node ${node}\n`);
  for (const table of tablesOf(report)) console.log(`${textOf(table)}\n`);
  for (const problem of problemsOf(report)) console.log(`! ${problem}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  if (html !== undefined) await writeFile(html, pageOf(report));
}

/** Says of each mark whether it was held. */
function check(report: BenchReport): number {
  const verdicts = judge(report);
  const words = new Map([
    [true, "held"],
    [false, "MISSED"],
    [undefined, "open"],
  ]);
  for (const { line, mark, isHeld, finding } of verdicts)
    console.log(`${words.get(isHeld)?.padEnd(6)}  ${line}  ${mark} (${finding})`);
  const isAnyJudged = verdicts.some(({ isHeld }) => isHeld !== undefined);
  if (!isAnyJudged) console.error("--check judged nothing: what was measured is no mark's");
  return isAnyJudged && verdicts.every(({ isHeld }) => isHeld !== false) ? 0 : 1;
}
