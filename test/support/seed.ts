/**
 * The seed of this run's random tests: SEED, or a new one. It stands in the titles, so that a run that failed can be
 * run again: `SEED=… npm test`.
 */
export const SEED = process.env.SEED ? Number(process.env.SEED) : Math.floor(Math.random() * 2 ** 31);

/** What fast-check is told for one property. */
export function withSeed(runs: number): { seed: number; numRuns: number } {
  return { seed: SEED, numRuns: runs };
}
