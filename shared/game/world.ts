/**
 * The world: all state of one match, plain data. Ships are kept in order of id and projectiles in order of birth, so
 * that every walk over them has one order on every machine.
 */
import type { PlayerId, WorldSetup } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, type Random } from "@starwake/shared/engine/random.ts";
import type { ProjectileRow, ShipRow } from "./entities.ts";
import type { GameEvent, KillNews } from "./events.ts";
import { type GameMap, generateMap, sideFor } from "./map.ts";
import { freeForAll } from "./modes/free-for-all.ts";
import type { Mode } from "./modes/mode.ts";
import { copyPast, createPast, type Past } from "./rewind.ts";
import { compileRules, type Rules } from "./rules.ts";
import { ShipGrid } from "./ship-grid.ts";

export type Ship = ShipRow & {
  /** The player's number. */
  readonly id: PlayerId;
  score: number;
  kills: number;
  deaths: number;
};

export type Projectile = ProjectileRow & {
  id: number;
  /** Where it ends unless it hits a ship. */
  endX: number;
  endY: number;
};

/** Counts of one step. */
export type Tally = {
  /** Shots that hit a ship. */
  hits: number;
  /** Those among them that were judged by what their shooter saw, and not by the present. */
  rewoundHits: number;
  /** Those among these whose victim has come behind an obstacle by now. */
  hitsBehindCover: number;
};

export const NO_TALLY: Readonly<Tally> = { hits: 0, rewoundHits: 0, hitsBehindCover: 0 };

export type World = {
  tick: number;
  /** The most players that may come. */
  readonly capacity: number;
  readonly random: Random;
  readonly rules: Rules;
  readonly map: GameMap;
  readonly mode: Mode;
  /** Decides what chance and others' doings decide; a predicting world does not. */
  readonly isAuthority: boolean;
  ships: Ship[];
  projectiles: Projectile[];
  /**
   * Projectiles that are no more, to be used again: they live just long enough for garbage collection to take them for
   * things that stay, and thousands of them cost a server a long pause every few seconds.
   */
  readonly spent: Projectile[];
  /** Of the last step. */
  events: GameEvent[];
  news: KillNews[];
  tally: Tally;
  /** Finds ships by place; filled by the step. */
  readonly shipGrid: ShipGrid;
  /** Where ships have been of late. */
  readonly past: Past;
};

const WORLD_STREAM = 2;

export function createWorld(setup: WorldSetup): World {
  const map = generateMap(setup.seed, setup.mapSize || sideFor(setup.capacity));
  const rules = compileRules(setup.tickRate);
  return {
    tick: 0,
    capacity: setup.capacity,
    random: createRandom(setup.seed, WORLD_STREAM),
    rules,
    map,
    mode: freeForAll,
    isAuthority: setup.role === "authority",
    ships: [],
    projectiles: [],
    spent: [],
    events: [],
    news: [],
    tally: { ...NO_TALLY },
    shipGrid: new ShipGrid(map.side),
    past: createPast(rules),
  };
}

/** A world of its own that goes on exactly like this one; the map, which never changes, is shared. */
export function copyWorld(world: World): World {
  return {
    ...world,
    random: { ...world.random },
    ships: world.ships.map((ship) => ({ ...ship })),
    projectiles: world.projectiles.map((projectile) => ({ ...projectile })),
    spent: [],
    events: [...world.events],
    news: [...world.news],
    tally: { ...world.tally },
    shipGrid: new ShipGrid(world.map.side),
    past: copyPast(world.past),
  };
}

export function isAlive(ship: Readonly<ShipRow>): boolean {
  return ship.respawn === 0;
}

export function findShip({ ships }: World, id: PlayerId): Ship | undefined {
  let low = 0;
  let high = ships.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const ship = ships[middle];
    if (ship.id === id) return ship;
    if (ship.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** All zeros, which is alive and at rest in a corner; in the order of the fields, so that all ships have one shape. */
export const NEUTRAL_SHIP: Readonly<ShipRow> = {
  aim: 0,
  thrust: 0,
  isBoosting: 0,
  x: 0,
  y: 0,
  vx: 0,
  vy: 0,
  health: 0,
  charging: 0,
  charge: 0,
  protection: 0,
  energy: 0,
  cooldown: 0,
  mendDelay: 0,
  respawn: 0,
};

/** A ship at rest in a corner, alive and whole: what every new or adopted ship starts from. */
export function createShip(world: World, id: PlayerId): Ship {
  const { maxHealth, maxEnergy } = world.rules.ship;
  return { ...NEUTRAL_SHIP, health: maxHealth, energy: maxEnergy, id, score: 0, kills: 0, deaths: 0 };
}
