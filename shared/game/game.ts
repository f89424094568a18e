/**
 * Starwake, the game, as the engine sees it: the one place where the game's parts are put together.
 */
import type { Space } from "@starwake/shared/engine/cell-grid.ts";
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import type {
  Condition,
  EngineWorld,
  GameDefinition,
  Neighbour,
  PlayerId,
} from "@starwake/shared/engine/game-definition.ts";
import type { RecordSink } from "@starwake/shared/engine/records.ts";
import { readRow } from "@starwake/shared/engine/schema.ts";
import { foretellProjectile } from "./combat.ts";
import { type Command, commandSchema, NEUTRAL_COMMAND } from "./command.ts";
import { Kind, projectileKind, type ShipRow, shipKind } from "./entities.ts";
import { EVENT_SCHEMAS } from "./events.ts";
import { leaving } from "./leaving.ts";
import { flyAlone } from "./movement.ts";
import { LEAST_SECTOR_UNITS, MOST_COLUMNS, overview } from "./overview.ts";
import { spawn } from "./respawn.ts";
import { forgetShip } from "./rewind.ts";
import { QUANTA_PER_UNIT, STRIDE_PER_SPEED } from "./rules.ts";
import { SHIP } from "./ships.ts";
import { AHEAD_SECONDS, LEAVE_UNITS, MOST_PLAYERS_SEEN_EXACTLY, SCREEN_SHAPES, VIEWS } from "./sight.ts";
import { step } from "./step.ts";
import { WEAPONS } from "./weapons.ts";
import { copyWorld, createShip, createWorld, findShip, isAlive, NEUTRAL_SHIP, type Ship, type World } from "./world.ts";

/** Bump when a rule changes that no table shows, so that an old page is told to reload. */
const RULES_REVISION = 6;

/**
 * A cell's side: large where few ships are in view, since every cell costs looking at, and the smaller the more there are,
 * since where they do not all fit a frame the cells of the nearest should hold few others.
 */
const CELL_UNITS = { least: 96, most: 768 } as const;
const CELL_UNITS_TIMES_SHIPS_IN_VIEW = 52_000;
const STAY_MARGIN = { mostUnits: 48, ofCell: 1 / 4 } as const;
/** As far as two ships at full boost fly towards each other in a fifth of a second, and their size. */
const NEIGHBOUR_UNITS = 320;
/** Not quite two units a frame, at 60 frames a second. */
const EASE_UNITS_PER_SECOND = 116;

export const starwake: GameDefinition<World & EngineWorld, typeof commandSchema> = {
  name: "starwake",
  kinds: [shipKind, projectileKind],
  events: EVENT_SCHEMAS,
  command: commandSchema,
  neutralCommand: NEUTRAL_COMMAND,
  repeatCommand: (last: Command) => last,
  digest: JSON.stringify([RULES_REVISION, SHIP, WEAPONS, SCREEN_SHAPES, VIEWS, LEAST_SECTOR_UNITS, MOST_COLUMNS]),
  createWorld,
  space,
  lookFrom,
  addPlayer,
  removePlayer(world, player) {
    world.ships = world.ships.filter((ship) => ship.id !== player);
    forgetShip(world.past, player);
  },
  leaving,
  step,
  copyWorld,
  record,
  advance,
  foretell,
  adopt,
  neighbourReach: NEIGHBOUR_UNITS * QUANTA_PER_UNIT,
  easeSpeed: EASE_UNITS_PER_SECOND * QUANTA_PER_UNIT,
  obeys: (row) => row[shipKind.at.respawn] === 0,
  overview,
  standing(world, player) {
    const ship = findShip(world, player);
    return { score: ship?.score ?? 0, kills: ship?.kills ?? 0, deaths: ship?.deaths ?? 0 };
  },
  news: (world) => world.news,
  concernedBy: ({ killer, victim }) => [killer, victim],
  tally: (world) => world.tally,
};

function space(world: World): Space {
  const cell = cellUnits(world);
  return {
    width: world.map.side,
    height: world.map.side,
    cellSize: cell * QUANTA_PER_UNIT,
    stayMargin: Math.round(Math.min(STAY_MARGIN.mostUnits, cell * STAY_MARGIN.ofCell) * QUANTA_PER_UNIT),
    ...(world.capacity <= MOST_PLAYERS_SEEN_EXACTLY && { leaveMargin: LEAVE_UNITS * QUANTA_PER_UNIT }),
    ...VIEWS[0],
    views: VIEWS,
  };
}

/** Ahead of the ship, see AHEAD_SECONDS; who is dead looks at where they died. */
function lookFrom({ rules, map }: World, rows: Int32Array, offset: number, middle: { x: number; y: number }): void {
  const { at } = shipKind;
  const isDead = rows[offset + at.respawn] > 0;
  const ahead = isDead ? 0 : STRIDE_PER_SPEED * rules.ticksPerSecond * AHEAD_SECONDS;
  middle.x = clamp(Math.round(rows[offset + at.x] + rows[offset + at.vx] * ahead), 0, map.side);
  middle.y = clamp(Math.round(rows[offset + at.y] + rows[offset + at.vy] * ahead), 0, map.side);
}

function cellUnits({ map, capacity }: World): number {
  const [{ viewHalfWidth, viewHalfHeight }] = VIEWS;
  const shipsInView = (capacity * 4 * viewHalfWidth * viewHalfHeight) / (map.side * map.side);
  const units = Math.round(CELL_UNITS_TIMES_SHIPS_IN_VIEW / shipsInView);
  return Math.max(CELL_UNITS.least, Math.min(CELL_UNITS.most, units));
}

function addPlayer(world: World, player: PlayerId, condition?: Condition): void {
  const ship = createShip(world, player);
  if (world.isAuthority) spawn(world, ship);
  Object.assign(ship, condition);
  const place = world.ships.findIndex((other) => other.id > player);
  world.ships.splice(place < 0 ? world.ships.length : place, 0, ship);
}

function record(world: World, sink: RecordSink): void {
  for (const ship of world.ships) {
    if (isAlive(ship)) sink.entity(Kind.Ship, ship.id, ship);
    else sink.hidden(Kind.Ship, ship.id, ship);
  }
  for (const projectile of world.projectiles) {
    if (sink.again(Kind.Projectile, projectile.id)) continue;
    const { x, y, endX, endY } = projectile;
    sink.entity(Kind.Projectile, projectile.id, projectile, { x0: x, y0: y, x1: endX, y1: endY });
  }
  for (const { kind, values, span } of world.events) sink.event(kind, values, span);
}

/** A ship to move rows by: delta coding does it for every ship that anybody sees, in every tick. */
const moved: ShipRow = { ...NEUTRAL_SHIP };

function advance(world: World, kind: number, row: Int32Array, ticks: number): void {
  if (kind !== Kind.Ship || ticks === 0) return;
  const { at } = shipKind;
  moved.thrust = row[at.thrust];
  moved.isBoosting = row[at.isBoosting];
  moved.x = row[at.x];
  moved.y = row[at.y];
  moved.vx = row[at.vx];
  moved.vy = row[at.vy];
  moved.charging = row[at.charging];
  moved.charge = row[at.charge];
  moved.protection = row[at.protection];
  for (let tick = 0; tick < ticks; tick++) flyAlone(moved, world.map, world.rules);
  row[at.x] = moved.x;
  row[at.y] = moved.y;
  row[at.vx] = moved.vx;
  row[at.vy] = moved.vy;
  row[at.charge] = moved.charge;
  row[at.protection] = moved.protection;
}

function foretell(world: World, anchor: Int32Array, row: Int32Array, field: number, tick: number): number {
  return foretellProjectile(world, anchor, row, tick - row[projectileKind.at.birth], field);
}

function adopt(world: World, player: PlayerId, row: Int32Array, tick: number, neighbours: readonly Neighbour[]): void {
  world.ships = neighbours.map((neighbour) => {
    const ship = toShip(world, neighbour.id, neighbour.row);
    // What others have left is not told: who boosts is taken to be able to go on.
    ship.energy = world.rules.ship.maxEnergy;
    return ship;
  });
  world.ships.push(toShip(world, player, row));
  world.ships.sort((one, other) => one.id - other.id);
  world.projectiles = [];
  world.events = [];
  world.news = [];
  world.tick = tick;
}

function toShip(world: World, id: PlayerId, row: Int32Array): Ship {
  const ship = createShip(world, id);
  readRow(shipKind, row, 0, ship);
  return ship;
}
