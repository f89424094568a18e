/**
 * Translates the events of a picture to the scene's. A player's own beam is seen at once, by prediction; the server's
 * word on it would show it a second time.
 */
import type { Picture } from "@starwake/client/engine/match.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { EVENT_SCHEMAS, EventKind } from "@starwake/shared/game/events.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { hueOf } from "./hues.ts";
import type { SceneEvent } from "./scene.ts";

type Values = Readonly<Record<string, number>>;

export function translateEvents(picture: Picture, own: PlayerId): SceneEvent[] {
  const events: SceneEvent[] = [];
  for (const { schema, row } of picture.events) {
    const values = Object.fromEntries(EVENT_SCHEMAS[schema].names.map((name, index) => [name, row[index]]));
    if (schema === EventKind.Beam && values.shooter === own) continue;
    events.push(translate(schema, values, own));
  }
  for (const { schema, values } of picture.predictedEvents) events.push(translate(schema, values, own));
  return events;
}

function translate(schema: number, values: Values, own: PlayerId): SceneEvent {
  const x = values.x / QUANTA_PER_UNIT;
  const y = values.y / QUANTA_PER_UNIT;
  const { victim, shooter, killer, ship, damage } = values;
  switch (schema) {
    case EventKind.Hit:
      return { type: "hit", x, y, victimId: victim, shooterId: shooter, damage, byOwn: shooter === own, ofOwn: victim === own };
    case EventKind.Death:
      return { type: "death", x, y, victimId: victim, killerId: killer, hue: hueOf(victim), ofOwn: victim === own, byOwn: killer === own };
    case EventKind.Beam: {
      const to = { x1: values.toX / QUANTA_PER_UNIT, y1: values.toY / QUANTA_PER_UNIT };
      return { type: "beam", x0: x, y0: y, ...to, shooterId: shooter, hue: hueOf(shooter), byOwn: shooter === own };
    }
    default:
      return { type: "spawn", x, y, shipId: ship, hue: hueOf(ship), ofOwn: ship === own };
  }
}
