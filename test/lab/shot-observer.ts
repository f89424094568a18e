/** Follows one client's own shots from their first picture to the server's word on them. */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind, projectileKind, shipKind } from "@starwake/shared/game/entities.ts";
import { EventKind } from "@starwake/shared/game/events.ts";
import { QUANTA_PER_UNIT, type Rules } from "@starwake/shared/game/rules.ts";
import type { World } from "@starwake/shared/game/world.ts";
import type { Note } from "./measures.ts";
import { rowAt, type Truth } from "./truth.ts";

const { at } = projectileKind;
const RADIANS_PER_STEP = (2 * Math.PI) / 1024;

export class ShotObserver {
  private readonly truth: Truth;
  private readonly note: Note;
  /** Shots that were drawn before the server told of them, and those that nothing was heard of yet. */
  private readonly drawn = new Map<number, Int32Array>();
  private pulses: { readonly tick: Tick; readonly weapon: number; readonly player: number }[] = [];
  private beams: { readonly first: Tick; readonly last: Tick; readonly player: number }[] = [];
  private lastTick: Tick = 0;

  constructor(truth: Truth, note: Note) {
    this.truth = truth;
    this.note = note;
  }

  show(match: Match, picture: Picture): void {
    for (const { kind, id, row } of picture.predicted) {
      if (kind !== Kind.Projectile || row[at.birth] <= picture.newestTick) continue;
      if (!this.drawn.has(id)) this.pulses.push({ tick: row[at.birth], weapon: row[at.weapon], player: match.player });
      this.drawn.set(id, row);
    }
    const tick = match.commandClock.tick;
    for (const { schema, values } of picture.predictedEvents)
      if (schema === EventKind.Beam && values.shooter === match.player)
        this.beams.push({ first: Math.min(tick, this.lastTick + 1), last: tick, player: match.player });
    this.lastTick = tick;
    for (const { id, row } of picture.still(Kind.Projectile)) this.handOver(match, picture, id, row);
    this.judge((match.world as World).rules);
  }

  /** The server tells of a shot that was drawn already: it takes the place of the predicted one. */
  private handOver(match: Match, picture: Picture, id: number, told: Int32Array): void {
    const predicted = this.drawn.get(id);
    if (predicted === undefined) return;
    this.drawn.delete(id);
    const { rules } = match.world as World;
    const [before, after] = [predicted, told].map((row) => placeOf(row, picture.predictedTick, rules));
    this.note("shotHandOverUnits", Math.hypot(before.x - after.x, before.y - after.y), told[at.birth]);
  }

  /** Whether the server fired what was drawn, once it has come to that tick. */
  private judge(rules: Rules): void {
    const { newestTick } = this.truth;
    this.pulses = this.pulses.filter((shot) => {
      if (shot.tick > newestTick) return true;
      const ship = this.truth.rowOf(Kind.Ship, shot.player, shot.tick);
      const hasFired = ship?.[shipKind.at.cooldown] === rules.weapons[shot.weapon].cooldownTicks;
      this.tell(shot.player, shot.tick, hasFired);
      return false;
    });
    this.beams = this.beams.filter((beam) => {
      if (beam.last > newestTick) return true;
      this.tell(beam.player, beam.last, this.hasBeam(beam));
      return false;
    });
    for (const [id, row] of this.drawn) if (row[at.birth] + row[at.life] < newestTick) this.drawn.delete(id);
  }

  /** Who was dead by then fired nothing, and could not know. */
  private tell(player: number, tick: Tick, hasFired: boolean): void {
    const ship = this.truth.rowOf(Kind.Ship, player, tick);
    if (ship?.[shipKind.at.respawn] === 0) this.note("shotsMatched", hasFired ? 1 : 0, tick);
    else this.note("shotsAfterDeath", 1, tick);
  }

  private hasBeam({ first, last, player }: { first: Tick; last: Tick; player: number }): boolean {
    for (let tick = first; tick <= last; tick++) {
      const table = this.truth.at(tick)?.events[EventKind.Beam];
      if (table === undefined) continue;
      const shooter = table.schema.names.indexOf("shooter");
      for (let slot = 0; slot < table.count; slot++) if (rowAt(table, slot)[shooter] === player) return true;
    }
    return false;
  }
}

/** Where a projectile is at a tick, in units. */
function placeOf(row: Int32Array, tick: number, rules: Rules): { x: number; y: number } {
  const weapon = rules.weapons[row[at.weapon]];
  const stride = weapon.shape === "projectile" ? weapon.stride : 0;
  const way = stride * Math.max(0, tick - row[at.birth]);
  const direction = row[at.direction] * RADIANS_PER_STEP;
  return {
    x: (row[at.x] + Math.cos(direction) * way) / QUANTA_PER_UNIT,
    y: (row[at.y] + Math.sin(direction) * way) / QUANTA_PER_UNIT,
  };
}
