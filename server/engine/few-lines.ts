/** Few lines in the log about what peers can bring about: each thing once, and few a minute whoever makes them up. */
import type { Clock } from "./clock.ts";
import { TokenBucket } from "./token-bucket.ts";

const LINES_PER_SECOND = 1 / 60;
const LINE_BURST = 10;
const KEPT_THINGS = 100;

/** @returns whether a thing is to be logged; to be called with what tells it from others, cut to a length that may be kept */
export function createFewLines(clock: Clock): (thing: string) => boolean {
  const told = new Set<string>();
  const lines = new TokenBucket(LINES_PER_SECOND, LINE_BURST, clock.now());
  return (thing) => {
    if (told.has(thing) || !lines.take(clock.now())) return false;
    if (told.size >= KEPT_THINGS) told.clear();
    told.add(thing);
    return true;
  };
}
