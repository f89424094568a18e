/**
 * The bots' report: what the players of a server felt, in numbers.
 */
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import type { Bot } from "./bot.ts";
import type { ServerTick } from "./server-metrics.ts";

export type Report = {
  readonly players: number;
  readonly seconds: number;
  readonly joined: number;
  readonly dropped: number;
  /** Each bot's frames in each second. */
  readonly framesPerSecond: { readonly mean: number; readonly p01: number };
  readonly rttMs: { readonly p50: number; readonly p99: number };
  /** Frames' bytes of each bot in each second. */
  readonly downBytesPerSecond: { readonly mean: number; readonly p99: number };
  /** Frame bytes less head and own block, over moving entities in view times frames. */
  readonly bytesPerEntityUpdate: number;
  readonly commandsOnTime: number;
  readonly mispredictedTicks: number;
  readonly correctionUnits: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly starvedTime: number;
  readonly visibleEntities: { readonly mean: number; readonly max: number };
  readonly serverTick: ServerTick | undefined;
};

/** One bot's frames and bytes in about a second. */
export type Second = { readonly framesPerSecond: number; readonly bytesPerSecond: number };

export function summarise(
  bots: readonly Bot[],
  seconds: number,
  eachSecond: readonly Second[],
  dropped: number,
  serverTick: ServerTick | undefined,
): Report {
  const matches = bots.flatMap(({ match }) => match ?? []);
  const total = (pick: (match: (typeof matches)[number]) => number) =>
    matches.reduce((sum, match) => sum + pick(match), 0);
  const commands = bots.flatMap(({ client }) => client.commandCounts ?? []);
  const onTime = commands.reduce((sum, counts) => sum + counts.onTime, 0);
  const missing = commands.reduce((sum, counts) => sum + counts.missing, 0);
  const corrections = matches.flatMap(({ counts }) =>
    counts.correctionQuanta.map((quanta) => quanta / QUANTA_PER_UNIT),
  );
  const rtts = bots.flatMap(({ client }) => client.rttSamplesMs);
  const rates = eachSecond.map(({ framesPerSecond }) => framesPerSecond);
  const bytes = eachSecond.map(({ bytesPerSecond }) => bytesPerSecond);
  return {
    players: bots.length,
    seconds,
    joined: matches.length,
    dropped,
    framesPerSecond: { mean: mean(rates), p01: quantile(rates, 0.01) },
    rttMs: { p50: quantile(rtts, 0.5), p99: quantile(rtts, 0.99) },
    downBytesPerSecond: { mean: mean(bytes), p99: quantile(bytes, 0.99) },
    bytesPerEntityUpdate: ratio(
      total(({ counts }) => counts.chunkBytes),
      total(({ counts }) => counts.entityUpdates),
    ),
    commandsOnTime: ratio(onTime, onTime + missing),
    mispredictedTicks: ratio(
      total(({ prediction }) => prediction.mispredictedTicks),
      total(({ prediction }) => prediction.comparedTicks),
    ),
    correctionUnits: {
      p50: quantile(corrections, 0.5),
      p99: quantile(corrections, 0.99),
      max: quantile(corrections, 1),
    },
    starvedTime: ratio(
      total(({ renderClock }) => renderClock.starvedMs),
      total(({ renderClock }) => renderClock.elapsedMs),
    ),
    visibleEntities: {
      mean: ratio(
        total(({ counts }) => counts.entityUpdates),
        total(({ counts }) => counts.frames),
      ),
      max: Math.max(0, ...matches.map(({ counts }) => counts.visibleMost)),
    },
    serverTick,
  };
}

/** 0 of nothing is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The value below which a part of the values lie; 0 when there are none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
