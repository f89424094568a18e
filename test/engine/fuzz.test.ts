/**
 * A hundred thousand fuzzed frames against the server as a host runs it, while one honest client plays in the room that
 * the fuzzers come into. FUZZ_SEED repeats a run.
 */
import { expect, onTestFinished, test } from "vitest";
import { Bot } from "../bots/bot.ts";
import { type Metrics, parseMetrics } from "../bots/server-metrics.ts";
import { attack } from "../support/fuzz-attack.ts";
import { startServer } from "../support/server-process.ts";

const FUZZ_SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const FRAMES = 100_000;
const CONNECTIONS = 6;
const TICK_RATE = 60;
const FRAME_RATE = 30;
const ROOM = [
  "--seed",
  "7",
  "--capacity",
  "16",
  "--pilots",
  "4",
  "--tick-rate",
  `${TICK_RATE}`,
  "--frame-rate",
  `${FRAME_RATE}`,
];
/** The part of its frames and ticks that a machine with other things to do must still bring forth. */
const LEAST_PART = 0.6;
const MOST_MEMORY_BYTES = 600e6;
const PATIENCE = { interval: 20, timeout: 10_000 };

test(`${FRAMES} fuzzed frames stop neither the tick nor an honest player (FUZZ_SEED=${FUZZ_SEED})`, {
  timeout: 120_000,
}, async () => {
  const { url } = await startServer(ROOM);
  const honest = openHonest(url);
  await expect.poll(() => honest.match?.counts.frames ?? 0, PATIENCE).toBeGreaterThan(0);
  const match = honest.match!;
  const before = { metrics: await readMetrics(url), frames: match.counts.frames, atMs: performance.now() };

  const thrown = await attack({ url, seed: FUZZ_SEED, frames: FRAMES, connections: CONNECTIONS });
  expect(thrown.frames).toBeGreaterThanOrEqual(FRAMES);

  const metrics = await readMetrics(url);
  const seconds = (performance.now() - before.atMs) / 1000;
  const grown = (name: string) => metrics.get(name)! - (before.metrics.get(name) ?? 0);
  expect(refusals(metrics)).toBeGreaterThan(FRAMES / 4);
  expect(metrics.get('starwake_refusals_total{reason="handler-failed"}')).toBeUndefined();
  expect(grown("starwake_ticks_total")).toBeGreaterThan(LEAST_PART * TICK_RATE * seconds);
  expect(match.counts.frames - before.frames).toBeGreaterThan(LEAST_PART * FRAME_RATE * seconds);
  expect(metrics.get("process_resident_memory_bytes")).toBeLessThan(MOST_MEMORY_BYTES);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  const { frames } = match.counts;
  await expect.poll(() => match.counts.frames - frames, PATIENCE).toBeGreaterThan(FRAME_RATE);
  expect([honest.match, honest.client.losses, match.counts.malformedFrames]).toEqual([match, 0, 0]);
});

/** A bot as any other, updated once a tick. */
function openHonest(url: string): Bot {
  const bot = new Bot({ url, name: "Honest", room: { kind: "quick" }, seed: 1 });
  const updating = setInterval(() => bot.update(), 1000 / TICK_RATE);
  onTestFinished(() => {
    clearInterval(updating);
    bot.client.leave();
  });
  return bot;
}

async function readMetrics(url: string): Promise<Metrics> {
  return parseMetrics(await (await fetch(`${url}/metrics`)).text());
}

function refusals(metrics: Metrics): number {
  let sum = 0;
  for (const [name, value] of metrics) if (name.startsWith("starwake_refusals_total")) sum += value;
  return sum;
}
