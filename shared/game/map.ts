/**
 * The map: a walled square with asteroids and walls, generated from the seed at any size, and a grid to find what is
 * near a point. An asteroid is a wall without length: every obstacle is a capsule.
 */
import { cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import { QUANTA_PER_UNIT } from "./rules.ts";

/** All points within `radius` of the segment, in coordinate quanta. */
export type Obstacle = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly radius: number;
};

export type GameMap = {
  /** Side of the square, in coordinate quanta. */
  readonly side: number;
  readonly obstacles: readonly Obstacle[];
  /** The obstacles within half a cell of each cell of a square grid. */
  readonly near: readonly (readonly Obstacle[])[];
  readonly columns: number;
  /** 1 for each cell of a finer grid with no obstacle within reach of a ship: nearly all of them, and close together. */
  readonly open: Uint8Array;
  readonly openColumns: number;
};

/** Anything that moves or is born is kept this far from what it must not touch when the map is laid out. */
const LANE_UNITS = 110;
const CELL_UNITS = 256;
/** One obstacle to so many square units. */
const UNITS2_PER_ASTEROID = 420_000;
const UNITS2_PER_WALL = 1_100_000;
const UNITS_PER_PLAYER_SIDE = 560;
const MAP_STREAM = 1;

export const OBSTACLE_CELL = CELL_UNITS * QUANTA_PER_UNIT;
const OPEN_CELL = 64 * QUANTA_PER_UNIT;
/** What flies reaches no further around its middle. */
export const OPEN_REACH = 32 * QUANTA_PER_UNIT;

/** The side of a map that gives `capacity` players room, in units. */
export function sideFor(capacity: number): number {
  return Math.max(6, Math.ceil((Math.sqrt(capacity) * UNITS_PER_PLAYER_SIDE) / CELL_UNITS)) * CELL_UNITS;
}

/** The same seed and side (in units) give the same map on every machine. */
export function generateMap(seed: number, sideUnits: number): GameMap {
  const random = createRandom(seed, MAP_STREAM);
  const obstacles: Obstacle[] = [];
  const area = sideUnits * sideUnits;
  place(obstacles, Math.round(area / UNITS2_PER_WALL), () => randomWall(random, sideUnits), sideUnits);
  place(obstacles, Math.round(area / UNITS2_PER_ASTEROID), () => randomAsteroid(random, sideUnits), sideUnits);
  const side = sideUnits * QUANTA_PER_UNIT;
  const columns = Math.ceil(side / OBSTACLE_CELL);
  const openColumns = Math.ceil(side / OPEN_CELL);
  const near = indexObstacles(obstacles, columns);
  return { side, obstacles, columns, near, open: findOpen(obstacles, openColumns), openColumns };
}

const ATTEMPTS_PER_OBSTACLE = 12;

function place(obstacles: Obstacle[], count: number, draw: () => Obstacle, sideUnits: number): void {
  let placed = 0;
  for (let attempt = 0; attempt < count * ATTEMPTS_PER_OBSTACLE && placed < count; attempt++) {
    const obstacle = draw();
    if (!fits(obstacle, obstacles, sideUnits)) continue;
    obstacles.push(obstacle);
    placed++;
  }
}

function fits(obstacle: Obstacle, others: readonly Obstacle[], sideUnits: number): boolean {
  const reach = obstacle.radius + LANE_UNITS * QUANTA_PER_UNIT;
  const side = sideUnits * QUANTA_PER_UNIT;
  for (const end of [obstacle.x0, obstacle.y0, obstacle.x1, obstacle.y1])
    if (end < reach || end > side - reach) return false;
  return others.every((other) => !mayTouch(obstacle, other, LANE_UNITS * QUANTA_PER_UNIT));
}

/** Whether two capsules come nearer than `lane`, tested at points along the first. */
function mayTouch(one: Obstacle, other: Obstacle, lane: number): boolean {
  for (let step = 0; step <= 8; step++) {
    const x = one.x0 + ((one.x1 - one.x0) * step) / 8;
    const y = one.y0 + ((one.y1 - one.y0) * step) / 8;
    if (distanceTo(other, x, y) < one.radius + lane) return true;
  }
  return false;
}

/** From a point to an obstacle's surface; negative inside. */
export function distanceTo(obstacle: Obstacle, x: number, y: number): number {
  const part = nearestPart(obstacle, x, y);
  const dx = x - (obstacle.x0 + (obstacle.x1 - obstacle.x0) * part);
  const dy = y - (obstacle.y0 + (obstacle.y1 - obstacle.y0) * part);
  return Math.sqrt(dx * dx + dy * dy) - obstacle.radius;
}

/** A coordinate as one that a record can carry: whole, and on the map. */
export function clampToMap(map: GameMap, coordinate: number): number {
  return Math.round(Math.min(map.side, Math.max(0, coordinate)));
}

/** How far along an obstacle's segment the point nearest to (x, y) lies, 0 to 1. */
export function nearestPart(obstacle: Obstacle, x: number, y: number): number {
  const ex = obstacle.x1 - obstacle.x0;
  const ey = obstacle.y1 - obstacle.y0;
  const length2 = ex * ex + ey * ey;
  if (length2 === 0) return 0;
  const part = ((x - obstacle.x0) * ex + (y - obstacle.y0) * ey) / length2;
  return part < 0 ? 0 : part > 1 ? 1 : part;
}

function randomAsteroid(random: Random, sideUnits: number): Obstacle {
  const radius = nextBetween(random, 40, 130) * QUANTA_PER_UNIT;
  const x = nextBelow(random, sideUnits) * QUANTA_PER_UNIT;
  const y = nextBelow(random, sideUnits) * QUANTA_PER_UNIT;
  return { x0: x, y0: y, x1: x, y1: y, radius };
}

function randomWall(random: Random, sideUnits: number): Obstacle {
  const radius = nextBetween(random, 14, 22) * QUANTA_PER_UNIT;
  const length = nextBetween(random, 180, 460) * QUANTA_PER_UNIT;
  const angle = nextBelow(random, 8) * (TURN / 8);
  const x0 = nextBelow(random, sideUnits) * QUANTA_PER_UNIT;
  const y0 = nextBelow(random, sideUnits) * QUANTA_PER_UNIT;
  return { x0, y0, x1: Math.round(x0 + cosine(angle) * length), y1: Math.round(y0 + sine(angle) * length), radius };
}

function indexObstacles(obstacles: readonly Obstacle[], columns: number): Obstacle[][] {
  const near: Obstacle[][] = [];
  for (let cell = 0; cell < columns * columns; cell++) {
    const x = ((cell % columns) + 0.5) * OBSTACLE_CELL;
    const y = (Math.floor(cell / columns) + 0.5) * OBSTACLE_CELL;
    // From the middle of a cell to its corner is less than 0.75 of its side, and half a cell more is asked for.
    near.push(obstacles.filter((obstacle) => distanceTo(obstacle, x, y) < OBSTACLE_CELL * 1.25));
  }
  return near;
}

function findOpen(obstacles: readonly Obstacle[], columns: number): Uint8Array {
  const open = new Uint8Array(columns * columns).fill(1);
  const middleOf = (place: number) => (place + 0.5) * OPEN_CELL;
  // From the middle of a cell to its corner is less than 0.75 of its side.
  const reach = OPEN_REACH + OPEN_CELL * 0.75;
  for (const obstacle of obstacles) {
    const { x0, y0, x1, y1, radius } = obstacle;
    const first = (low: number) => Math.max(0, Math.floor((low - radius - reach) / OPEN_CELL));
    const last = (high: number) => Math.min(columns - 1, Math.floor((high + radius + reach) / OPEN_CELL));
    for (let row = first(Math.min(y0, y1)); row <= last(Math.max(y0, y1)); row++)
      for (let column = first(Math.min(x0, x1)); column <= last(Math.max(x0, x1)); column++)
        if (distanceTo(obstacle, middleOf(column), middleOf(row)) < reach) open[row * columns + column] = 0;
  }
  return open;
}

/** Whether no obstacle is within 32 units of a point for sure. */
export function isOpen(map: GameMap, x: number, y: number): boolean {
  const last = map.openColumns - 1;
  const column = Math.min(last, Math.max(0, Math.floor(x / OPEN_CELL)));
  const row = Math.min(last, Math.max(0, Math.floor(y / OPEN_CELL)));
  return map.open[row * map.openColumns + column] === 1;
}

/** The obstacles that anything within half a grid cell (128 units) of a point can touch. */
export function obstaclesNear(map: GameMap, x: number, y: number): readonly Obstacle[] {
  const column = Math.min(map.columns - 1, Math.max(0, Math.floor(x / OBSTACLE_CELL)));
  const row = Math.min(map.columns - 1, Math.max(0, Math.floor(y / OBSTACLE_CELL)));
  return map.near[row * map.columns + column];
}
