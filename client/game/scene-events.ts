/**
 * Translates the events of a picture to the scene's. A player's own beam is seen at once, by prediction; the server's
 * word on it would show it a second time.
 */
import type { Picture } from "@starwake/client/engine/match.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { EVENT_SCHEMAS, EventKind, HIT_SIDES } from "@starwake/shared/game/events.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import { hueOf } from "./hues.ts";
import type { SceneEvent, ShipView } from "./scene.ts";

type Values = Readonly<Record<string, number>>;

/** @param ships as drawn in the same scene: a hit is where its victim is drawn */
export function translateEvents(picture: Picture, own: PlayerId, ships: readonly ShipView[]): SceneEvent[] {
  const events: SceneEvent[] = [];
  for (const { schema, row } of picture.events) {
    const values = Object.fromEntries(EVENT_SCHEMAS[schema].names.map((name, index) => [name, row[index]]));
    if (schema === EventKind.Beam && values.shooter === own) continue;
    // Who is drawn no more was hit by what killed it, and the explosion covers the spark.
    if (schema === EventKind.Hit && !ships.some(({ id }) => id === values.victim)) continue;
    events.push(translate(schema, values, own, ships));
  }
  for (const { schema, values } of picture.predictedEvents) events.push(translate(schema, values, own, ships));
  return events;
}

/** @param own the player that `byOwn` and `ofOwn` speak of; 0: nobody */
export function translate(schema: number, values: Values, own: PlayerId, ships: readonly ShipView[]): SceneEvent {
  const x = values.x / QUANTA_PER_UNIT;
  const y = values.y / QUANTA_PER_UNIT;
  const { victim, shooter, killer, ship, damage, weapon } = values;
  switch (schema) {
    case EventKind.Hit:
      return {
        type: "hit",
        ...placeOfHit(values, ships),
        victimId: victim,
        shooterId: shooter,
        damage,
        byOwn: shooter === own,
        ofOwn: victim === own,
      };
    case EventKind.Death:
      return {
        type: "death",
        x,
        y,
        victimId: victim,
        killerId: killer,
        hue: hueOf(victim),
        ofOwn: victim === own,
        byOwn: killer === own,
      };
    case EventKind.Beam: {
      const to = { x1: values.toX / QUANTA_PER_UNIT, y1: values.toY / QUANTA_PER_UNIT };
      return {
        type: "beam",
        x0: x,
        y0: y,
        ...to,
        shooterId: shooter,
        weapon: WEAPONS[weapon].name,
        hue: hueOf(shooter),
        byOwn: shooter === own,
      };
    }
    default:
      return { type: "spawn", x, y, shipId: ship, hue: hueOf(ship), ofOwn: ship === own };
  }
}

/** On the victim's hull. */
function placeOfHit({ victim, side }: Values, ships: readonly ShipView[]): { x: number; y: number } {
  const { x, y } = ships.find(({ id }) => id === victim) ?? { x: 0, y: 0 };
  const angle = (side / HIT_SIDES) * 2 * Math.PI;
  return { x: x + Math.cos(angle) * SHIP.radiusUnits, y: y + Math.sin(angle) * SHIP.radiusUnits };
}
