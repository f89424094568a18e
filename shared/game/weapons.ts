/**
 * The weapons' table, in units, seconds and points.
 *
 * To add a weapon, add an entry here (what it does) and one in client/game/weapon-looks.ts (how it looks and sounds).
 * The order is part of the protocol: a weapon is known by its place.
 */

/** The commands' trigger buttons, as bits. */
export const Trigger = { Primary: 1, Secondary: 2, Tertiary: 4 } as const;

type AnyWeapon = {
  readonly name: string;
  /** The button that fires it. */
  readonly trigger: number;
  readonly damage: number;
  readonly cooldownSeconds: number;
  readonly energy: number;
  /** Held so long, it fires on release; 0: it fires while held. */
  readonly chargeSeconds: number;
  readonly rangeUnits: number;
  /** Added to the ship's radius when it is asked whether a shot hits. */
  readonly radiusUnits: number;
};

/** Flies. */
export type ProjectileWeapon = AnyWeapon & { readonly shape: "projectile"; readonly unitsPerSecond: number };

/** Hits at once, the first thing along a line. */
export type BeamWeapon = AnyWeapon & { readonly shape: "beam" };

export type Weapon = ProjectileWeapon | BeamWeapon;

export const WEAPONS = [
  {
    name: "pulse",
    shape: "projectile",
    trigger: Trigger.Primary,
    damage: 12,
    cooldownSeconds: 0.2,
    energy: 3,
    chargeSeconds: 0,
    rangeUnits: 760,
    radiusUnits: 4,
    unitsPerSecond: 950,
  },
  {
    name: "rail",
    shape: "beam",
    trigger: Trigger.Secondary,
    damage: 48,
    cooldownSeconds: 0.5,
    energy: 35,
    chargeSeconds: 0.7,
    rangeUnits: 1000,
    radiusUnits: 2,
  },
] as const satisfies readonly Weapon[];

export type WeaponName = (typeof WEAPONS)[number]["name"];
