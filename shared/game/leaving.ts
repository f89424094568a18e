/**
 * Leaving: the ship of one who leaves stays where it is, does nothing, and can be killed until the time of a respawn is
 * over. Who comes back meanwhile has that ship. Who comes back later has a ship as theirs would be by then, had it lain
 * untouched: as damaged, and no better protected; and who was killed waits out the rest of the wait.
 *
 * So leaving mends, protects and saves nothing that staying would not. It is forgotten when any ship would be whole.
 */
import type { Condition, Leaving } from "@starwake/shared/engine/game-definition.ts";
import { defineSchema } from "@starwake/shared/engine/schema.ts";
import { shipKind } from "./entities.ts";
import { longestRecovery, recover } from "./recovery.ts";
import { findShip, isAlive, NEUTRAL_SHIP, type World } from "./world.ts";

/** Part of a ship's row. */
const conditionSchema = defineSchema("condition", {
  health: rangeOf("health"),
  protection: rangeOf("protection"),
  energy: rangeOf("energy"),
  cooldown: rangeOf("cooldown"),
  mendDelay: rangeOf("mendDelay"),
  respawn: rangeOf("respawn"),
});

export const leaving: Leaving<World> = {
  condition: conditionSchema,
  isOver(world, player, leftAt) {
    const ship = findShip(world, player);
    if (ship === undefined) return true;
    // The dead are gone just before they would fly again.
    return isAlive(ship) ? world.tick - leftAt >= world.rules.ship.respawnTicks : ship.respawn === 1;
  },
  conditionOf(world, player) {
    const ship = findShip(world, player);
    if (ship === undefined) throw new Error(`player ${player} has no ship: ask for a condition before it is removed`);
    const { health, protection, energy, cooldown, mendDelay, respawn } = ship;
    return { health, protection, energy, cooldown, mendDelay, respawn };
  },
  isAtStake(world, player) {
    const ship = findShip(world, player);
    return ship !== undefined && isAlive(ship) && ship.health < world.rules.ship.maxHealth;
  },
  conditionAfter(world, condition, ticks) {
    const { respawn } = condition;
    if (respawn > 0) return ticks < respawn ? { ...condition, respawn: respawn - ticks } : undefined;
    return ticks < longestRecovery(world.rules.ship) ? rested(world, condition, ticks) : undefined;
  },
};

/** What time alone makes of a living ship that does nothing. */
function rested({ rules }: World, condition: Condition, ticks: number): Condition {
  const ship = { ...NEUTRAL_SHIP, ...condition };
  for (let tick = 0; tick < ticks; tick++) recover(ship, rules.ship);
  const protection = Math.max(0, ship.protection - ticks);
  const cooldown = Math.max(0, ship.cooldown - ticks);
  const { health, energy, mendDelay, respawn } = ship;
  return { health, protection, energy, cooldown, mendDelay, respawn };
}

function rangeOf(name: keyof (typeof shipKind)["at"]): { min: number; max: number } {
  const { min, max } = shipKind.fields[shipKind.at[name]];
  return { min, max };
}
