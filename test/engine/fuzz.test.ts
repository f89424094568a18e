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
/** The attack in so many parts, after each of which the server and the honest player must have gone on. */
const PARTS = 10;
const MOST_MEMORY_BYTES = 600e6;
const OFTEN = { interval: 20 };

test(`${FRAMES} fuzzed frames stop neither the tick nor an honest player (FUZZ_SEED=${FUZZ_SEED})`, async () => {
  const { url } = await startServer(ROOM);
  const honest = openHonest(url);
  await expect.poll(() => honest.match?.counts.frames ?? 0, OFTEN).toBeGreaterThan(0);
  const match = honest.match!;
  const ticks = async () => (await readMetrics(url)).get("starwake_ticks_total")!;
  const before = await readMetrics(url);

  for (let part = 0; part < PARTS; part++) {
    const at = { frames: match.counts.frames, ticks: await ticks() };
    const seed = FUZZ_SEED + part;
    const thrown = await attack({ url, seed, frames: FRAMES / PARTS, connections: CONNECTIONS });
    expect(thrown.frames).toBeGreaterThanOrEqual(FRAMES / PARTS);
    // Counted, and not held against a clock: a machine with other work has fewer of both.
    await expect.poll(() => match.counts.frames, OFTEN).toBeGreaterThan(at.frames);
    await expect.poll(ticks, OFTEN).toBeGreaterThan(at.ticks);
  }

  const metrics = await readMetrics(url);
  expect(refusals(metrics) - refusals(before)).toBeGreaterThan(FRAMES / 4);
  expect(metrics.get('starwake_refusals_total{reason="handler-failed"}')).toBeUndefined();
  expect(metrics.get("process_resident_memory_bytes")).toBeLessThan(MOST_MEMORY_BYTES);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  const { frames } = match.counts;
  await expect.poll(() => match.counts.frames - frames, OFTEN).toBeGreaterThan(FRAME_RATE);
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
