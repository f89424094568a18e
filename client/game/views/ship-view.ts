/**
 * Ships: hull and trim along the aim, flame against the thrust, shield, charge, and a bar over those that are hurt.
 *
 * The nose shows where a ship aims and the flame where it is pushed; the two are independent, and so is the motion.
 *
 * Next: trails.ts.
 */

import type { ShipView } from "../scene.ts";
import type { Atlas } from "./atlas.ts";
import type { NameLabels } from "./name-labels.ts";
import { SHIP_FRAME_UNITS, SHIP_RADIUS_UNITS } from "./paint-ship.ts";
import { Colour, type Palette, tintOf } from "./palette.ts";
import type { QuadLayer } from "./quad-layer.ts";
import { isVisible, type Viewport } from "./viewport.ts";

const BAR_WIDTH_UNITS = 38;
const BAR_HEIGHT_UNITS = 3.4;
const BAR_OFFSET_UNITS = 31;
const LOW_HEALTH = 0.34;

/** The layers that a ship has parts in, lowest first. */
export type ShipLayers = {
  readonly under: QuadLayer;
  readonly hulls: QuadLayer;
  readonly over: QuadLayer;
  readonly labels: QuadLayer;
};
export type ShipPictures = { readonly atlas: Atlas; readonly palette: Palette; readonly names: NameLabels };

export function drawShips(
  layers: ShipLayers,
  pictures: ShipPictures,
  ships: readonly ShipView[],
  view: Viewport,
  nowMs: number,
): void {
  for (const ship of ships) {
    if (!isVisible(view, ship.x, ship.y, 70)) continue;
    drawHull(layers, pictures, ship);
    drawFlame(layers.under, pictures, ship, nowMs);
    if (ship.charge > 0) drawCharge(layers.over, pictures, ship, nowMs);
    if (ship.isProtected) drawShield(layers.over, pictures.atlas, ship, nowMs);
    if (!ship.isOwn) drawLabel(layers.labels, pictures, ship);
  }
}

/** Light under each ship, in its colour. */
export function drawShipGlow(
  layer: QuadLayer,
  { atlas, palette }: Pick<ShipPictures, "atlas" | "palette">,
  ships: readonly ShipView[],
): void {
  for (const ship of ships) {
    const size = ship.isOwn ? 130 : 104;
    layer.drawUpright(atlas.glow, ship.x, ship.y, size, size, tintOf(palette.body, ship.hue), ship.isOwn ? 0.5 : 0.36);
  }
}

function drawHull(layers: ShipLayers, { atlas, palette }: ShipPictures, ship: ShipView): void {
  const cos = Math.cos(ship.aim);
  const sin = Math.sin(ship.aim);
  const tint = tintOf(palette.body, ship.hue);
  layers.hulls.draw(atlas.hull, ship.x, ship.y, SHIP_FRAME_UNITS, SHIP_FRAME_UNITS, cos, sin, Colour.white, 1);
  layers.hulls.draw(atlas.trim, ship.x, ship.y, SHIP_FRAME_UNITS, SHIP_FRAME_UNITS, cos, sin, tint, 1);
  if (!ship.isOwn) return;
  const ahead = SHIP_RADIUS_UNITS + 12;
  layers.over.draw(atlas.chevron, ship.x + cos * ahead, ship.y + sin * ahead, 13, 13, cos, sin, tint, 0.75);
}

function drawFlame(layer: QuadLayer, { atlas, palette }: ShipPictures, ship: ShipView, nowMs: number): void {
  if (ship.thrust === undefined) return;
  const cos = Math.cos(ship.thrust);
  const sin = Math.sin(ship.thrust);
  const flicker = 0.86 + 0.14 * Math.sin(nowMs * 0.045 + ship.id * 1.7);
  const length = (ship.isBoosting ? 74 : 44) * flicker;
  const width = ship.isBoosting ? 30 : 22;
  const behind = SHIP_RADIUS_UNITS * 0.55 + length / 2;
  const tint = tintOf(palette.body, ship.hue);
  const x = ship.x - cos * behind;
  const y = ship.y - sin * behind;
  layer.draw(atlas.flame, x, y, length, width, cos, sin, tint, 1);
  layer.draw(
    atlas.flame,
    x + cos * length * 0.14,
    y + sin * length * 0.14,
    length * 0.7,
    width * 0.55,
    cos,
    sin,
    Colour.white,
    0.85,
  );
}

function drawCharge(layer: QuadLayer, { atlas, palette }: ShipPictures, ship: ShipView, nowMs: number): void {
  const nose = SHIP_RADIUS_UNITS + 2;
  const x = ship.x + Math.cos(ship.aim) * nose;
  const y = ship.y + Math.sin(ship.aim) * nose;
  const tint = tintOf(palette.bright, ship.hue);
  const throb = 1 + 0.12 * Math.sin(nowMs * 0.03);
  const size = (10 + 40 * ship.charge) * throb;
  layer.drawUpright(atlas.glow, x, y, size * 1.5, size * 1.5, tintOf(palette.body, ship.hue), 0.9);
  layer.drawUpright(atlas.core, x, y, size * 0.36, size * 0.36, tint, 1);
  const closing = 1 - ((nowMs * 0.0022) % 1);
  const ring = (16 + 46 * closing) * (0.5 + ship.charge * 0.5);
  layer.drawUpright(atlas.ring, x, y, ring, ring, tint, (1 - closing) * 0.7 * ship.charge);
}

function drawShield(layer: QuadLayer, atlas: Atlas, ship: ShipView, nowMs: number): void {
  const size = SHIP_RADIUS_UNITS * 3.3 * (1 + 0.03 * Math.sin(nowMs * 0.008 + ship.id));
  const turn = nowMs * 0.0014 + ship.id;
  const alpha = 0.7 + 0.2 * Math.sin(nowMs * 0.011);
  layer.draw(atlas.shield, ship.x, ship.y, size, size, Math.cos(turn), Math.sin(turn), Colour.shield, alpha);
}

function drawLabel(layer: QuadLayer, { atlas, palette, names }: ShipPictures, ship: ShipView): void {
  const tint = tintOf(palette.bright, ship.hue);
  names.draw(ship.name, ship.x, ship.y - BAR_OFFSET_UNITS - 11, tint);
  const y = ship.y - BAR_OFFSET_UNITS;
  const left = ship.x - BAR_WIDTH_UNITS / 2;
  layer.drawUpright(atlas.pixel, ship.x, y, BAR_WIDTH_UNITS + 2.4, BAR_HEIGHT_UNITS + 2.4, Colour.barBack, 0.72);
  const filled = Math.max(0, Math.min(1, ship.health)) * BAR_WIDTH_UNITS;
  const barTint = ship.health < LOW_HEALTH ? Colour.danger : tintOf(palette.body, ship.hue);
  layer.drawUpright(atlas.pixel, left + filled / 2, y, filled, BAR_HEIGHT_UNITS, barTint, 0.95);
}
