/** A report's sentences: what was run, and what was broken where. */
import type { BrokenInRuns, LabReport } from "./report.ts";
import { shown } from "./report-table.ts";
import type { Network } from "./scenario.ts";

/** A line of what was run. */
export function settingLine({ options, seeds }: LabReport): string {
  const { players, seconds, mapSize, network, tickRate, frameRate, hasRewind } = options;
  const seed = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
  return [
    `${players} players`,
    `${seconds} s`,
    `${shown(mapSize)} units a side`,
    ...networkWords(network),
    `${tickRate} ticks and ${frameRate} frames a second`,
    ...(hasRewind ? [] : ["no rewind"]),
    seed,
  ].join(", ");
}

function networkWords({ rttMs, jitterMs, loss, lossUp = loss, lossDown = loss, ...network }: Network): string[] {
  const { bytesPerSecond, bursts } = network;
  const percent = (part: number) => `${shown(part * 100)} %`;
  const losses = lossUp === lossDown ? percent(loss) : `${percent(lossUp)} up and ${percent(lossDown)} down`;
  return [
    `${rttMs}±${jitterMs} ms and ${losses} loss`,
    ...(bytesPerSecond === undefined ? [] : [`${shown(bytesPerSecond)} bytes a second each way`]),
    ...(bursts === undefined
      ? []
      : [`${percent(bursts.loss)} loss for ${shown(bursts.badMs)} ms every ${shown(bursts.badMs + bursts.goodMs)} ms`]),
  ];
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
