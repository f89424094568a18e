/** What a bot sees: a match's picture in a brain's terms, no more than a player's screen would show. */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { SeenShip, Sight } from "@starwake/server/game/brain.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { World } from "@starwake/shared/game/world.ts";

/** What the match shows, in the brain's terms; undefined while the ship does not obey. */
export function look(match: Match, picture: Picture): Sight | undefined {
  const { prediction, player } = match;
  const row = prediction.newestRow;
  if (!prediction.isRunning || !starwake.obeys(row)) return undefined;
  const { map, rules } = match.world as World;
  const { at } = shipKind;
  const own = {
    ...seen(player, row),
    aim: row[at.aim],
    energy: row[at.energy],
    health: row[at.health],
    charge: row[at.charge],
  };
  const others = picture.moving(Kind.Ship).filter(({ id }) => id !== player);
  return { map, rules, own, others: others.map(({ id, row: drawn }) => seen(id, drawn)) };
}

function seen(id: number, row: Int32Array | Float64Array): SeenShip {
  const { at } = shipKind;
  return { id, x: row[at.x], y: row[at.y], vx: row[at.vx], vy: row[at.vy], protection: row[at.protection] };
}
