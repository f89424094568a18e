/**
 * The command ②: what a player wishes for one tick. All of it is held input, with no edges, so a missing command can
 * repeat the last one.
 *
 * Next: client/engine/command-sender.ts (③), which stamps it with its tick.
 */
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { defineSchema, type RecordOf } from "@starwake/shared/engine/schema.ts";

/** Directions that thrust can be held in. */
export const THRUST_DIRECTIONS = 16;

export const commandSchema = defineSchema("command", {
  /** 0: no thrust; else 1 + the direction, in sixteenths of the turn. */
  thrust: { min: 0, max: THRUST_DIRECTIONS },
  boost: { min: 0, max: 1 },
  /** The triggers that are held, see weapons.ts. */
  triggers: { min: 0, max: 7 },
  /** Exact angle. */
  aim: { min: 0, max: TURN - 1, wraps: true },
});

export type Command = RecordOf<typeof commandSchema>;

export const NEUTRAL_COMMAND: Command = { thrust: 0, boost: 0, triggers: 0, aim: 0 };

/** The exact angle of a thrust that is not 0. */
export function thrustAngle(thrust: number): number {
  return ((thrust - 1) * TURN) / THRUST_DIRECTIONS;
}

/** The thrust that is nearest to an exact angle. */
export function thrustTowards(angle: number): number {
  return (Math.round((angle * THRUST_DIRECTIONS) / TURN) & (THRUST_DIRECTIONS - 1)) + 1;
}
