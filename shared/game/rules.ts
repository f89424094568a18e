/**
 * The rules as numbers: the tables of ships and weapons, in units and seconds, turned once into quanta and ticks.
 *
 * Quanta are the whole numbers that state is kept in: a coordinate is a multiple of 1/32 unit, a speed a multiple of
 * 1/128 unit a tick, energy a multiple of 1/100 point.
 */
import { SHIP } from "./ships.ts";
import { WEAPONS, type Weapon } from "./weapons.ts";

export const QUANTA_PER_UNIT = 32;
const SPEED_QUANTA = 128;
export const ENERGY_QUANTA = 100;
/** Coordinate quanta that a speed of one quantum covers in a tick. */
export const STRIDE_PER_SPEED = QUANTA_PER_UNIT / SPEED_QUANTA;

/** Lengths in coordinate quanta, speeds in speed quanta, energy in energy quanta. */
export type ShipRules = {
  readonly radius: number;
  /** Speed gained by a tick of thrust. */
  readonly thrust: number;
  readonly boostThrust: number;
  /** Part of the speed that a tick leaves. */
  readonly keptSpeed: number;
  readonly topSpeed: number;
  readonly boostTopSpeed: number;
  /** Part of the speed above the top that a tick leaves. */
  readonly keptExcess: number;
  /** Part of the speed against a surface that a bounce gives back. */
  readonly bounce: number;
  readonly maxHealth: number;
  readonly maxEnergy: number;
  readonly energyGainPerTick: number;
  readonly boostCostPerTick: number;
  readonly mendDelayTicks: number;
  readonly mendEveryTicks: number;
  readonly respawnTicks: number;
  readonly protectionTicks: number;
};

type AnyWeaponRules = {
  readonly trigger: number;
  readonly damage: number;
  readonly cooldownTicks: number;
  readonly energyCost: number;
  readonly chargeTicks: number;
  readonly range: number;
  readonly radius: number;
};

export type ProjectileRules = AnyWeaponRules & {
  readonly shape: "projectile";
  /** Coordinate quanta that it flies in a tick. */
  readonly stride: number;
};

export type BeamRules = AnyWeaponRules & { readonly shape: "beam" };

export type WeaponRules = ProjectileRules | BeamRules;

/** Who sees the others later than this leads by the rest; whoever is behind cover for longer is safe from all. */
const MAX_REWIND_SECONDS = 0.25;

export type Rules = {
  readonly ticksPerSecond: number;
  /** No shot is judged by an older past than this. */
  readonly maxRewindTicks: number;
  readonly ship: ShipRules;
  /** By place in the weapons' table. */
  readonly weapons: readonly WeaponRules[];
};

export function compileRules(ticksPerSecond: number): Rules {
  return {
    ticksPerSecond,
    maxRewindTicks: Math.floor(MAX_REWIND_SECONDS * ticksPerSecond),
    ship: compileShip(ticksPerSecond),
    weapons: WEAPONS.map((weapon) => compileWeapon(weapon, ticksPerSecond)),
  };
}

function compileShip(ticksPerSecond: number): ShipRules {
  const ticks = (seconds: number) => Math.max(1, Math.round(seconds * ticksPerSecond));
  const speed = (unitsPerSecond: number) => Math.round((unitsPerSecond * SPEED_QUANTA) / ticksPerSecond);
  const gain = (unitsPerSecond2: number) => (unitsPerSecond2 * SPEED_QUANTA) / (ticksPerSecond * ticksPerSecond);
  const energy = (pointsPerSecond: number) => Math.round((pointsPerSecond * ENERGY_QUANTA) / ticksPerSecond);
  return {
    radius: SHIP.radiusUnits * QUANTA_PER_UNIT,
    thrust: gain(SHIP.thrustUnitsPerSecond2),
    boostThrust: gain(SHIP.boostThrustUnitsPerSecond2),
    keptSpeed: 1 - SHIP.dragPerSecond / ticksPerSecond,
    topSpeed: speed(SHIP.topUnitsPerSecond),
    boostTopSpeed: speed(SHIP.boostTopUnitsPerSecond),
    keptExcess: 1 - SHIP.excessDragPerSecond / ticksPerSecond,
    bounce: SHIP.bounce,
    maxHealth: SHIP.health,
    maxEnergy: SHIP.energy * ENERGY_QUANTA,
    energyGainPerTick: energy(SHIP.energyPerSecond),
    boostCostPerTick: energy(SHIP.boostEnergyPerSecond),
    mendDelayTicks: ticks(SHIP.mendDelaySeconds),
    mendEveryTicks: ticks(1 / SHIP.mendPerSecond),
    respawnTicks: ticks(SHIP.respawnSeconds),
    protectionTicks: ticks(SHIP.protectionSeconds),
  };
}

function compileWeapon(weapon: Weapon, ticksPerSecond: number): WeaponRules {
  const shared = {
    trigger: weapon.trigger,
    damage: weapon.damage,
    cooldownTicks: Math.max(1, Math.round(weapon.cooldownSeconds * ticksPerSecond)),
    energyCost: weapon.energy * ENERGY_QUANTA,
    chargeTicks: Math.round(weapon.chargeSeconds * ticksPerSecond),
    range: weapon.rangeUnits * QUANTA_PER_UNIT,
    radius: weapon.radiusUnits * QUANTA_PER_UNIT,
  };
  if (weapon.shape === "beam") return { ...shared, shape: "beam" };
  return {
    ...shared,
    shape: "projectile",
    stride: Math.round((weapon.unitsPerSecond * QUANTA_PER_UNIT) / ticksPerSecond),
  };
}
