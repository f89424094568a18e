/** CLOCK_MONOTONIC in milliseconds: the same for all processes of a machine, in whatever network namespace they are. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
