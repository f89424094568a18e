/** Where ships are and how they move, in units: as the server had them, and as they are drawn. */
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { QUANTA_PER_UNIT, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { rowAt, type Truth } from "./truth.ts";

const { at } = shipKind;
const SCREEN_HALF_WIDTH = 800 * QUANTA_PER_UNIT;
const SCREEN_HALF_HEIGHT = 450 * QUANTA_PER_UNIT;

export type Place = { readonly x: number; readonly y: number };

/** A ship as drawn in one frame; its speed in units a second. */
export type Seen = Place & { readonly speed: number; readonly atMs: number };

/** What a row as drawn shows. */
export function seenIn(row: ArrayLike<number>, tickRate: number, atMs: number): Seen {
  const speed = (Math.hypot(row[at.vx], row[at.vy]) * STRIDE_PER_SPEED * tickRate) / QUANTA_PER_UNIT;
  return { x: row[at.x] / QUANTA_PER_UNIT, y: row[at.y] / QUANTA_PER_UNIT, speed, atMs };
}

/** Where a ship was at a tick, which may lie between two; undefined where it was not alive, or came to life. */
export function placeAt(truth: Truth, id: PlayerId, tick: number): Place | undefined {
  const from = truth.rowOf(Kind.Ship, id, Math.floor(tick));
  const to = truth.rowOf(Kind.Ship, id, Math.ceil(tick));
  if (from === undefined || to === undefined || from[at.respawn] > 0 || to[at.respawn] > 0) return undefined;
  const part = tick - Math.floor(tick);
  const blend = (field: number) => (from[field] + (to[field] - from[field]) * part) / QUANTA_PER_UNIT;
  return { x: blend(at.x), y: blend(at.y) };
}

export function distance(one: Place, other: Place): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** How much further something moved between two frames than its velocity explains. */
export function leap(before: Seen, after: Seen): number {
  const way = (Math.max(before.speed, after.speed) * (after.atMs - before.atMs)) / 1000;
  return Math.max(0, distance(before, after) - way);
}

/** Whether a frame tells of every ship within a screen's reach. */
export function hasWholeScreen(truth: Truth, { head, own, kinds }: Snapshot): boolean {
  const ships = truth.at(head.tick)?.kinds[Kind.Ship];
  if (own === undefined || ships === undefined) return false;
  for (let slot = 0; slot < ships.count; slot++) {
    const ship = rowAt(ships, slot);
    const isOnScreen =
      Math.abs(ship[at.x] - own[at.x]) <= SCREEN_HALF_WIDTH && Math.abs(ship[at.y] - own[at.y]) <= SCREEN_HALF_HEIGHT;
    if (isOnScreen && ship[at.respawn] === 0 && !kinds[Kind.Ship].has(ships.ids[slot])) return false;
  }
  return true;
}
