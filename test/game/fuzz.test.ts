/**
 * A hundred thousand fuzzed frames against Starwake as a host runs it, over connections with a seat and without, while
 * one honest player plays in the room that the fuzzers come into. FUZZ_SEED repeats a run.
 */
import { expect, onTestFinished, test } from "vitest";
import type { Metrics } from "../bots/server-metrics.ts";
import { attack } from "../support/fuzz-attack.ts";
import { seatHonestPlayer, startLiveServer } from "../support/live-server.ts";

const FUZZ_SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const FRAMES = 100_000;
const CONNECTIONS = 6;
const TICK_RATE = 60;
const ROOM = ["--seed", "7", "--capacity", "512", "--pilots", "4", "--tick-rate", `${TICK_RATE}`];
/** The part of its ticks that a server must keep, on a machine with other things to do. */
const LEAST_PART = 0.9;
const OUTCOMES = ["on_time", "missing", "late", "refused"];
const REASONS = ["malformed", "unknown-event", "flooding", "name-refused", "not-joined"];

test(`${FRAMES} fuzzed frames cost the server no tick and the honest player nothing [FUZZ_SEED=${FUZZ_SEED}]`, {
  timeout: 120_000,
}, async () => {
  const live = await startLiveServer(ROOM);
  onTestFinished(async () => void (await live.stop()));
  const honest = await seatHonestPlayer(live);
  onTestFinished(honest.leave);
  const [before, startMs] = [await live.metrics(), performance.now()];

  const thrown = await attack({ url: live.url, seed: FUZZ_SEED, frames: FRAMES, connections: CONNECTIONS });

  const [after, seconds] = [await live.metrics(), (performance.now() - startMs) / 1000];
  expect(thrown.frames).toBeGreaterThanOrEqual(FRAMES);
  expect((await fetch(`${live.url}/healthz`)).status).toBe(200);
  expect(ticksBetween(before, after) / (seconds * TICK_RATE)).toBeGreaterThan(LEAST_PART);
  for (const outcome of OUTCOMES) expect(growth(before, after, "commands", "outcome", outcome)).toBeGreaterThan(0);
  for (const reason of REASONS) expect(growth(before, after, "refusals", "reason", reason)).toBeGreaterThan(0);
  expect(growth(before, after, "refusals", "reason", "handler-failed")).toBe(0);
  await honest.expectToPlayOn();
});

/** Ticks of the room that ran, and those that were due but dropped. */
function ticksBetween(before: Metrics, after: Metrics): number {
  const names = ["starwake_ticks_total", "starwake_ticks_dropped_total"];
  return names.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0);
}

function growth(before: Metrics, after: Metrics, what: string, label: string, value: string): number {
  const name = `starwake_${what}_total{${label}="${value}"}`;
  return (after.get(name) ?? 0) - (before.get(name) ?? 0);
}
