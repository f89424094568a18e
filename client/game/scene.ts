/**
 * The scene: what one rendered frame shows, in world units and radians, with no Phaser and no network in it.
 *
 * It owns the translation from the engine's picture (rows of numbers) to the game's own words. Everything that is
 * drawn, heard or printed in the HUD is read from a Scene and from nothing else.
 *
 * Next: client/game/views (⑯), which draw it.
 */
import type { WeaponName } from "@starwake/shared/game/weapons.ts";

/** A ship as drawn in one rendered frame. */
export type ShipView = {
  readonly id: number;
  readonly isOwn: boolean;
  readonly name: string;
  /** Hue of the ship's colour, 0 to 359 degrees. */
  readonly hue: number;
  /** World units; y grows downwards. */
  readonly x: number;
  readonly y: number;
  /** Units per second. */
  readonly vx: number;
  readonly vy: number;
  /** Radians, 0 to the right, growing clockwise on the screen. */
  readonly aim: number;
  /** Direction of thrust in radians, or undefined when the engine is off. */
  readonly thrust: number | undefined;
  readonly isBoosting: boolean;
  /** 0 to 1. */
  readonly health: number;
  /** Rail gun charge, 0 to 1. */
  readonly charge: number;
  /** Freshly respawned: cannot be hurt. */
  readonly isProtected: boolean;
};

/** A projectile in flight. */
export type ShotView = {
  /** The same number for as long as the shot lives, and never that of another. */
  readonly id: number;
  readonly ownerId: number;
  readonly weapon: WeaponName;
  readonly isOwn: boolean;
  readonly hue: number;
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly direction: number;
};

/** Something that happened at one moment; it is in exactly one Scene. */
export type SceneEvent =
  | {
      readonly type: "hit";
      readonly x: number;
      readonly y: number;
      readonly victimId: number;
      readonly shooterId: number;
      readonly damage: number;
      readonly byOwn: boolean;
      readonly ofOwn: boolean;
    }
  | {
      readonly type: "death";
      readonly x: number;
      readonly y: number;
      readonly victimId: number;
      readonly killerId: number;
      readonly hue: number;
      readonly ofOwn: boolean;
      readonly byOwn: boolean;
    }
  | {
      readonly type: "beam";
      readonly x0: number;
      readonly y0: number;
      readonly x1: number;
      readonly y1: number;
      readonly shooterId: number;
      readonly weapon: WeaponName;
      readonly hue: number;
      readonly byOwn: boolean;
    }
  | {
      readonly type: "spawn";
      readonly x: number;
      readonly y: number;
      readonly shipId: number;
      readonly hue: number;
      readonly ofOwn: boolean;
    };

/** What the player's own instruments show. */
export type OwnStatus =
  | {
      readonly state: "alive";
      readonly health: number;
      readonly energy: number;
      readonly charge: number;
      readonly isBoosting: boolean;
      readonly isProtected: boolean;
    }
  | { readonly state: "dead"; readonly respawnInSeconds: number; readonly killerName: string | undefined };

/** A round obstacle (x0 = x1, y0 = y1) or a wall with round ends; `radius` in units. */
export type ObstacleView = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly radius: number;
  readonly isWall: boolean;
};

/** The arena, the same for the whole match: the rectangle from (0, 0) to (width, height), and what stands in it. */
export type ArenaView = {
  readonly widthUnits: number;
  readonly heightUnits: number;
  readonly obstacles: readonly ObstacleView[];
};

/** What is known of the whole arena: for each sector, row by row, how many ships are there, 3 for more. */
export type OverviewView = { readonly columns: number; readonly levels: Uint8Array };

export type Scene = {
  /** Where the camera looks (already leads the aim), world units. */
  readonly camera: { readonly x: number; readonly y: number };
  readonly own: OwnStatus;
  readonly ships: readonly ShipView[];
  readonly shots: readonly ShotView[];
  readonly events: readonly SceneEvent[];
  /** Undefined where all ships are in the scene, or before the server has told. */
  readonly overview?: OverviewView | undefined;
  /** It does not go on from the scene before, as after a jump in a replay: nothing in it has just begun. */
  readonly isCut?: boolean;
};

/** One line of the scoreboard, best first. */
export type Standing = {
  readonly playerId: number;
  readonly place: number;
  readonly name: string;
  readonly hue: number;
  readonly score: number;
  readonly kills: number;
  readonly deaths: number;
  readonly isOwn: boolean;
  readonly isPilot: boolean;
  readonly isAway: boolean;
};

/** One line of the kill feed. */
export type KillNotice = {
  readonly id: number;
  readonly killerName: string;
  readonly killerHue: number;
  readonly victimName: string;
  readonly victimHue: number;
  readonly weapon: WeaponName | "none";
  readonly involvesOwn: boolean;
};
