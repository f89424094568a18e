/**
 * A siege: a server of its own, honest players on it, an attack beside them, and all that is seen of it. Whatever happens,
 * the server is ended.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { RoomWish } from "@starwake/shared/engine/protocol.ts";
import { ownCpuMs } from "../bench/process-accounts.ts";
import { type Metrics, ticksBetween } from "../bots/server-metrics.ts";
import { AttackedServer } from "./attacked-server.ts";
import type { AttackCounts } from "./field.ts";
import type { CoreShares, Figures, Holdings } from "./figures.ts";
import { Honest } from "./honest.ts";
import { isFreed } from "./verdict.ts";

export type Siege = {
  readonly title: string;
  readonly seed: number;
  /** Flags for the server; its defaults are what is attacked. */
  readonly serverArgs?: readonly string[];
  /** Where each of the honest plays. */
  readonly honest: readonly RoomWish[];
  /** Where newcomers look in, by turns. */
  readonly newcomers: readonly RoomWish[];
  /** How long is waited for what the marks ask for; STRICT unless said otherwise. */
  readonly patience?: Patience | undefined;
  /** Attacks until it is done or the signal tells that the server has ended. */
  attack(server: AttackedServer, ended: AbortSignal): Promise<AttackCounts>;
  /** Told a few words now and then. */
  progress(words: string): void;
  /** What attackers have done by now, in a few words. */
  words(): string;
};

export type Patience = {
  /** What attackers held must be free again, and everybody honest play again, after so long. */
  readonly freeWithinMs: number;
  /** A newcomer who has seen nothing by then is not let in. */
  readonly newcomerMs: number;
};

/** What a server that has a machine to itself is held to. */
const STRICT: Patience = { freeWithinMs: 5_000, newcomerMs: 30_000 };
/** Ends what hangs: for tests, whose verdict must be the same on any machine. */
export const ENDLESS: Patience = { freeWithinMs: 240_000, newcomerMs: 240_000 };

const TICK_RATE = 60;
const SETTLE_MS = 2_000;
const SAMPLE_MS = 1_000;
const SAMPLES_A_WORD = 5;
const FIRST_NEWCOMER_MS = 500;
const NEWCOMER_INTERVAL_MS = 10_000;

export async function besiege(siege: Siege): Promise<Figures> {
  const server = await AttackedServer.start(siege.serverArgs ?? []);
  const honest = new Honest(server.url, siege.seed);
  try {
    await honest.join(siege.honest);
    await pause(SETTLE_MS);
    return await watch(siege, server, honest);
  } finally {
    honest.leave();
    await server.end();
  }
}

async function watch(siege: Siege, server: AttackedServer, honest: Honest): Promise<Figures> {
  const { freeWithinMs } = siege.patience ?? STRICT;
  const before = await server.holdings(honest.links);
  const metricsBefore = await server.metrics();
  const startMs = performance.now();
  const coreBefore = coreSecondsOf(server);
  const ended = new AbortController();
  const isOver = { yet: false };
  honest.begin();
  const memoryBytes = sampleMemory(siege, server, honest, isOver, ended);
  const visits = receiveNewcomers(siege, honest, isOver);
  const attackers = await siege.attack(server, ended.signal);
  const endMs = performance.now();
  isOver.yet = true;
  const seconds = (endMs - startMs) / 1000;
  const coreAfter = coreSecondsOf(server);
  const metrics = await server.metrics();
  const honestFigures = honest.figures();
  // Whoever looked in last is to be gone before it is counted what is left.
  await visits;
  const after = await freed(server, honest, before, endMs + freeWithinMs);
  await allPlay(server, honest, freeWithinMs);
  const { ending, errorLines, lastWords, pid } = server;
  return {
    title: siege.title,
    seconds,
    attackers,
    server: {
      ...{ pid, ending, errorLines, lastWords, tickRate: TICK_RATE },
      ...countedBetween(metricsBefore, metrics, seconds),
      coreShares: {
        server: (coreAfter.server - coreBefore.server) / seconds,
        honest: (coreAfter.honest - coreBefore.honest) / seconds,
      },
    },
    honest: { ...honestFigures, playingAfterwards: honest.playing },
    newcomers: honest.newcomerFigures,
    memoryBytes: await memoryBytes,
    before,
    after,
    refusals: refusalsBetween(metricsBefore, metrics),
  };
}

type Ending = { yet: boolean };

async function sampleMemory(
  { progress, words }: Siege,
  server: AttackedServer,
  honest: Honest,
  isOver: Ending,
  ended: AbortController,
): Promise<number[]> {
  const samples: number[] = [];
  while (!isOver.yet) {
    if (server.ending !== undefined && !ended.signal.aborted) ended.abort();
    const { residentBytes } = server;
    if (residentBytes > 0) samples.push(residentBytes);
    if (samples.length % SAMPLES_A_WORD === 0)
      progress(`${honest.playing} play, ${Math.round(residentBytes / 1e6)} MB; ${words()}`);
    await pause(SAMPLE_MS);
  }
  return samples;
}

async function receiveNewcomers(
  { newcomers, patience = STRICT }: Siege,
  honest: Honest,
  isOver: Ending,
): Promise<void> {
  const visits: Promise<void>[] = [];
  const receive = () => visits.push(honest.newcomer(newcomers[visits.length % newcomers.length], patience.newcomerMs));
  await pause(FIRST_NEWCOMER_MS);
  // One at least, even where the attack is over before anybody comes to look.
  receive();
  for (let dueMs = performance.now() + NEWCOMER_INTERVAL_MS; !isOver.yet; await pause(100)) {
    if (performance.now() < dueMs) continue;
    dueMs += NEWCOMER_INTERVAL_MS;
    receive();
  }
  await Promise.all(visits);
}

/** What is held when it is as little as before, or the time is up. */
async function freed(
  server: AttackedServer,
  honest: Honest,
  before: Holdings | undefined,
  deadlineMs: number,
): Promise<Holdings | undefined> {
  for (;;) {
    const holdings = await server.holdings(honest.links);
    if (isFreed(before, holdings) || performance.now() > deadlineMs) return holdings;
    await pause(100);
  }
}

/** Whoever was lost comes back by themselves: they are given as much time as the rest. */
async function allPlay(server: AttackedServer, honest: Honest, freeWithinMs: number): Promise<void> {
  const deadlineMs = performance.now() + freeWithinMs;
  while (honest.playing < honest.count && server.ending === undefined && performance.now() < deadlineMs)
    await pause(100);
}

function countedBetween(before: Metrics | undefined, after: Metrics | undefined, seconds: number) {
  if (before === undefined || after === undefined)
    return { handlersFailed: Number.NaN, ticksDropped: Number.NaN, latenessMsP99: Number.NaN };
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  return {
    handlersFailed: grown('starwake_refusals_total{reason="handler-failed"}'),
    ticksDropped: grown("starwake_ticks_dropped_total"),
    latenessMsP99: ticksBetween(before, after, seconds).lateMsP99,
  };
}

function coreSecondsOf(server: AttackedServer): CoreShares {
  return { server: server.coreSeconds, honest: ownCpuMs("process") / 1000 };
}

const REFUSAL = /^starwake_refusals_total\{reason="(.+)"\}$/;

function refusalsBetween(before: Metrics | undefined, after: Metrics | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [key, value] of after ?? []) {
    const reason = REFUSAL.exec(key)?.[1];
    if (reason !== undefined) counts[reason] = value - (before?.get(key) ?? 0);
  }
  return counts;
}
