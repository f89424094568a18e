/** The ship's table, in units, seconds and points. A ship speeds towards the held direction; its aim is independent. */
export const SHIP = {
  radiusUnits: 18,
  thrustUnitsPerSecond2: 1000,
  topUnitsPerSecond: 400,
  boostThrustUnitsPerSecond2: 1700,
  boostTopUnitsPerSecond: 680,
  /** Part of the speed lost in a second without thrust. */
  dragPerSecond: 0.9,
  /** Part of the speed above the top that is lost in a second, after a boost or a blow. */
  excessDragPerSecond: 3,
  bounce: 0.6,
  health: 100,
  energy: 100,
  energyPerSecond: 16,
  boostEnergyPerSecond: 42,
  /** After so long without a hit, health comes back. */
  mendDelaySeconds: 5,
  mendPerSecond: 6,
  respawnSeconds: 2.5,
  protectionSeconds: 2,
} as const;
