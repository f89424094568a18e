/**
 * `npm run real-network`: the game over a path that is really bad, with the kernel's own TCP at both ends; the laboratory's
 * figures, to be held against the laboratory's.
 *
 * Next: profiles.ts, what the paths are like; run.ts, one run over one of them.
 */
import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SEARCH_PATH } from "../support/programs.ts";
import { endAll } from "./children.ts";
import { type Figures, figuresOf, spreadOf } from "./figures.ts";
import { JOINERS, measureJoins } from "./joins.ts";
import { isRunning, removeOwnNamespaces, removeStaleNamespaces } from "./namespaces.ts";
import { HELP, parseRealNetworkOptions, type RealNetworkOptions } from "./options.ts";
import { PROFILES, type Profile, type ProfileName } from "./profiles.ts";
import type { RawRun } from "./raw-run.ts";
import { compileRelay, removeStaleRelays } from "./relay.ts";
import { playRun } from "./run.ts";
import { lacking, lookAround } from "./surroundings.ts";
import { type JoinFigures, joinTableOf, tableOf } from "./table.ts";

const CANNOT_RUN = 2;
/** As a shell has it of a program that Ctrl-C ended. */
const INTERRUPTED = 130;
/** What a run takes beside its seconds: to start, to join, to end; and how long it may take on a machine with other work. */
const BESIDE_SECONDS = 8;
const MOST_BESIDE_SECONDS = 300;
/** A join of one address, with the pause after it. */
const JOIN_SECONDS = 2.5;

type Row<Of> = readonly [profile: ProfileName, figures: Of];

const options = parseRealNetworkOptions(process.argv.slice(2));
if (options === "help") process.stdout.write(HELP);
else if ("problems" in options) {
  for (const problem of options.problems) console.error(problem);
  console.error("npm run real-network -- --help lists the options");
  process.exitCode = 1;
} else process.exitCode = await main(options).catch(explain);
process.exit();

async function main(line: RealNetworkOptions): Promise<number> {
  const around = lookAround();
  const problem = lacking(around, line.congestion) ?? unwritable(line.out);
  if (problem !== undefined) {
    console.error(`npm run real-network cannot run here: ${problem}`);
    return CANNOT_RUN;
  }
  process.env.PATH = SEARCH_PATH;
  removeStaleRelays(isRunning);
  const relay = compileRelay(around.compiler!);
  process.on("exit", () => {
    endAll();
    removeOwnNamespaces();
    relay.remove();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(INTERRUPTED));
  for (const name of removeStaleNamespaces()) progress(`removed ${name}, whose maker is gone`);
  endAfter(line);
  return line.joins === undefined ? play(line, relay.program) : join(line, line.joins, relay.program);
}

async function play(line: RealNetworkOptions, relay: string): Promise<number> {
  const { profiles, repeats, seconds, players, seed, congestion } = line;
  const rows: Row<Figures>[] = [];
  const runs: { profile: ProfileName; seed: number; figures: Figures }[] = [];
  for (const name of profiles) {
    const raw: RawRun[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const of = repeats === 1 ? name : `${name}, run ${repeat + 1} of ${repeats}`;
      progress(`${of}: begins`);
      const setting = { profile: PROFILES[name] as Profile, players, seconds, seed: seed + repeat, congestion, relay };
      raw.push(await playRun(setting, (passed) => passing(`${of}: ${passed} of ${seconds} s`)));
      runs.push({ profile: name, seed: setting.seed, figures: figuresOf(raw.slice(-1)) });
    }
    rows.push([name, figuresOf(raw)]);
  }
  progress("done");
  console.log(`${players} players, ${seconds} s, TCP ${congestion}, seed ${seed}${repeats === 1 ? "" : ` and on`}\n`);
  console.log(tableOf(rows));
  report(line, { figures: Object.fromEntries(rows), runs });
  return rows.some(([, { joined, players: all, dropped }]) => joined < all || dropped > 0) ? 1 : 0;
}

async function join(line: RealNetworkOptions, joins: number, relay: string): Promise<number> {
  const { profiles, repeats, seed, congestion } = line;
  const rows: Row<JoinFigures>[] = [];
  for (const name of profiles) {
    const times: (number | undefined)[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const setting = { profile: PROFILES[name], seed: seed + repeat, congestion, relay };
      progress(`${name}: begins`);
      times.push(...(await measureJoins(setting, joins, (done) => passing(`${name}: ${done} of ${joins} joins`))));
    }
    const done = times.filter((ms) => ms !== undefined);
    rows.push([name, { joinMs: spreadOf(done), failed: times.length - done.length }]);
  }
  progress("done");
  console.log(
    `${joins * repeats} joins a profile, TCP ${congestion}, from opening the connection to the first picture\n`,
  );
  console.log(joinTableOf(rows));
  report(line, { joins: Object.fromEntries(rows) });
  return rows.some(([, { failed }]) => failed > 0) ? 1 : 0;
}

function report({ out, ...setting }: RealNetworkOptions, found: object): void {
  if (out !== undefined) writeFileSync(out, `${JSON.stringify({ setting, ...found }, null, 2)}\n`);
}

/** Says how long it will take, and ends what hangs. */
function endAfter({ profiles, repeats, seconds, joins }: RealNetworkOptions): void {
  const runs = profiles.length * repeats;
  const each = joins === undefined ? seconds : Math.ceil(joins / JOINERS) * JOIN_SECONDS;
  progress(`${runs} ${runs === 1 ? "run" : "runs"}, about ${Math.ceil((runs * (each + BESIDE_SECONDS)) / 60)} min`);
  const most = runs * (2 * each + MOST_BESIDE_SECONDS);
  setTimeout(() => {
    console.error(`not done after ${most} s: something hangs`);
    process.exit(1);
  }, most * 1000).unref();
}

/** On a terminal each second stands where the one before stood; elsewhere it is left out. */
function passing(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${words}`);
}

function progress(words: string): void {
  passing("");
  console.error(words);
}

/** A long run must not end without a place for its report. */
function unwritable(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
    return undefined;
  } catch {
    return `--out: nothing can be written to ${dirname(resolve(file))}`;
  }
}

function explain(error: unknown): number {
  const { message, stderr } = error as Error & { stderr?: Buffer | string };
  console.error(stderr ? `${message.split("\n")[0]}\n${stderr}`.trim() : message);
  return 1;
}
