/**
 * The ship: a dark hull, and white trim with its glow that is tinted with the player's colour. It points right.
 *
 * Next: ship-view.ts.
 */

export const SHIP_RADIUS_UNITS = 18;
export const SHIP_FRAME_TEXELS = 224;
/** World units that the whole frame covers; the ship itself fills its collision circle. */
export const SHIP_FRAME_UNITS = 56;

const TEXELS_PER_UNIT = SHIP_FRAME_TEXELS / SHIP_FRAME_UNITS;

type Point = readonly [x: number, y: number];

const OUTLINE: readonly Point[] = [
  [18, 0],
  [9, -4.5],
  [1, -6.5],
  [-6, -16],
  [-13.5, -13],
  [-10.5, -5],
  [-14, -3.5],
  [-14, 3.5],
  [-10.5, 5],
  [-13.5, 13],
  [-6, 16],
  [1, 6.5],
  [9, 4.5],
];
const COCKPIT: readonly Point[] = [
  [8, 0],
  [2, -2.6],
  [-4, -2.2],
  [-4, 2.2],
  [2, 2.6],
];

export function paintHull(context: CanvasRenderingContext2D): void {
  context.scale(TEXELS_PER_UNIT, TEXELS_PER_UNIT);
  const metal = context.createLinearGradient(-14, 0, 18, 0);
  metal.addColorStop(0, "#10182b");
  metal.addColorStop(0.55, "#26344f");
  metal.addColorStop(1, "#465a7e");
  context.lineJoin = "round";
  context.fillStyle = metal;
  tracePolygon(context, OUTLINE);
  context.fill();
  context.strokeStyle = "#060a14";
  context.lineWidth = 1.6;
  context.stroke();
  paintPanels(context);
}

export function paintTrim(context: CanvasRenderingContext2D): void {
  context.scale(TEXELS_PER_UNIT, TEXELS_PER_UNIT);
  context.lineJoin = "round";
  context.shadowColor = "#fff";
  context.strokeStyle = "#fff";
  for (const [blurUnits, width] of [
    [4.5, 1],
    [1.5, 1.1],
  ] as const) {
    context.shadowBlur = blurUnits * TEXELS_PER_UNIT;
    context.lineWidth = width;
    tracePolygon(context, OUTLINE);
    context.stroke();
  }
  context.shadowBlur = 3 * TEXELS_PER_UNIT;
  context.fillStyle = "#fff";
  tracePolygon(context, COCKPIT);
  context.fill();
  context.fillStyle = "rgba(255,255,255,0.28)";
  context.shadowBlur = 0;
  tracePolygon(context, OUTLINE);
  context.fill();
}

/** A splinter of a hull. */
export function paintShard(context: CanvasRenderingContext2D): void {
  context.fillStyle = "rgba(255,255,255,0.35)";
  context.strokeStyle = "#fff";
  context.lineWidth = 2.5;
  context.shadowColor = "#fff";
  context.shadowBlur = 6;
  context.lineJoin = "round";
  tracePolygon(context, [
    [12, -2],
    [-8, -9],
    [-11, 7],
  ]);
  context.fill();
  context.stroke();
}

function paintPanels(context: CanvasRenderingContext2D): void {
  context.strokeStyle = "rgba(4, 8, 18, 0.8)";
  context.lineWidth = 0.7;
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(1, 6.5 * side);
    context.lineTo(-10.5, 5 * side);
    context.moveTo(-6, 9 * side);
    context.lineTo(-11.5, 8.5 * side);
  }
  context.stroke();
  context.fillStyle = "rgba(160, 200, 255, 0.16)";
  tracePolygon(context, [
    [18, 0],
    [9, -4.5],
    [1, -6.5],
    [-14, -3.5],
    [-14, 0],
  ]);
  context.fill();
}

function tracePolygon(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.closePath();
}
