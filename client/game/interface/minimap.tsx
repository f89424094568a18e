/**
 * The minimap: arena, obstacles, and what is known of it: a dot for each ship around the screen, and beyond, in whichever
 * sector the overview tells of ships, a haze over the whole sector, for no more is known. In a replay all ships are dots.
 *
 * The arena is painted once; each drawing copies it and adds the haze, the screen and the dots.
 *
 * Next: net-graph.tsx.
 */

import { fitScale } from "@starwake/shared/game/sight.ts";
import { useRef } from "preact/hooks";
import type { ArenaView, OverviewView, Scene } from "../scene.ts";
import { fromHsl } from "../views/palette.ts";
import { type AnyInstruments, type InstrumentSource, useInstrument } from "./instruments.ts";

const INTERVAL_MS = 66;
const LONG_SIDE_PIXELS = 360;
const PADDING_PIXELS = 8;
/** By hue. A canvas reads "#rrggbb" several times faster than "hsl()", and with 200 dots that was more than half. */
const DOT_INKS = Array.from({ length: 360 }, (_, hue) => `#${fromHsl(hue, 0.9, 0.64).toString(16).padStart(6, "0")}`);

/** For one ship in a sector, two, and more. */
const HAZE_INKS = ["rgba(255, 176, 92, 0.34)", "rgba(255, 176, 92, 0.54)", "rgba(255, 176, 92, 0.76)"] as const;

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
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
  const shown = shownBy(scene);
  if (scene.overview !== undefined) drawOverview(context, scene.overview, backdrop, shown);
  drawViewFrame(context, shown, place, scale);
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

/** What the screen shows of the arena, in units. */
function shownBy({ camera }: Scene): Box {
  const fit = fitScale(innerWidth, innerHeight);
  const [width, height] = [innerWidth / fit, innerHeight / fit];
  return { x: camera.x - width / 2, y: camera.y - height / 2, width, height };
}

/** Sectors with ships; not those that the screen shows to the middle, where the ships themselves are dots. */
function drawOverview(
  context: CanvasRenderingContext2D,
  { columns, levels }: OverviewView,
  { arena, scale }: Backdrop,
  shown: Box,
): void {
  const side = arena.widthUnits / columns;
  for (const [sector, level] of levels.entries()) {
    const x = (sector % columns) * side;
    const y = Math.floor(sector / columns) * side;
    if (level === 0 || isIn(shown, x + side / 2, y + side / 2)) continue;
    context.fillStyle = HAZE_INKS[level - 1]!;
    context.fillRect(PADDING_PIXELS + x * scale, PADDING_PIXELS + y * scale, side * scale, side * scale);
  }
}

function isIn({ x, y, width, height }: Box, px: number, py: number): boolean {
  return px >= x && py >= y && px < x + width && py < y + height;
}

function drawViewFrame(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  place: (units: number) => number,
  scale: number,
): void {
  context.strokeStyle = "rgba(255, 255, 255, 0.4)";
  context.lineWidth = 2;
  context.strokeRect(place(x), place(y), width * scale, height * scale);
}
