/**
 * `npm run lab`: plays a scenario in virtual time, tells what was measured, what was broken and how to see just that
 * again. Exit code 1 when a limit or an invariant was broken, or when the command line cannot be run.
 */
import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { htmlOf } from "./html.ts";
import {
  HELP,
  type LabCommandLine,
  type LabSetting,
  lineToSeeAgain,
  loadScenario,
  parseLabOptions,
  settingOf,
} from "./lab-options.ts";
import { Laboratory } from "./laboratory.ts";
import { MEASURES, type Samples } from "./measures.ts";
import { type BrokenInRuns, type LabReport, measuredIn, Sweep } from "./report.ts";
import { brokenLimitLine, settingLine, violationLine } from "./report-lines.ts";
import { tableOf } from "./report-table.ts";
import { SCENARIOS } from "./scenarios.ts";

/** Seen only a while after the tick that it is of, and a round trip. */
const SEEN_AFTER_SECONDS = 1;

const line = parseLabOptions(process.argv.slice(2));
if (line === "help") process.stdout.write(HELP);
else if (line === "list") list();
else if ("problems" in line) refuse(line.problems);
else process.exitCode = await main(line);

async function main(line: LabCommandLine): Promise<number> {
  const scenario = await loadScenario(line.scenario);
  if ("problems" in scenario) return refuse(scenario.problems);
  const setting = settingOf(scenario, line);
  if ("problems" in setting) return refuse(setting.problems);
  const problems = [...unwritable("json", line.json), ...unwritable("html", line.html)];
  if (problems.length > 0) return refuse(problems);
  const { report, sweep, firstRun } = await play(setting, line);
  print(report, sweep.samples, line);
  printBroken(report, line);
  const hasUncheckedLimits = (scenario.limits ?? []).some((limit) => !report.options.limits.includes(limit));
  if (hasUncheckedLimits) console.log(`\nThe limits of ${scenario.name} were not checked: it did not run as written.`);
  if (line.json !== undefined) writeFileSync(line.json, `${JSON.stringify(report, null, 2)}\n`);
  if (line.html !== undefined) writeFileSync(line.html, htmlOf(report, firstRun));
  return report.brokenLimits.length + report.violations.length > 0 ? 1 : 0;
}

async function play(setting: LabSetting, { seed, seeds }: LabCommandLine) {
  const { scenario, hasRewind } = setting;
  const sweep = new Sweep(setting);
  let firstRun: Samples | undefined;
  for (let index = 0; index < seeds; index++) {
    const startMs = performance.now();
    const passed = (seconds: number) => {
      const timesRealTime = seconds / ((performance.now() - startMs) / 1000);
      const of = seeds === 1 ? "" : `, seed ${index + 1} of ${seeds}`;
      progress(`${seconds} of ${scenario.seconds} s${of}, ${timesRealTime.toFixed(1)} times real time`);
    };
    const result = await new Laboratory({ scenario, seed: seed + index, hasRewind, passed }).run();
    firstRun ??= result.samples;
    sweep.add(result);
  }
  progress("");
  return { report: sweep.report(), sweep, firstRun: firstRun! };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function print(report: LabReport, samples: Samples, { client }: LabCommandLine): void {
  console.log(`${report.scenario}: ${report.summary}`);
  console.log(`${settingLine(report)}\n`);
  if (client !== undefined) console.log(`client ${client} alone:`);
  console.log(tableOf(measuredIn(samples, client)));
  const counts = Object.entries(report.counts).map(([name, count]) => `${name} ${count}`);
  if (counts.length > 0) console.log(`\ncounted: ${counts.join(", ")}`);
}

function printBroken(report: LabReport, line: LabCommandLine): void {
  for (const violation of report.violations) {
    const { tick, seed, client } = violation;
    const again = { seed, seconds: secondsPast(tick, report), client: client < 0 ? undefined : client };
    console.log(`\n${violationLine(violation)}\n  again: ${lineToSeeAgain(line, again)}`);
  }
  for (const broken of report.brokenLimits)
    console.log(`\n${brokenLimitLine(broken)}\n  again: ${limitAgain(broken, report, line)}`);
}

function limitAgain({ limit, worst: { seed, first } }: BrokenInRuns, report: LabReport, line: LabCommandLine): string {
  if (first === undefined) return lineToSeeAgain(line, { seed, seconds: report.options.seconds, limit });
  return lineToSeeAgain(line, { seed, seconds: secondsPast(first.tick, report), client: first.client, limit });
}

/** As long as it takes until what is of that tick has been seen. */
function secondsPast(tick: number, { options: { tickRate, network, seconds } }: LabReport): number {
  return Math.min(seconds, Math.ceil(tick / tickRate + network.rttMs / 1000 + SEEN_AFTER_SECONDS));
}

function list(): void {
  const named = (each: Readonly<Record<string, string>>) => {
    const width = Math.max(...Object.keys(each).map((name) => name.length));
    return Object.entries(each).map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  };
  const summaries = Object.values(SCENARIOS).map(({ name, summary }) => [name, summary]);
  const measures = Object.entries(MEASURES).map(([name, { help, summary, better }]) => [
    name,
    `${help} (${summary}, ${better} is better)`,
  ]);
  console.log(["Scenarios:", ...named(Object.fromEntries(summaries))].join("\n"));
  console.log(["\nMeasures:", ...named(Object.fromEntries(measures))].join("\n"));
}

/** A long run must not end without a place for its report. */
function unwritable(option: string, file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
    return [];
  } catch (error) {
    return [`--${option}: ${file} cannot be written: ${(error as Error).message}`];
  }
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  console.error("npm run lab -- --help lists the options");
  process.exitCode = 1;
  return 1;
}
