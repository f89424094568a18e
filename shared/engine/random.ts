/**
 * Chance that is part of the world: the sfc32 generator (Chris Doty-Humphrey, PractRand), four 32-bit words of plain
 * state. The same seed gives the same stream on every machine.
 */

export type Random = { a: number; b: number; c: number; counter: number };

const WARM_UP_ROUNDS = 12;

/** A stream for a 32-bit seed; `stream` separates several that come from one seed. */
export function createRandom(seed: number, stream = 0): Random {
  const random: Random = { a: seed | 0, b: stream | 0, c: 0x9e3779b9 | 0, counter: 1 };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) nextUint32(random);
  return random;
}

/** The next 32 bits, as an unsigned integer. */
export function nextUint32(random: Random): number {
  const sum = (random.a + random.b + random.counter) | 0;
  random.counter = (random.counter + 1) | 0;
  random.a = random.b ^ (random.b >>> 9);
  random.b = (random.c + (random.c << 3)) | 0;
  random.c = (((random.c << 21) | (random.c >>> 11)) + sum) | 0;
  return sum >>> 0;
}

/** A whole number from 0 to `limit` − 1; its bias is below limit / 2^32. */
export function nextBelow(random: Random, limit: number): number {
  return Math.floor((nextUint32(random) / 4294967296) * limit);
}

/** A whole number from `low` to `high`, both included. */
export function nextBetween(random: Random, low: number, high: number): number {
  return low + nextBelow(random, high - low + 1);
}
