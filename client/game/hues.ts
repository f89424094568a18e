/** The colour of a player: hues as far apart as numbers are near, by the golden angle. */
const GOLDEN_ANGLE_DEGREES = 137.508;
const FIRST_HUE_DEGREES = 190;

/** @returns degrees, 0 to 359 */
export function hueOf(player: number): number {
  return Math.floor((FIRST_HUE_DEGREES + (player - 1) * GOLDEN_ANGLE_DEGREES) % 360);
}
