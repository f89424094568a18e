import { nextUint32, type Random } from "@starwake/shared/engine/random.ts";

/** 0 to below 1. */
export function chance(random: Random): number {
  return nextUint32(random) / 2 ** 32;
}
