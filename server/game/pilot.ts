/**
 * AI pilots: brains that look at the world from their own ship, and only emit commands.
 */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { type Command, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { findShip, isAlive, type Ship, type World } from "@starwake/shared/game/world.ts";
import { Brain, type Sight } from "./brain.ts";
import { CALL_SIGNS } from "./call-signs.ts";

/** What a player's screen shows at most, half of it. */
const VIEW_HALF_WIDTH = 960 * QUANTA_PER_UNIT;
const VIEW_HALF_HEIGHT = 570 * QUANTA_PER_UNIT;

export type GamePilot = { readonly name: string; command(world: World, player: PlayerId): Command };

/** The same seed gives the same name and the same way to fly. */
export function createPilot(seed: number): GamePilot {
  const brain = new Brain(seed);
  const name = CALL_SIGNS[nextBelow(createRandom(seed, 4), CALL_SIGNS.length)];
  return {
    name,
    command(world, player) {
      const ship = findShip(world, player);
      return ship === undefined || !isAlive(ship) ? NEUTRAL_COMMAND : brain.decide(look(world, ship));
    },
  };
}

function look(world: World, own: Ship): Sight {
  const others = world.ships.filter((ship) => ship !== own && isAlive(ship) && isInView(own, ship));
  return { map: world.map, rules: world.rules, own, others };
}

function isInView(own: Ship, other: Ship): boolean {
  return Math.abs(other.x - own.x) <= VIEW_HALF_WIDTH && Math.abs(other.y - own.y) <= VIEW_HALF_HEIGHT;
}
