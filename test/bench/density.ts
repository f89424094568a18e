/**
 * Density: the side of a map on which each player has so many others around. The surroundings that are meant are a fixed
 * rectangle, some three screens large: a benchmark's worlds must not become others when less of them is sent.
 */

/** As server/config.ts has it; beyond, a coordinate does not fit a record. */
const MAP_SIDE_UNITS = { min: 1280, max: 32512 } as const;

/** What was sent around a player, on average, when the marks were set: a rectangle of 2,120 by 1,340, in whole cells of 768. */
export const SURROUNDINGS_UNITS = { width: 2120 + 768, height: 1340 + 768 } as const;

/** Places along each axis at which the surroundings are looked at. */
const SAMPLES = 40;
const PRECISION_UNITS = 4;

/** The side in units, within what a map may have, at which `others` are around. */
export function sideForOthers(players: number, others: number): number {
  let low: number = MAP_SIDE_UNITS.min;
  let high: number = MAP_SIDE_UNITS.max;
  while (high - low > PRECISION_UNITS) {
    const middle = Math.round((low + high) / 2);
    if (othersAround(players, middle) > others) low = middle;
    else high = middle;
  }
  return high;
}

/** The mean number of others around a player, where all are spread evenly over the map. */
export function othersAround(players: number, sideUnits: number): number {
  let area = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = (((sample % SAMPLES) + 0.5) / SAMPLES) * sideUnits;
    const y = ((Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * sideUnits;
    area +=
      lengthWithin(sideUnits, x, SURROUNDINGS_UNITS.width) * lengthWithin(sideUnits, y, SURROUNDINGS_UNITS.height);
  }
  return ((players - 1) * (area / (SAMPLES * SAMPLES))) / (sideUnits * sideUnits);
}

/** How much of the map a length around a place covers along one axis. */
function lengthWithin(side: number, middle: number, length: number): number {
  return Math.min(side, middle + length / 2) - Math.max(0, middle - length / 2);
}
