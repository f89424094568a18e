/**
 * The minimap: arena, obstacles, the ships that are known, and what the screen shows of it.
 *
 * The arena is painted once; each drawing copies it and adds the dots.
 *
 * Next: net-graph.tsx.
 */

import { useRef } from "preact/hooks";
import { type ArenaView, type Scene, VIEW_HEIGHT_UNITS, VIEW_WIDTH_UNITS } from "../scene.ts";
import { fromHsl } from "../views/palette.ts";
import { type AnyInstruments, type InstrumentSource, useInstrument } from "./instruments.ts";

const INTERVAL_MS = 66;
const LONG_SIDE_PIXELS = 360;
const PADDING_PIXELS = 8;
/** By hue. A canvas reads "#rrggbb" several times faster than "hsl()", and with 200 dots that was more than half. */
const DOT_INKS = Array.from({ length: 360 }, (_, hue) => `#${fromHsl(hue, 0.9, 0.64).toString(16).padStart(6, "0")}`);

type Backdrop = { readonly arena: ArenaView; readonly canvas: HTMLCanvasElement; readonly scale: number };

export function Minimap({ panel }: { panel: InstrumentSource<AnyInstruments> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const backdrop = useRef<Backdrop | undefined>(undefined);
  useInstrument(panel, INTERVAL_MS, ({ arena, scene }) => {
    const context = canvas.current?.getContext("2d");
    if (context === undefined || context === null) return;
    if (backdrop.current?.arena !== arena) backdrop.current = paintBackdrop(arena, context.canvas);
    drawMap(context, backdrop.current, scene);
  });
  return <canvas class="minimap" ref={canvas} role="img" aria-label="Map" />;
}

function paintBackdrop(arena: ArenaView, shown: HTMLCanvasElement): Backdrop {
  const scale = (LONG_SIDE_PIXELS - 2 * PADDING_PIXELS) / Math.max(arena.widthUnits, arena.heightUnits);
  shown.width = Math.round(arena.widthUnits * scale + 2 * PADDING_PIXELS);
  shown.height = Math.round(arena.heightUnits * scale + 2 * PADDING_PIXELS);
  shown.style.aspectRatio = `${shown.width} / ${shown.height}`;
  const canvas = document.createElement("canvas");
  canvas.width = shown.width;
  canvas.height = shown.height;
  const context = canvas.getContext("2d");
  if (context !== null) paintArena(context, arena, scale);
  return { arena, canvas, scale };
}

function paintArena(context: CanvasRenderingContext2D, arena: ArenaView, scale: number): void {
  context.translate(PADDING_PIXELS, PADDING_PIXELS);
  context.fillStyle = "rgba(5, 12, 28, 0.72)";
  context.strokeStyle = "rgba(80, 200, 255, 0.75)";
  context.lineWidth = 3;
  context.beginPath();
  context.roundRect(0, 0, arena.widthUnits * scale, arena.heightUnits * scale, 4);
  context.fill();
  context.stroke();
  context.lineCap = "round";
  for (const { x0, y0, x1, y1, radius, isWall } of arena.obstacles) {
    context.strokeStyle = isWall ? "rgba(90, 190, 255, 0.8)" : "rgba(130, 150, 200, 0.55)";
    context.lineWidth = Math.max(3, radius * 2 * scale);
    context.beginPath();
    context.moveTo(x0 * scale, y0 * scale);
    context.lineTo(x1 * scale + 0.01, y1 * scale);
    context.stroke();
  }
}

function drawMap(context: CanvasRenderingContext2D, backdrop: Backdrop, scene: Scene): void {
  const { canvas, scale } = backdrop;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(canvas, 0, 0);
  const place = (units: number): number => PADDING_PIXELS + units * scale;
  drawViewFrame(context, scene, place, scale);
  for (const { isOwn, hue, x, y } of scene.ships) {
    context.fillStyle = isOwn ? "#fff" : DOT_INKS[Math.round(hue) % 360]!;
    context.beginPath();
    context.arc(place(x), place(y), isOwn ? 7 : 5, 0, Math.PI * 2);
    context.fill();
    if (!isOwn) continue;
    context.strokeStyle = "rgba(125, 243, 255, 0.9)";
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(place(x), place(y), 12, 0, Math.PI * 2);
    context.stroke();
  }
}

function drawViewFrame(
  context: CanvasRenderingContext2D,
  scene: Scene,
  place: (units: number) => number,
  scale: number,
): void {
  const fit = Math.max(innerWidth / VIEW_WIDTH_UNITS, innerHeight / VIEW_HEIGHT_UNITS);
  const width = innerWidth / fit;
  const height = innerHeight / fit;
  context.strokeStyle = "rgba(255, 255, 255, 0.4)";
  context.lineWidth = 2;
  context.strokeRect(
    place(scene.camera.x - width / 2),
    place(scene.camera.y - height / 2),
    width * scale,
    height * scale,
  );
}
