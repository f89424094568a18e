/** After quiet, when nothing moves any more, every client's picture equals the server's world. */
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import type { LabClient } from "../lab-client.ts";
import { rowAt, type Truth } from "../truth.ts";
import type { Report } from "./violation.ts";

const { at } = shipKind;
const COMPARED = [at.x, at.y, at.thrust];

export function checkRest(client: LabClient, truth: Truth, report: Report): void {
  const { match } = client;
  if (match === undefined) {
    report("rest-is-equal", client.index, `the client does not play: ${client.client.state.state}`);
    return;
  }
  const picture = match.picture();
  const drawn = new Map(picture.moving(Kind.Ship).map(({ id, row }) => [id, row]));
  if (picture.own !== undefined) drawn.set(match.player, picture.own.drawn);
  for (const id of new Set([...drawn.keys(), ...idsInView(match.player, match.snapshot?.shape ?? 0, truth)])) {
    const row = truth.rowOf(Kind.Ship, id, truth.newestTick);
    const shown = drawn.get(id);
    const isEqual = row !== undefined && shown !== undefined && COMPARED.every((field) => row[field] === shown[field]);
    if (!isEqual) report("rest-is-equal", client.index, `ship ${id} is drawn as ${shown}, and is ${row}`);
  }
}

/** Living ships that are surely within a player's view, wherever their home cell is. */
function idsInView(player: number, shape: number, truth: Truth): number[] {
  const ships = truth.at(truth.newestTick)!.kinds[Kind.Ship];
  const own = truth.rowOf(Kind.Ship, player, truth.newestTick);
  if (own === undefined) return [];
  const { space } = truth.grid!;
  const { viewHalfWidth, viewHalfHeight } = (space.views ?? [space])[shape];
  // At rest the middle of the view is where the ship is.
  const isInView = (ship: Int32Array) =>
    ship[at.respawn] === 0 &&
    Math.abs(ship[at.x] - own[at.x]) <= viewHalfWidth - space.stayMargin &&
    Math.abs(ship[at.y] - own[at.y]) <= viewHalfHeight - space.stayMargin;
  const slots = Array.from({ length: ships.count }, (_, slot) => slot);
  return slots.filter((slot) => isInView(rowAt(ships, slot))).map((slot) => ships.ids[slot]);
}
