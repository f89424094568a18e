/**
 * A fair share of what is held for long, and given up for nobody: who has some of it gets more only while that is less than a
 * part of what is left (the dynamic threshold of Choudhury and Hahne, 1998, for queues that share a buffer). So the last ones
 * are for those who have none.
 */

/** The last eight are for those who have none; a school has four of anything while more than 24 are left. */
const LARGEST_PART = 1 / 8;

/**
 * Whether a site may have one more.
 * @param own what it has already
 * @param left of what all share
 * @param most what one may have by a limit of its own; who may have any number is held to no share either
 */
export function isWithinShare(own: number, left: number, most: number): boolean {
  return left >= 1 && (!Number.isFinite(most) || own < Math.max(1, left * LARGEST_PART));
}
