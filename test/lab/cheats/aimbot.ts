/**
 * The aimbot: lies still and fires the pulse gun with all that its client has received, at once and without an error of
 * hand or eye. Where it shoots follows from the lag by which it expects to be judged: among places of the past that it
 * knows it cannot miss, and beyond them it takes everybody to fly on straight.
 */
import type { Match } from "@starwake/client/engine/match.ts";
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { angleOf, cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { castRay } from "@starwake/shared/game/ray.ts";
import { type ProjectileRules, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import type { World } from "@starwake/shared/game/world.ts";

const { at } = shipKind;
const PULSE = 0;
/** Ticks of flight beyond which it does not shoot: some 500 units. */
const MOST_FLIGHT = 30;
/** How long places are remembered: a second, longer than any lag. */
const REMEMBERED_TICKS = 64;

type Place = { readonly x: number; readonly y: number };
type Known = { readonly tick: Tick; readonly row: Int32Array };
/** Where a shot meets its target: how many ticks after it was fired, and which way it has to fly. */
type Meeting = { readonly ticks: number; readonly aim: number };

export class Aimbot {
  /** What was received of each ship, oldest first. */
  private readonly known = new Map<PlayerId, Known[]>();
  private last: Snapshot | undefined;

  /** Takes in what has been received by now. */
  learn({ snapshot, player }: Match): void {
    if (snapshot === undefined || snapshot === this.last) return;
    this.last = snapshot;
    const told = snapshot.kinds[Kind.Ship];
    for (const id of this.known.keys()) if (!told.has(id)) this.known.delete(id);
    for (const [id, { row, tick }] of told) {
      if (id === player) continue;
      const rows = this.known.get(id) ?? [];
      this.known.set(id, rows);
      if (rows.at(-1)?.tick !== tick) rows.push({ tick, row: row.slice() });
      while (rows[0].tick < snapshot.head.tick - REMEMBERED_TICKS) rows.shift();
    }
  }

  /**
   * What to hold at a tick.
   * @param lag by how many ticks the shot will be judged
   */
  decide(match: Match, tick: Tick, lag: number): Command {
    const own = match.prediction.newestRow;
    if (!match.prediction.isRunning || !starwake.obeys(own)) return NEUTRAL_COMMAND;
    let soonest: Meeting | undefined;
    for (const rows of this.known.values()) {
      const meeting = this.meet(match, own, rows, tick - lag);
      if (meeting !== undefined && (soonest === undefined || meeting.ticks < soonest.ticks)) soonest = meeting;
    }
    if (soonest === undefined) return NEUTRAL_COMMAND;
    return { ...NEUTRAL_COMMAND, aim: soonest.aim, triggers: Trigger.Primary };
  }

  /** How to hit the ship of which these rows are known, if it can be: `look` is where the shot's time begins for it. */
  private meet(match: Match, own: Int32Array, rows: readonly Known[], look: number): Meeting | undefined {
    const { rules, map } = match.world as World;
    const { stride, radius } = rules.weapons[PULSE] as ProjectileRules;
    if (rows.at(-1)!.row[at.protection] > 0) return undefined;
    const muzzle = rules.ship.radius + radius;
    for (let ticks = 1; ticks <= MOST_FLIGHT; ticks++) {
      const place = placeAt(rows, look + ticks);
      const [dx, dy] = [place.x - own[at.x], place.y - own[at.y]];
      const gap = Math.sqrt(dx * dx + dy * dy);
      if (muzzle + ticks * stride < gap) continue;
      const aim = angleOf(dx, dy) & (TURN - 1);
      const isOpen = castRay(map, own[at.x], own[at.y], cosine(aim), sine(aim), gap) >= gap;
      return isOpen ? { ticks, aim } : undefined;
    }
    return undefined;
  }
}

/** Where a ship was at a tick, by the rows around it; later than the newest, where it is if it flies on straight. */
function placeAt(rows: readonly Known[], tick: number): Place {
  const whole = Math.floor(tick);
  let after = rows.length;
  while (after > 0 && rows[after - 1].tick > whole) after--;
  const before = rows[Math.max(0, after - 1)];
  const next = rows[after];
  if (after > 0 && next !== undefined) {
    const part = (tick - before.tick) / (next.tick - before.tick);
    return {
      x: before.row[at.x] + (next.row[at.x] - before.row[at.x]) * part,
      y: before.row[at.y] + (next.row[at.y] - before.row[at.y]) * part,
    };
  }
  const ticks = Math.max(0, tick - before.tick) * STRIDE_PER_SPEED;
  return { x: before.row[at.x] + before.row[at.vx] * ticks, y: before.row[at.y] + before.row[at.vy] * ticks };
}
