/**
 * Obstacles: rocks whose outline is their collision circle, and the parts of a wall with round ends.
 *
 * A rock looks rough within its circle; its lit rim is drawn on the circle itself, so that what looks solid is solid.
 *
 * Next: arena-view.ts.
 */

import { hash01 } from "./noise.ts";

type Context = CanvasRenderingContext2D;

const FACETS = 26;
const TURN = Math.PI * 2;

export function paintRock(context: Context, radius: number, kind: number): void {
  context.save();
  traceRock(context, radius, kind);
  context.clip();
  paintStone(context, radius);
  for (let facet = 0; facet < FACETS; facet++) paintFacet(context, radius, kind, facet);
  for (let crater = 0; crater < 6; crater++) paintCrater(context, radius, kind, crater);
  paintShade(context, radius);
  context.restore();
  paintRim(context, radius, kind);
}

/** A half disc on the right edge of the frame: the left end of a wall. */
export function paintWallCap(context: Context, radius: number): void {
  const edge = context.canvas.width;
  context.translate(radius / 0.6 / 2, 0);
  paintWall(context, radius, () => {
    context.beginPath();
    context.moveTo(edge, -radius);
    context.lineTo(0, -radius);
    context.arc(0, 0, radius, -Math.PI / 2, Math.PI / 2, true);
    context.lineTo(edge, radius);
  });
}

export function paintWallMiddle(context: Context, radius: number): void {
  const edge = context.canvas.width;
  paintWall(context, radius, () => {
    context.beginPath();
    context.rect(-edge, -radius, edge * 2, radius * 2);
  });
}

function paintWall(context: Context, radius: number, trace: () => void): void {
  const body = context.createLinearGradient(0, -radius, 0, radius);
  body.addColorStop(0, "#22364f");
  body.addColorStop(0.5, "#0e1929");
  body.addColorStop(1, "#22364f");
  trace();
  context.fillStyle = body;
  context.fill();
  context.strokeStyle = "#58c9ff";
  context.shadowColor = "#2fa8ff";
  for (const blur of [14, 4]) {
    context.shadowBlur = blur;
    context.lineWidth = 2.5;
    context.stroke();
  }
  context.shadowBlur = 0;
}

/** Within three hundredths of the circle everywhere, and never outside it. */
function traceRock(context: Context, radius: number, kind: number): void {
  context.beginPath();
  const points = 56;
  for (let point = 0; point < points; point++) {
    const angle = (point / points) * TURN;
    const reach = radius * (1 - 0.03 * hash01(point, kind * 17 + 3));
    context.lineTo(Math.cos(angle) * reach, Math.sin(angle) * reach);
  }
  context.closePath();
}

function paintStone(context: Context, radius: number): void {
  const stone = context.createRadialGradient(-radius * 0.4, -radius * 0.45, radius * 0.1, 0, 0, radius * 1.1);
  stone.addColorStop(0, "#6d7690");
  stone.addColorStop(0.5, "#3e4660");
  stone.addColorStop(1, "#1a2034");
  context.fillStyle = stone;
  context.fillRect(-radius, -radius, radius * 2, radius * 2);
}

/** A flat, lighter or darker patch. */
function paintFacet(context: Context, radius: number, kind: number, facet: number): void {
  const chance = (salt: number): number => hash01(facet * 7 + salt, kind * 31 + 5);
  const angle = chance(0) * TURN;
  const distance = Math.sqrt(chance(1)) * radius;
  const size = radius * (0.12 + 0.28 * chance(2));
  context.fillStyle = chance(3) > 0.5 ? "rgba(190,205,240,0.07)" : "rgba(2,5,14,0.17)";
  context.beginPath();
  for (let corner = 0; corner < 5; corner++) {
    const turn = (corner / 5) * TURN + chance(4);
    const reach = size * (0.6 + 0.6 * hash01(corner + facet * 11, kind));
    context.lineTo(
      Math.cos(angle) * distance + Math.cos(turn) * reach,
      Math.sin(angle) * distance + Math.sin(turn) * reach,
    );
  }
  context.fill();
}

function paintCrater(context: Context, radius: number, kind: number, crater: number): void {
  const chance = (salt: number): number => hash01(crater * 13 + salt, kind * 57 + 11);
  const angle = chance(0) * TURN;
  const x = Math.cos(angle) * radius * 0.75 * chance(1);
  const y = Math.sin(angle) * radius * 0.75 * chance(1);
  const size = radius * (0.06 + 0.14 * chance(2));
  context.fillStyle = "rgba(6,9,20,0.5)";
  context.beginPath();
  context.arc(x, y, size, 0, TURN);
  context.fill();
  context.lineWidth = Math.max(1.5, size * 0.14);
  context.strokeStyle = "rgba(180,200,240,0.34)";
  context.beginPath();
  context.arc(x, y, size, 0.1 * Math.PI, 0.85 * Math.PI);
  context.stroke();
}

function paintShade(context: Context, radius: number): void {
  const shade = context.createRadialGradient(-radius * 0.35, -radius * 0.35, radius * 0.45, 0, 0, radius);
  shade.addColorStop(0, "rgba(0,0,0,0)");
  shade.addColorStop(1, "rgba(3,5,14,0.72)");
  context.fillStyle = shade;
  context.fillRect(-radius, -radius, radius * 2, radius * 2);
}

function paintRim(context: Context, radius: number, kind: number): void {
  context.lineJoin = "round";
  context.strokeStyle = "rgba(150,176,235,0.9)";
  context.shadowColor = "rgba(110,150,255,0.9)";
  context.shadowBlur = 14;
  context.lineWidth = 3;
  traceRock(context, radius - 1, kind);
  context.stroke();
}
