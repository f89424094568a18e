/** Chance that follows from a seed: whatever waits by chance waits as long each time that a test runs. */
import { createRandom } from "@starwake/shared/engine/random.ts";
import { chance } from "../lab/network/chance.ts";

/** @returns numbers from 0 to below 1, as Math.random gives them */
export function chanceOf(seed = 1): () => number {
  const random = createRandom(seed);
  return () => chance(random);
}
