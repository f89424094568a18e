/**
 * How each weapon looks and sounds. A weapon is added here and in shared/game/weapons.ts, which says what it does; the
 * compiler asks for an entry here for each one there.
 */
import type { WeaponName } from "@starwake/shared/game/weapons.ts";
import type { SoundName } from "./sound-recipes.ts";

export type WeaponLook = {
  /** In the kill feed. */
  readonly label: string;
  /** Size of a shot in flight, for weapons that fly. */
  readonly boltLengthUnits: number;
  readonly boltWidthUnits: number;
  /** Width of a beam, for weapons that hit at once; 1 is the rail gun's. */
  readonly beamWidth: number;
  readonly fireSound: SoundName;
};

export const WEAPON_LOOKS: Readonly<Record<WeaponName, WeaponLook>> = {
  pulse: { label: "pulse", boltLengthUnits: 42, boltWidthUnits: 15, beamWidth: 1, fireSound: "pulse" },
  rail: { label: "rail", boltLengthUnits: 60, boltWidthUnits: 15, beamWidth: 1, fireSound: "railFire" },
};
