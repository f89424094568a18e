/** No ship moves further in a tick than its table allows: as far as a boost carries it, and as far as contact pushes it. */
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { distanceTo } from "@starwake/shared/game/map.ts";
import { STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { rowAt, type Truth } from "../truth.ts";
import type { Report } from "./violation.ts";

/** A ship within this of another, or of the map's parts, may have touched it. */
const TOUCH_REACH_RADII = 2.5;

const { at } = shipKind;

export function checkMoves(tick: Tick, truth: Truth, report: Report): void {
  const [from, to] = [truth.at(tick - 1)?.kinds[Kind.Ship], truth.at(tick)?.kinds[Kind.Ship]];
  if (from === undefined || to === undefined) return;
  const { ship } = (truth.world as World).rules;
  for (let slot = 0; slot < to.count; slot++) {
    const id = to.ids[slot];
    const earlier = from.slotOf(id);
    const [was, is] = [earlier < 0 ? undefined : rowAt(from, earlier), rowAt(to, slot)];
    if (was === undefined || was[at.respawn] > 0 || is[at.respawn] > 0) continue;
    const moved = Math.hypot(is[at.x] - was[at.x], is[at.y] - was[at.y]);
    // Both coordinates are rounded.
    const free = ship.boostTopSpeed * STRIDE_PER_SPEED + Math.SQRT2;
    const most = free + (isTouching(tick, id, is, truth) ? ship.radius * 2 : 0);
    if (moved > most) report("within-the-table", -1, `ship ${id} moved ${moved} quanta of ${most}`);
  }
}

function isTouching(tick: Tick, id: number, row: Int32Array, truth: Truth): boolean {
  const { map, rules } = truth.world as World;
  const reach = rules.ship.radius * TOUCH_REACH_RADII;
  const ships = truth.at(tick)!.kinds[Kind.Ship];
  for (let slot = 0; slot < ships.count; slot++) {
    const other = rowAt(ships, slot);
    if (ships.ids[slot] !== id && Math.hypot(other[at.x] - row[at.x], other[at.y] - row[at.y]) <= reach) return true;
  }
  return map.obstacles.some((obstacle) => distanceTo(obstacle, row[at.x], row[at.y]) <= reach);
}
