/**
 * The arena: its floor grid, its border, and the obstacles, drawn exactly as large as they collide.
 *
 * Next: ship-view.ts.
 */

import type { ArenaView, ObstacleView } from "../scene.ts";
import { type Atlas, ROCK_FILL, WALL_FILL } from "./atlas.ts";
import { hash01 } from "./noise.ts";
import { Colour } from "./palette.ts";
import type { QuadLayer } from "./quad-layer.ts";
import { isVisible, type Viewport } from "./viewport.ts";

const GRID_UNITS = 200;
const BORDER_WIDTH_UNITS = 34;

/** Faint lines under everything, so that speed can be seen where nothing else moves. */
export function drawGrid(layer: QuadLayer, atlas: Atlas, arena: ArenaView, view: Viewport): void {
  const left = Math.max(0, view.centreX - view.halfWidth);
  const right = Math.min(arena.widthUnits, view.centreX + view.halfWidth);
  const top = Math.max(0, view.centreY - view.halfHeight);
  const bottom = Math.min(arena.heightUnits, view.centreY + view.halfHeight);
  if (left >= right || top >= bottom) return;
  for (let x = Math.ceil(left / GRID_UNITS) * GRID_UNITS; x <= right; x += GRID_UNITS) {
    layer.drawLine(atlas.line, x, top, x, bottom, 9, Colour.grid, 0.34);
  }
  for (let y = Math.ceil(top / GRID_UNITS) * GRID_UNITS; y <= bottom; y += GRID_UNITS) {
    layer.drawLine(atlas.line, left, y, right, y, 9, Colour.grid, 0.34);
  }
}

export function drawBorder(layer: QuadLayer, atlas: Atlas, arena: ArenaView, nowMs: number): void {
  const width = arena.widthUnits;
  const height = arena.heightUnits;
  const pulse = 0.82 + 0.18 * Math.sin(nowMs * 0.002);
  const side = (x0: number, y0: number, x1: number, y1: number): void => {
    layer.drawLine(atlas.softLine, x0, y0, x1, y1, BORDER_WIDTH_UNITS * 3, Colour.border, 0.28 * pulse);
    layer.drawLine(atlas.line, x0, y0, x1, y1, BORDER_WIDTH_UNITS, Colour.border, pulse);
  };
  side(0, 0, width, 0);
  side(width, 0, width, height);
  side(width, height, 0, height);
  side(0, height, 0, 0);
  // Lines end square: a round glow closes the gap that two of them leave outside a corner.
  for (const [x, y] of [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const) {
    layer.drawUpright(atlas.glow, x, y, BORDER_WIDTH_UNITS * 3, BORDER_WIDTH_UNITS * 3, Colour.border, 0.4 * pulse);
  }
}

export function drawObstacles(layer: QuadLayer, atlas: Atlas, arena: ArenaView, view: Viewport): void {
  for (const obstacle of arena.obstacles) {
    if (!isObstacleVisible(obstacle, view)) continue;
    if (obstacle.isWall) drawWall(layer, atlas, obstacle);
    else drawRock(layer, atlas, obstacle);
  }
}

/** Light that the obstacles throw on the floor; additive, drawn under them. */
export function drawObstacleGlow(layer: QuadLayer, atlas: Atlas, arena: ArenaView, view: Viewport): void {
  for (const { x0, y0, x1, y1, radius, isWall } of arena.obstacles) {
    if (isWall) layer.drawLine(atlas.softLine, x0, y0, x1, y1, radius * 7, Colour.wallGlow, 0.22);
    else if (isVisible(view, x0, y0, radius * 2)) {
      layer.drawUpright(atlas.glow, x0, y0, radius * 3.6, radius * 3.6, 0x3a55b0, 0.5);
    }
  }
}

function drawRock(layer: QuadLayer, atlas: Atlas, rock: ObstacleView): void {
  const kind = Math.floor(hash01(Math.round(rock.x0), Math.round(rock.y0)) * atlas.rocks.length);
  const size = (rock.radius * 2) / ROCK_FILL;
  layer.drawUpright(atlas.rocks[kind]!, rock.x0, rock.y0, size, size, Colour.white, 1);
}

function drawWall(layer: QuadLayer, atlas: Atlas, wall: ObstacleView): void {
  const dx = wall.x1 - wall.x0;
  const dy = wall.y1 - wall.y0;
  const length = Math.sqrt(dx * dx + dy * dy);
  const cos = length > 0 ? dx / length : 1;
  const sin = length > 0 ? dy / length : 0;
  const across = (wall.radius * 2) / WALL_FILL;
  const cap = across / 2;
  layer.draw(atlas.wallCap, wall.x0 - (cos * cap) / 2, wall.y0 - (sin * cap) / 2, cap, across, cos, sin, 0xffffff, 1);
  layer.draw(atlas.wallCap, wall.x1 + (cos * cap) / 2, wall.y1 + (sin * cap) / 2, cap, across, -cos, -sin, 0xffffff, 1);
  layer.drawLine(atlas.wallMiddle, wall.x0, wall.y0, wall.x1, wall.y1, across, Colour.white, 1);
}

function isObstacleVisible(obstacle: ObstacleView, view: Viewport): boolean {
  const middleX = (obstacle.x0 + obstacle.x1) / 2;
  const middleY = (obstacle.y0 + obstacle.y1) / 2;
  const reach =
    Math.max(Math.abs(obstacle.x1 - obstacle.x0), Math.abs(obstacle.y1 - obstacle.y0)) / 2 + obstacle.radius * 1.5;
  return isVisible(view, middleX, middleY, reach);
}
