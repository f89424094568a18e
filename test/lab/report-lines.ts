/** A report's sentences: what was run, and what was broken where. */
import type { BrokenInRuns, LabReport } from "./report.ts";
import { shown } from "./report-table.ts";

/** A line of what was run. */
export function settingLine({ options, seeds }: LabReport): string {
  const { players, seconds, mapSize, network, tickRate, frameRate, hasRewind } = options;
  const { rttMs, jitterMs, loss } = network;
  const seed = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
  return [
    `${players} players`,
    `${seconds} s`,
    `${shown(mapSize)} units a side`,
    `${rttMs}±${jitterMs} ms and ${shown(loss * 100)} % loss`,
    `${tickRate} ticks and ${frameRate} frames a second`,
    ...(hasRewind ? [] : ["no rewind"]),
    seed,
  ].join(", ");
}

export function brokenLimitLine({ limit, value, worst }: BrokenInRuns): string {
  const { first, seed } = worst;
  const inSeed = worst.value === value ? ` in seed ${seed}` : `; ${shown(worst.value)} in seed ${seed}`;
  const place = first && `, first at tick ${first.tick} (${shown(first.seconds)} s), client ${first.client}`;
  return `${limit} is broken: ${shown(value)}${inSeed}${place ?? ""}`;
}

export function violationLine({ rule, tick, client, detail, seed }: LabReport["violations"][number]): string {
  return `${rule} is broken at tick ${tick}${client < 0 ? "" : `, client ${client}`}, seed ${seed}: ${detail}`;
}
