/** Crossings: one ship flies through what another looks at, whose player sees it late and shoots. */
import { angleOf, cosine, sine, TURN } from "@starwake/shared/engine/exact-maths.ts";
import { nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import { THRUST_DIRECTIONS, thrustAngle } from "@starwake/shared/game/command.ts";
import { MAX_CHARGE } from "@starwake/shared/game/entities.ts";
import { EventKind } from "@starwake/shared/game/events.ts";
import { type ProjectileRules, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { Trigger, type WeaponName } from "@starwake/shared/game/weapons.ts";
import type { Ship, World } from "@starwake/shared/game/world.ts";
import { ARENA_SIDE_UNITS, createArena, eventsOf, hold, placeShip, quanta } from "./arena.ts";

type Place = { readonly x: number; readonly y: number };

const MIDDLE = ARENA_SIDE_UNITS / 2;
export const DOWN = 1 + THRUST_DIRECTIONS / 4;
/** Units from which each weapon can hit a ship that flies away meanwhile. */
export const DISTANCE: Readonly<Record<WeaponName, number>> = { pulse: 450, rail: 600 };

/** Ship 2 crosses what ship 1, in the middle, looks at; ship 1 holds a charged rail. */
export type Crossing = {
  readonly world: World;
  readonly shooter: Ship;
  readonly victim: Ship;
  /** Where the victim stood, by tick. */
  readonly places: readonly Place[];
  /** What the victim holds, for as long as it does. */
  readonly course: { readonly thrust: number; readonly boost: 0 | 1 };
};

type CrossingOptions = {
  /** Where the victim will be at the tick of the shot, seen from the shooter. */
  readonly bearing?: number;
  /** Units. */
  readonly distance?: number;
  readonly thrust?: number;
  readonly boost?: 0 | 1;
  readonly tickRate?: number;
  readonly state?: Partial<Ship>;
};

export function startCrossing(options: CrossingOptions = {}): Crossing {
  const { bearing = 0, distance = 600, thrust = DOWN, boost = 0, tickRate = 60, state = {} } = options;
  const world = createArena({ tickRate });
  const { topSpeed, boostTopSpeed } = world.rules.ship;
  const shooter = placeShip(world, 1, MIDDLE, MIDDLE, { charging: 2, charge: MAX_CHARGE });
  const ticks = Math.ceil(tickRate * 0.45);
  const speed = boost === 1 ? boostTopSpeed : topSpeed;
  const motion = {
    vx: Math.trunc(cosine(thrustAngle(thrust)) * speed),
    vy: Math.trunc(sine(thrustAngle(thrust)) * speed),
  };
  const victim = placeShip(world, 2, 0, 0, { ...motion, ...state });
  victim.x = Math.round(shooter.x + cosine(bearing) * quanta(distance) - motion.vx * STRIDE_PER_SPEED * (ticks + 1));
  victim.y = Math.round(shooter.y + sine(bearing) * quanta(distance) - motion.vy * STRIDE_PER_SPEED * (ticks + 1));
  const course = { thrust, boost };
  const places: Place[] = [{ x: victim.x, y: victim.y }];
  for (let tick = 0; tick < ticks; tick++) {
    hold(world, 1, { 1: { triggers: Trigger.Secondary }, 2: course });
    places.push({ x: victim.x, y: victim.y });
  }
  return { world, shooter, victim, places, course };
}

/** Where the victim is seen at the coming tick by one who sees it `age` ticks late; the present is guessed. */
export function seen({ world, places }: Crossing, age: number): Place {
  if (age > 0) return places[world.tick + 1 - age];
  const [before, last] = places.slice(-2);
  return { x: 2 * last.x - before.x, y: 2 * last.y - before.y };
}

/** The angle at which a weapon is aimed at what flies on as it is seen `age` ticks late. */
export function aimAt(crossing: Crossing, name: WeaponName, age: number): number {
  const { world, shooter, places } = crossing;
  const { x, y } = seen(crossing, age);
  const [before, last] = places.slice(-2);
  const muzzle = world.rules.ship.radius + world.rules.weapons[0].radius;
  const { stride } = world.rules.weapons[0] as ProjectileRules;
  let flight = 0;
  let way = { x: x - shooter.x, y: y - shooter.y };
  for (let round = 0; round < 40 && name === "pulse"; round++) {
    flight = (Math.hypot(way.x, way.y) - muzzle) / stride;
    way = { x: x - shooter.x + (last.x - before.x) * flight, y: y - shooter.y + (last.y - before.y) * flight };
  }
  return angleOf(way.x, way.y);
}

/** Fires once, by a player who looks `lookAge` ticks back; what comes of it, and what was counted. */
export function fire({ world, course }: Crossing, name: WeaponName, aim: number, lookAge: number) {
  if (name === "pulse") Object.assign(world.ships[0], { charging: 0, charge: 0 });
  const triggers = name === "pulse" ? Trigger.Primary : 0;
  const { events } = hold(world, 1, { 1: { triggers, aim }, 2: course }, { 1: lookAge });
  const tally = { ...world.tally };
  while (world.projectiles.length > 0) {
    events.push(...hold(world, 1, { 2: course }).events);
    for (const key of Object.keys(tally) as (keyof typeof tally)[]) tally[key] += world.tally[key];
  }
  return { hits: eventsOf(events, EventKind.Hit).map(({ values }) => values), tally };
}

/** A crossing from anywhere to anywhere, at no less than 30° to the line of fire. */
export function randomCrossing(random: Random, name: WeaponName, tickRate: number): Crossing {
  const bearing = nextBelow(random, TURN);
  const thrust = nextBetween(random, 1, THRUST_DIRECTIONS);
  const across = Math.abs(sine(thrustAngle(thrust) - bearing));
  if (across < 0.5) return randomCrossing(random, name, tickRate);
  return startCrossing({ bearing, thrust, tickRate, distance: DISTANCE[name] - 50 });
}
