/**
 * The shooting range: one flies past, the other shoots at exactly what is drawn. Whoever hits what they see hits with
 * every shot.
 */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import { angleOf, cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { type Command, NEUTRAL_COMMAND, thrustTowards } from "@starwake/shared/game/command.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { castRay } from "@starwake/shared/game/ray.ts";
import { QUANTA_PER_UNIT, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import type { World } from "@starwake/shared/game/world.ts";
import type { Flyer } from "./scenario.ts";

const { at } = shipKind;
const RAIL = 1;
const RANGE = 700 * QUANTA_PER_UNIT;
/** Before it shoots, the clocks have got to know the network: ten seconds of frames. */
const WAITS_FRAMES = 600;
/** A target slower than this would be hit without any rewind, too. */
const LEAST_SPEED = 300;

type Target = { readonly x: number; readonly y: number; readonly vx: number; readonly vy: number };

/** Stands still, charges the rail gun, and lets go when what is drawn crosses fast and in the open. */
export function marksman(_seed: number): Flyer {
  let frames = 0;
  return (match, picture) => {
    const { rules, map } = match.world as World;
    const own = match.prediction.newestRow;
    const target = targetIn(match, picture);
    if (own[at.respawn] > 0 || target === undefined || frames++ < WAITS_FRAMES)
      return { ...NEUTRAL_COMMAND, triggers: Trigger.Secondary };
    const [dx, dy] = [target.x - own[at.x], target.y - own[at.y]];
    const gap = Math.sqrt(dx * dx + dy * dy);
    const aim = angleOf(dx, dy) & (TURN - 1);
    const isOpen = gap < RANGE && castRay(map, own[at.x], own[at.y], cosine(aim), sine(aim), gap) >= gap;
    const isCharged = own[at.charge] >= rules.weapons[RAIL].chargeTicks;
    // Across the line of fire, a ship is soon where it is no more seen.
    const across = Math.abs(target.vx * dy - target.vy * dx) / gap;
    const unitsPerSecond = (across * STRIDE_PER_SPEED * rules.ticksPerSecond) / QUANTA_PER_UNIT;
    const shoots = isCharged && isOpen && unitsPerSecond > LEAST_SPEED;
    return { ...NEUTRAL_COMMAND, aim, triggers: shoots ? 0 : Trigger.Secondary };
  };
}

function targetIn(match: Match, picture: Picture): Target | undefined {
  const seen = picture.moving(Kind.Ship).find(({ id }) => id !== match.player);
  // Who is protected cannot be hurt.
  if (seen === undefined || seen.row[at.protection] > 0) return undefined;
  const { row } = seen;
  return { x: row[at.x], y: row[at.y], vx: row[at.vx], vy: row[at.vy] };
}

/** Flies back and forth past whoever it sees or saw last, at full speed and sideways. */
export function passer(_seed: number): Flyer {
  let last: Target | undefined;
  let side = 1;
  let turnsInTicks = 0;
  return (match, picture): Command => {
    const own = match.prediction.newestRow;
    const { map } = match.world as World;
    last = targetIn(match, picture) ?? last;
    const target = last ?? { x: map.side / 2, y: map.side / 2, vx: 0, vy: 0 };
    const bearing = angleOf(target.x - own[at.x], target.y - own[at.y]);
    const gap = Math.hypot(target.x - own[at.x], target.y - own[at.y]);
    if (turnsInTicks-- <= 0) {
      side = -side;
      turnsInTicks = 90;
    }
    // Nearer when far: more towards it than across.
    const lead = gap > RANGE * 0.6 ? TURN / 8 : TURN / 4;
    return { ...NEUTRAL_COMMAND, thrust: thrustTowards((bearing + side * lead) & (TURN - 1)) };
  };
}
