/** Samples of one quantity, as the figures that a report shows of them. */
import type { Spread } from "./orders.ts";

/** @returns zeros where there are no samples */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = Float64Array.from(samples).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
