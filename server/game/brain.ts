/**
 * The brain: decides what to wish for the next tick from what can be seen. It knows no more than a player in the same
 * place, holds no more than a player can, and all of its chance comes from its seed. Pilots on the server and bots
 * over sockets fly by it.
 */
import { angleOf, clamp, cosine, sine, TURN, turnBetween } from "@starwake/shared/engine/exact-maths.ts";
import { createRandom, nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import { type Command, thrustAngle, thrustTowards } from "@starwake/shared/game/command.ts";
import type { GameMap } from "@starwake/shared/game/map.ts";
import { castRay } from "@starwake/shared/game/ray.ts";
import { ENERGY_QUANTA, QUANTA_PER_UNIT, type Rules, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";

/** A ship as the brain sees it: coordinate quanta, speed quanta. */
export type SeenShip = {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  readonly protection: number;
};

/** All that the brain knows. */
export type Sight = {
  readonly map: GameMap;
  readonly rules: Rules;
  readonly own: SeenShip & {
    readonly aim: number;
    readonly energy: number;
    readonly health: number;
    readonly charge: number;
  };
  readonly others: readonly SeenShip[];
};

const SIGHT_RANGE = 950 * QUANTA_PER_UNIT;
const RAIL_RANGE = 420 * QUANTA_PER_UNIT;
const BLOCKED_RANGE = 150 * QUANTA_PER_UNIT;
const PULSE = 0;
const RAIL = 1;

export class Brain {
  private readonly random: Random;
  /** What makes one pilot fly unlike another. */
  private readonly nature: {
    readonly distance: number;
    readonly turnPerTick: number;
    readonly spread: number;
    readonly railTaste: number;
  };
  private targetId = 0;
  private seesTarget = false;
  private thinkTicks = 0;
  private heading = 0;
  private strafe = 1;
  private aimError = 0;
  private aim = 0;
  private chargesRail = false;
  private thrust = 0;

  constructor(seed: number) {
    this.random = createRandom(seed, 3);
    this.nature = {
      distance: nextBetween(this.random, 180, 420) * QUANTA_PER_UNIT,
      turnPerTick: nextBetween(this.random, 9, 20),
      spread: nextBetween(this.random, 10, 34),
      railTaste: nextBetween(this.random, 5, 45),
    };
    this.heading = nextBelow(this.random, TURN);
  }

  decide(sight: Sight): Command {
    if (this.thinkTicks-- <= 0) this.think(sight);
    const target = sight.others.find(({ id }) => id === this.targetId);
    if (target === undefined) return this.wander(sight);
    return this.fight(sight, target);
  }

  /** What a pilot makes up its mind about a few times a second. */
  private think(sight: Sight): void {
    this.thinkTicks = Math.round((sight.rules.ticksPerSecond * nextBetween(this.random, 12, 30)) / 100);
    if (nextBelow(this.random, 100) < 25) this.strafe = -this.strafe;
    this.heading = (this.heading + nextBetween(this.random, -120, 120)) & (TURN - 1);
    this.aimError = nextBetween(this.random, -this.nature.spread, this.nature.spread);
    const target = nearest(sight);
    this.targetId = target?.id ?? 0;
    this.seesTarget = target !== undefined && hasLineOfSight(sight, target);
    const isFar = target !== undefined && distance(sight.own, target) > RAIL_RANGE;
    this.chargesRail =
      this.seesTarget && (isFar || this.chargesRail) && nextBelow(this.random, 100) < this.nature.railTaste;
    const wish = target === undefined ? this.heading : this.course(sight, target);
    this.thrust = thrustTowards(freeCourse(sight, wish, this.strafe));
  }

  /** Nearer when far, farther when near, and around the other in between. */
  private course(sight: Sight, target: SeenShip): number {
    const bearing = angleOf(target.x - sight.own.x, target.y - sight.own.y);
    const excess = (distance(sight.own, target) - this.nature.distance) / this.nature.distance;
    const isWeak = sight.own.health < 35;
    const turn = clamp(Math.round((isWeak ? 1.6 : 1) * TURN * 0.25 - excess * TURN * 0.22), 0, TURN / 2);
    return (bearing + this.strafe * turn) & (TURN - 1);
  }

  private wander(sight: Sight): Command {
    this.turnTowards(thrustAngle(this.thrust || 1));
    const isFresh = sight.own.energy > 80 * ENERGY_QUANTA;
    return { thrust: this.thrust, boost: isFresh ? 1 : 0, triggers: 0, aim: this.aim };
  }

  private fight(sight: Sight, target: SeenShip): Command {
    const gap = distance(sight.own, target);
    const wantsRail = this.chargesRail && sight.own.energy > 0;
    const lead = wantsRail ? 0 : gap / this.pulseStride(sight);
    const x = target.x + target.vx * STRIDE_PER_SPEED * lead - sight.own.x;
    const y = target.y + target.vy * STRIDE_PER_SPEED * lead - sight.own.y;
    const wanted = (angleOf(x, y) + this.aimError) & (TURN - 1);
    this.turnTowards(wanted);
    const isAligned = Math.abs(turnBetween(this.aim, wanted)) < 14;
    const boost = gap > 2 * this.nature.distance && sight.own.energy > 60 * ENERGY_QUANTA ? 1 : 0;
    return {
      thrust: this.thrust,
      boost,
      triggers: this.triggers(sight, target, gap, isAligned, wantsRail),
      aim: this.aim,
    };
  }

  private pulseStride({ rules }: Sight): number {
    const pulse = rules.weapons[PULSE];
    return pulse.shape === "projectile" ? pulse.stride : 1;
  }

  /** Holds the rail until it is charged and aimed; else pulses while the other is in reach. */
  private triggers(
    { rules, own }: Sight,
    target: SeenShip,
    gap: number,
    isAligned: boolean,
    wantsRail: boolean,
  ): number {
    const isCharged = own.charge >= rules.weapons[RAIL].chargeTicks;
    if (own.charge > 0) return isCharged && isAligned ? 0 : Trigger.Secondary;
    if (!this.seesTarget || target.protection > 0) return 0;
    if (wantsRail && own.energy >= rules.weapons[RAIL].energyCost) return Trigger.Secondary;
    return isAligned && gap < rules.weapons[PULSE].range ? Trigger.Primary : 0;
  }

  private turnTowards(angle: number): void {
    const way = turnBetween(this.aim, angle);
    this.aim = (this.aim + clamp(way, -this.nature.turnPerTick, this.nature.turnPerTick)) & (TURN - 1);
  }
}

function distance(one: SeenShip, other: SeenShip): number {
  const dx = other.x - one.x;
  const dy = other.y - one.y;
  return Math.sqrt(dx * dx + dy * dy);
}

function nearest({ own, others }: Sight): SeenShip | undefined {
  let best: SeenShip | undefined;
  let bestDistance = SIGHT_RANGE;
  for (const other of others) {
    const gap = distance(own, other);
    if (gap >= bestDistance) continue;
    best = other;
    bestDistance = gap;
  }
  return best;
}

function hasLineOfSight({ map, own }: Sight, target: SeenShip): boolean {
  const gap = distance(own, target);
  if (gap === 0) return true;
  return castRay(map, own.x, own.y, (target.x - own.x) / gap, (target.y - own.y) / gap, gap) >= gap;
}

/** The course nearest to the wish that does not lead into an obstacle soon, tried to the strafing side first. */
function freeCourse({ map, own }: Sight, wish: number, side: number): number {
  for (const turn of [0, 1, -1, 2, -2, 3, -3, 4, -4]) {
    const course = (wish + side * turn * (TURN / 12)) & (TURN - 1);
    if (castRay(map, own.x, own.y, cosine(course), sine(course), BLOCKED_RANGE) >= BLOCKED_RANGE) return course;
  }
  return (wish + TURN / 2) & (TURN - 1);
}
