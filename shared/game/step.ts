/**
 * The step ⑧: brings the world from its tick to the next. It is the same function on the server, in the page, in
 * bots, in tests and in replays, and from the same world and commands it gives the same bits everywhere.
 *
 * Next: shared/engine/records.ts (⑨), which hold what came of it.
 */
import type { Looks } from "@starwake/shared/engine/game-definition.ts";
import { collideShips } from "./collision.ts";
import { flyProjectiles, operateWeapons } from "./combat.ts";
import { type Command, NEUTRAL_COMMAND } from "./command.ts";
import { flyAlone } from "./movement.ts";
import { recover } from "./recovery.ts";
import { awaitRespawn } from "./respawn.ts";
import { lagOf, rememberPlaces } from "./rewind.ts";
import { isAlive, NO_TALLY, type Ship, type World } from "./world.ts";

type Commands = ReadonlyMap<number, Command>;

const NO_LOOKS: Looks = new Map();

export function step(world: World, commands: Commands, looks: Looks = NO_LOOKS): void {
  world.tick++;
  world.events = [];
  world.news = [];
  world.tally = { ...NO_TALLY };
  for (const ship of world.ships) if (!isAlive(ship)) awaitRespawn(world, ship);
  applyCommands(world, commands);
  for (const ship of world.ships) if (isAlive(ship)) flyAlone(ship, world.map, world.rules);
  collideShips(world);
  rememberPlaces(world);
  operateAllWeapons(world, commands, looks);
  flyProjectiles(world);
  for (const ship of world.ships) if (isAlive(ship)) recover(ship, world.rules.ship);
}

function commandOf(world: World, commands: Commands, ship: Ship): Command {
  return commands.get(ship.id) ?? (world.isAuthority ? NEUTRAL_COMMAND : held(ship));
}

/** What a ship whose player's wishes are not known is taken to wish: to go on as it does. */
function held({ aim, thrust, isBoosting }: Ship): Command {
  return { aim, thrust, boost: isBoosting, triggers: 0 };
}

/** Turns wishes into what the ship holds. Only a ship with the energy for it boosts. */
function applyCommands(world: World, commands: Commands): void {
  const { boostCostPerTick } = world.rules.ship;
  for (const ship of world.ships) {
    if (!isAlive(ship)) continue;
    const command = commandOf(world, commands, ship);
    ship.aim = command.aim;
    ship.thrust = command.thrust;
    const wishesBoost = command.boost === 1 && command.thrust > 0;
    ship.isBoosting = wishesBoost && ship.energy >= boostCostPerTick ? 1 : 0;
  }
}

/** Each living ship's weapons, in order of id: one that is killed by a beam no longer fires. */
function operateAllWeapons(world: World, commands: Commands, looks: Looks): void {
  for (const ship of world.ships) {
    if (isAlive(ship))
      operateWeapons(world, ship, commandOf(world, commands, ship).triggers, lagOf(world, looks.get(ship.id)));
  }
}
