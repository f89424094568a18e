/**
 * `npm run bots`: headless players over real sockets, each flying and fighting; a line while they play, a summary at
 * the end, exit code 1 when any could not join or was dropped. Ctrl-C while they play brings the summary at once.
 */
import { writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Match } from "@starwake/client/engine/match.ts";
import { Bot } from "./bot.ts";
import { type BotOptions, HELP, parseBotOptions } from "./options.ts";
import { explainRefusal, passesInSeconds } from "./refusal-help.ts";
import { type Report, type Second, summarise } from "./report.ts";
import { type MetricsReading, readTimedMetrics, ticksBetweenReadings } from "./server-metrics.ts";

const UPDATE_INTERVAL_MS = 6;
const JOIN_LOOK_MS = 100;
const JOIN_SPACING_MS = 15;
const SETTLE_MS = 1_000;
const LINE_INTERVAL_MS = 1_000;

const options = parseBotOptions(process.argv.slice(2), process.env);
if (options === "help") process.stdout.write(HELP);
else if ("problems" in options) {
  for (const problem of options.problems) console.error(problem);
  console.error("npm run bots -- --help lists the options");
  process.exitCode = 1;
} else process.exitCode = await play(options);
process.exit();

async function play(options: BotOptions): Promise<number> {
  const bots: Bot[] = [];
  let isOver = false;
  const flying = fly(bots, () => isOver);
  await join(bots, options);
  const joined = bots.filter(({ match }) => match !== undefined).length;
  if (joined < options.count) explain(bots, options);
  await pause(SETTLE_MS);
  const report = joined === 0 ? undefined : await observe(bots, options);
  isOver = true;
  await flying;
  for (const { client } of bots) client.leave();
  await pause(200);
  if (report === undefined) return 1;
  print(report);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.joined < options.count || report.dropped > 0 ? 1 : 0;
}

/** Keeps all bots going until it is over. */
async function fly(bots: readonly Bot[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    for (const bot of bots) bot.update();
    await pause(UPDATE_INTERVAL_MS);
  }
}

async function join(bots: Bot[], { count, url, room, seed, patience }: BotOptions): Promise<void> {
  for (let index = 0; index < count; index++) {
    const wish = room === undefined ? ({ kind: "quick" } as const) : ({ kind: "code", code: room } as const);
    bots.push(new Bot({ url, room: wish, name: `Bot ${index + 1}`, seed: seed * 10_007 + index }));
    await pause(JOIN_SPACING_MS);
  }
  // Counted in looks: where the bots themselves stood still, it takes longer.
  const mostLooks = (patience * 1000) / JOIN_LOOK_MS;
  let [settled, most] = [0, 0];
  for (let look = 0; settled < count && look < mostLooks; look++) {
    settled = bots.filter(isSettled).length;
    // More than ever: who goes and comes back is no sign that others come in.
    if (settled > most) look = 0;
    most = Math.max(most, settled);
    progress(`joining: ${settled} of ${count}`);
    await pause(JOIN_LOOK_MS);
  }
}

/** Whether waiting longer changes nothing: the bot plays, or is kept out by a limit that it cannot wait out. */
function isSettled({ match, refusal }: Bot): boolean {
  return match !== undefined || (refusal !== undefined && !passesInSeconds(refusal));
}

function explain(bots: readonly Bot[], { url }: BotOptions): void {
  const reasons = bots.flatMap(({ match, refusal }) =>
    match !== undefined ? [] : [refusal === undefined ? "no answer" : explainRefusal(refusal)],
  );
  for (const reason of new Set(reasons))
    console.error(`\n${reasons.filter((other) => other === reason).length} could not join ${url}: ${reason}`);
}

/** Watches the bots play for the set time. Rates are of that time alone; ratios are of all of each bot's match. */
async function observe(bots: readonly Bot[], { url, seconds, metricsToken }: BotOptions): Promise<Report> {
  const before = await metricsOf(url, metricsToken);
  const lossesBefore = bots.map(({ client }) => client.losses);
  const eachSecond: Second[] = [];
  const startMs = performance.now();
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  for (let second = 1; second <= seconds && !stopped.signal.aborted; second++) {
    const since = bots.map(({ match }) => ({ match, ...stateOf(match) }));
    await pause(LINE_INTERVAL_MS, undefined, { signal: stopped.signal }).catch(() => {});
    bots.forEach(({ match }, index) => {
      // Who lost the connection meanwhile has a new match, whose counts begin anew.
      if (match !== undefined && match === since[index].match)
        eachSecond.push(ratesSince(since[index], stateOf(match)));
    });
    const playing = bots.filter(({ match }) => match !== undefined).length;
    progress(
      `${second} of ${seconds} s: ${playing} playing, ${Math.round(recentMean(eachSecond, bots.length))} frames/s each`,
    );
  }
  const elapsed = (performance.now() - startMs) / 1000;
  const after = before && (await metricsOf(url, metricsToken));
  const dropped = bots.filter(
    ({ client, match }, index) => match === undefined || client.losses > lossesBefore[index],
  ).length;
  return summarise(bots, elapsed, eachSecond, dropped, before && after && ticksBetweenReadings(before, after));
}

async function metricsOf(url: string, token: string | undefined): Promise<MetricsReading | undefined> {
  const reading = await readTimedMetrics(url, () => performance.now(), token);
  if (reading !== "forbidden") return reading;
  console.error(
    token === undefined
      ? "the server tells its metrics on its own machine alone: --metrics-token TOKEN shows them, where it was given one"
      : "the server does not know this metrics token",
  );
  return undefined;
}

type Reading = { readonly atMs: number; readonly frames: number; readonly bytes: number };

function stateOf(match: Match | undefined): Reading {
  return { atMs: performance.now(), frames: match?.counts.frames ?? 0, bytes: match?.counts.downBytes ?? 0 };
}

function ratesSince(before: Reading, now: Reading): Second {
  const perSecond = 1000 / (now.atMs - before.atMs);
  return {
    framesPerSecond: (now.frames - before.frames) * perSecond,
    bytesPerSecond: (now.bytes - before.bytes) * perSecond,
  };
}

function recentMean(eachSecond: readonly Second[], count: number): number {
  return (
    eachSecond.slice(-count).reduce((sum, { framesPerSecond }) => sum + framesPerSecond, 0) /
    Math.max(1, Math.min(count, eachSecond.length))
  );
}

function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
  else console.log(line);
}

function print(report: Report): void {
  console.log("");
  for (const [name, value] of Object.entries(report)) console.log(`${name.padEnd(22)} ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  if (value === undefined) return "unknown";
  return Object.entries(value as object)
    .map(([name, part]) => `${name} ${shown(part)}`)
    .join(", ");
}
