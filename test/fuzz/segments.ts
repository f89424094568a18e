/** How bytes are cut into what is written at once: whole, at frames, in the middle of headers, anywhere, at every byte. */
import { nextBelow, type Random } from "@starwake/shared/engine/random.ts";

/** More would take longer than it tells. */
const MOST_SINGLE_BYTES = 300;
const MOST_CUTS = 12;

/** @returns the parts' bytes in order, in other pieces, none of which is empty */
export function cutAtRandom(random: Random, parts: readonly Buffer[]): Buffer[] {
  const whole = Buffer.concat(parts);
  if (whole.length === 0) return [];
  const ways = [
    () => [],
    () => [],
    () => [],
    () => startsOf(parts),
    () => startsOf(parts).map((start) => start + 1 + nextBelow(random, 8)),
    () => Array.from({ length: 1 + nextBelow(random, MOST_CUTS) }, () => nextBelow(random, whole.length)),
    () => Array.from({ length: 1 + nextBelow(random, MOST_CUTS) }, () => nextBelow(random, whole.length)),
    () => Array.from({ length: MOST_SINGLE_BYTES }, (_, index) => index),
  ];
  return cut(whole, ways[nextBelow(random, ways.length)]());
}

function startsOf(parts: readonly Buffer[]): number[] {
  let at = 0;
  return parts.map(({ length }) => {
    at += length;
    return at - length;
  });
}

/** Places outside, and those that are there twice, are passed over. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const inside = [...new Set(places)].filter((at) => at > 0 && at < bytes.length).sort((one, other) => one - other);
  return [0, ...inside].map((at, index) => bytes.subarray(at, inside[index] ?? bytes.length));
}
