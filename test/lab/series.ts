/** The course of a run: each client's figures in each second, as the plots show them. */
import type { MeasureName, Samples } from "./measures.ts";

/** What is plotted, and how a second's samples become one point. */
export const PLOTS = {
  ownErrorUnits: { title: "Own ship's error (units, worst of the second)", point: "max" },
  commandMarginTicks: { title: "Command margin (ticks, least of the second)", point: "min" },
  sendToRenderMs: { title: "Delay of others, from tick to picture (ms)", point: "mean" },
  starvedTime: { title: "Starvation (part of the second)", point: "mean" },
  correctionUnits: { title: "Corrections (units, worst of the second)", point: "max" },
  downBytesPerSecond: { title: "Bytes to the client in the second", point: "max" },
} as const satisfies Partial<Record<MeasureName, { title: string; point: "max" | "min" | "mean" }>>;

export type PlotName = keyof typeof PLOTS;

/** A line for each client that has samples: a point a second, undefined where there is none. */
export type Line = { readonly client: number; readonly points: readonly (number | undefined)[] };

export function linesOf(samples: Samples, name: PlotName, tickRate: number): Line[] {
  const clients = new Map<number, Map<number, number[]>>();
  let seconds = 0;
  for (const { tick, client, value } of samples.each(name)) {
    const second = Math.floor(tick / tickRate);
    seconds = Math.max(seconds, second + 1);
    const ofClient = clients.get(client) ?? new Map<number, number[]>();
    const values = ofClient.get(second);
    if (values === undefined) ofClient.set(second, [value]);
    else values.push(value);
    clients.set(client, ofClient);
  }
  return [...clients]
    .sort(([one], [other]) => one - other)
    .map(([client, ofSecond]) => ({
      client,
      points: Array.from({ length: seconds }, (_, second) => pointOf(name, ofSecond.get(second))),
    }));
}

function pointOf(name: PlotName, values: readonly number[] | undefined): number | undefined {
  if (values === undefined) return undefined;
  const { point } = PLOTS[name];
  if (point === "mean") return values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((one, other) => (point === "max" ? Math.max(one, other) : Math.min(one, other)));
}
