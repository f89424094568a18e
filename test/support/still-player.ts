/** A player without a page who never touches a key: something to shoot at, and the server's word on everybody else. */
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { readRow } from "@starwake/shared/engine/schema.ts";
import { NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { Kind, type ShipRow, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { expect, onTestFinished } from "vitest";

const game = starwake as GameDefinition;
const UPDATE_INTERVAL_MS = 15;

export type StillPlayer = {
  readonly player: number;
  /** Names in the room, by player. */
  names(): ReadonlyMap<number, string>;
  /** The own ship, as the server last told. */
  own(): ShipRow;
  /** Another's ship, as the server last told; undefined while it is not seen. */
  ship(player: number): ShipRow | undefined;
};

/** Joins quick play, and stays until the test is finished. */
export async function seatStillPlayer(url: string, name: string): Promise<StillPlayer> {
  const client = new GameClient({
    game,
    openLink: (handlers) => openSocketLink(url, protocolHash(game), handlers),
    now: () => performance.now(),
    name,
    room: { kind: "quick" },
    token: undefined,
  });
  const timer = setInterval(() => client.update(() => NEUTRAL_COMMAND), UPDATE_INTERVAL_MS);
  onTestFinished(() => {
    clearInterval(timer);
    client.leave();
  });
  const match = () => {
    if (client.state.state !== "playing") throw new Error(`${name} is not playing but ${client.state.state}`);
    return client.state.match;
  };
  await expect.poll(() => match().picture().own).toBeDefined();
  return {
    player: match().player,
    names: () => new Map([...client.roster].map(([player, entry]) => [player, entry.name])),
    own: () => toShip(match().picture().own!.told),
    ship: (player) => {
      const seen = match()
        .picture()
        .moving(Kind.Ship)
        .find(({ id }) => id === player);
      return seen && toShip(seen.row);
    },
  };
}

function toShip(row: Int32Array | Float64Array): ShipRow {
  const ship = {} as ShipRow;
  readRow(shipKind, row, 0, ship);
  return ship;
}
