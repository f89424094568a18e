/**
 * Rays: how far a shot flies before it meets the map or a ship. All in coordinate quanta; a direction is a pair from
 * the exact table, and distances are in lengths of that pair.
 */
import { type GameMap, isOpen, OBSTACLE_CELL, type Obstacle, OPEN_REACH, obstaclesNear } from "./map.ts";

/** The distance to a circle; 0 from within it, Infinity for a miss. */
export function rayToCircle(
  x: number,
  y: number,
  dx: number,
  dy: number,
  cx: number,
  cy: number,
  radius: number,
): number {
  const ox = cx - x;
  const oy = cy - y;
  const gap2 = ox * ox + oy * oy - radius * radius;
  if (gap2 <= 0) return 0;
  const length2 = dx * dx + dy * dy;
  const along = ox * dx + oy * dy;
  if (along <= 0) return Infinity;
  const discriminant = along * along - length2 * gap2;
  return discriminant < 0 ? Infinity : (along - Math.sqrt(discriminant)) / length2;
}

/** The distance to a capsule: the nearest of its two round ends and its two straight sides. */
function rayToObstacle(x: number, y: number, dx: number, dy: number, obstacle: Obstacle): number {
  const { x0, y0, x1, y1, radius } = obstacle;
  const nearest = rayToCircle(x, y, dx, dy, x0, y0, radius);
  const ex = x1 - x0;
  const ey = y1 - y0;
  const length2 = ex * ex + ey * ey;
  if (length2 === 0) return nearest;
  const farEnd = rayToCircle(x, y, dx, dy, x1, y1, radius);
  const sides = rayToSides(x - x0, y - y0, dx, dy, ex, ey, radius, length2);
  return Math.min(nearest, farEnd, sides);
}

/** The distance to the sides of a capsule whose segment goes from (0, 0) to (ex, ey). */
function rayToSides(
  x: number,
  y: number,
  dx: number,
  dy: number,
  ex: number,
  ey: number,
  radius: number,
  length2: number,
): number {
  const length = Math.sqrt(length2);
  const across = (y * ex - x * ey) / length;
  const acrossStep = (dy * ex - dx * ey) / length;
  const along = (x * ex + y * ey) / length;
  const alongStep = (dx * ex + dy * ey) / length;
  if (across <= radius && across >= -radius) return along >= 0 && along <= length ? 0 : Infinity;
  const way = across > 0 ? across - radius : across + radius;
  const distance = acrossStep === 0 ? Infinity : -way / acrossStep;
  const hitAlong = along + alongStep * distance;
  return distance >= 0 && hitAlong >= 0 && hitAlong <= length ? distance : Infinity;
}

/** How far a ray flies before it meets an obstacle or the map's border, at most `range`. */
export function castRay(map: GameMap, x: number, y: number, dx: number, dy: number, range: number): number {
  let reach = Math.min(range, distanceToBorder(map, x, y, dx, dy));
  // A barrel is short, and nearly always in the open.
  if (reach <= OPEN_REACH && isOpen(map, x, y)) return reach;
  for (let done = 0; done <= reach; done += OBSTACLE_CELL / 2) {
    for (const obstacle of obstaclesNear(map, x + dx * done, y + dy * done)) {
      const distance = rayToObstacle(x, y, dx, dy, obstacle);
      if (distance < reach) reach = distance;
    }
  }
  return reach;
}

function distanceToBorder(map: GameMap, x: number, y: number, dx: number, dy: number): number {
  const acrossX = dx > 0 ? (map.side - x) / dx : dx < 0 ? -x / dx : Infinity;
  const acrossY = dy > 0 ? (map.side - y) / dy : dy < 0 ? -y / dy : Infinity;
  return Math.max(0, Math.min(acrossX, acrossY));
}
