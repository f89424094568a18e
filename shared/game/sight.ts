/**
 * Sight: what a player may know of the world, by the shape of their screen. One rule for both sides: the server sends it
 * and no more, and the page draws no more than it.
 *
 * - A screen shows a rectangle of the world. There is one for each shape of screen, and all have the same area, so that
 *   no shape sees more than another.
 * - The camera leads the ship towards its aim, which can turn at once: what a screen can show is its rectangle, and a part
 *   of it more on every side.
 * - A client knows what its screen can show, and a rim for what moves in meanwhile: KNOWN_PART of the rectangle.
 *   Shots, beams and deaths are known when their way meets that, a shot from its birth on: whoever it flies at sees it come.
 *   Nothing else is on its wire but the overview (overview.ts) and who scored.
 */
import type { View } from "@starwake/shared/engine/cell-grid.ts";
import { QUANTA_PER_UNIT } from "./rules.ts";

/** What a screen shows at most, in units. */
export type ScreenShape = { readonly name: string; readonly widthUnits: number; readonly heightUnits: number };

/**
 * The same area each, to a thousandth. A client names its shape by the place in this list, which is part of the
 * protocol; the first is for who names none.
 */
export const SCREEN_SHAPES = [
  { name: "wide", widthUnits: 1600, heightUnits: 900 },
  { name: "ultra-wide", widthUnits: 1848, heightUnits: 779 },
  { name: "broad", widthUnits: 1386, heightUnits: 1039 },
  { name: "square", widthUnits: 1200, heightUnits: 1200 },
  { name: "upright", widthUnits: 1039, heightUnits: 1386 },
  { name: "tall", widthUnits: 816, heightUnits: 1765 },
] as const satisfies readonly ScreenShape[];

/** How far the camera leads the ship at most, as a part of what the screen shows; the same along both axes. */
export const LEAD_PART = 0.1;
/** Half of the rectangle goes to each side of the middle, and the lead to either. */
const REACHED_PART = 1 + 2 * LEAD_PART;
/** What is known, as a part of the screen's rectangle: a ship's radius more than can be shown, at the narrowest. */
export const KNOWN_PART = REACHED_PART + 0.05;
/** Who was known is known until this much farther out, so that who hovers at the rim does not come and go. */
export const LEAVE_UNITS = 16;
/**
 * So it is in rooms of up to this many players. In a larger battle, where the server's core is the limit, a client is told
 * of all that stands in the cells that its rectangle touches: those are encoded once for everybody who sees them, while
 * what is cut at a rectangle's edge is one client's own (measured: a tick of 400 players takes 1.5 times as long with it,
 * one of 800 1.6 times). Smaller cells would tell less there, at 384 units 40 % beyond the screen instead of 55 %, and
 * share less: the benchmark's marks for chunks and memory do not hold with them.
 */
export const MOST_PLAYERS_SEEN_EXACTLY = 256;
/**
 * The middle of what is known lies ahead of the ship by what it flies in this time: the page draws the own ship that
 * much later than the others. With less, ships would appear inside the picture of who flies fast.
 */
export const AHEAD_SECONDS = 0.2;

/** The part of the world that a client knows, by shape: what the engine sends. */
export const VIEWS: readonly View[] = SCREEN_SHAPES.map(({ widthUnits, heightUnits }) => ({
  viewHalfWidth: Math.round((widthUnits / 2) * KNOWN_PART * QUANTA_PER_UNIT),
  viewHalfHeight: Math.round((heightUnits / 2) * KNOWN_PART * QUANTA_PER_UNIT),
}));

/** Half of what a screen of a shape can show around its ship by turning, in units. */
export function reachOf({ widthUnits, heightUnits }: ScreenShape): { halfWidth: number; halfHeight: number } {
  return { halfWidth: (widthUnits / 2) * REACHED_PART, halfHeight: (heightUnits / 2) * REACHED_PART };
}

/** The place in the list of the shape of which a screen (in any unit) shows most. */
export function shapeFor(width: number, height: number): number {
  let best = 0;
  for (let shape = 1; shape < SCREEN_SHAPES.length; shape++)
    if (areaShown(width, height, shape) > areaShown(width, height, best)) best = shape;
  return best;
}

function areaShown(width: number, height: number, shape: number): number {
  const scale = scaleOf(width, height, SCREEN_SHAPES[shape]);
  return (width / scale) * (height / scale);
}

/** A screen's lengths to the unit: the larger of both ratios, so that nothing beyond the shape's rectangle shows. */
function scaleOf(width: number, height: number, { widthUnits, heightUnits }: ScreenShape): number {
  return Math.max(width / widthUnits, height / heightUnits);
}

/** How many of a screen's lengths go to a unit of the world. */
export function fitScale(width: number, height: number): number {
  return scaleOf(width, height, SCREEN_SHAPES[shapeFor(width, height)]);
}
