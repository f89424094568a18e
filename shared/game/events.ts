/**
 * Events: what happens at one moment at one place, for those who see it; and news, for everybody to read.
 */
import { MAX_PLAYER_ID } from "@starwake/shared/engine/game-definition.ts";
import type { Span } from "@starwake/shared/engine/records.ts";
import { defineSchema, type RecordOf } from "@starwake/shared/engine/schema.ts";
import { MAX_COORDINATE } from "./entities.ts";

/** Sides of a ship that a hit tells apart. */
export const HIT_SIDES = 16;

const coordinate = { min: 0, max: MAX_COORDINATE } as const;
/** A player's number; 0: nobody. */
const player = { min: 0, max: MAX_PLAYER_ID, wholeOrder: 5 } as const;
const weapon = { min: 0, max: 7, wholeOrder: 0 } as const;
const x = { ...coordinate, axis: "x" } as const;
const y = { ...coordinate, axis: "y" } as const;

/** A hit has no place of its own: it is where the victim is drawn, on the side that it came from (sixteenths of the turn). */
export const hitSchema = defineSchema("hit", {
  victim: player,
  shooter: player,
  damage: { min: 0, max: 127, wholeOrder: 4 },
  weapon,
  side: { min: 0, max: HIT_SIDES - 1 },
});
export const deathSchema = defineSchema("death", { x, y, victim: player, killer: player });
export const beamSchema = defineSchema("beam", { x, y, toX: x, toY: y, shooter: player, weapon });
export const spawnSchema = defineSchema("spawn", { x, y, ship: player });

export const EVENT_SCHEMAS = [hitSchema, deathSchema, beamSchema, spawnSchema] as const;

/** Where each schema stands in the list. */
export const EventKind = { Hit: 0, Death: 1, Beam: 2, Spawn: 3 } as const;

/** What happened, and where it stands: a beam stands along its way. */
export type GameEvent = { readonly span: Span } & (
  | { readonly kind: typeof EventKind.Hit; readonly values: RecordOf<typeof hitSchema> }
  | { readonly kind: typeof EventKind.Death; readonly values: RecordOf<typeof deathSchema> }
  | { readonly kind: typeof EventKind.Beam; readonly values: RecordOf<typeof beamSchema> }
  | { readonly kind: typeof EventKind.Spawn; readonly values: RecordOf<typeof spawnSchema> }
);

/** Who killed whom, with what. */
export type KillNews = { readonly killer: number; readonly victim: number; readonly weapon: number };

/** The span of what happens at one point. */
export function pointSpan(x: number, y: number): Span {
  return { x0: x, y0: y, x1: x, y1: y };
}
