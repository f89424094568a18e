/** Recovery: what comes back to a ship by itself. */
import type { ShipRow } from "./entities.ts";
import type { ShipRules } from "./rules.ts";

/** One tick: energy flows back when it is not spent on a boost; health comes back some time after the last hit. */
export function recover(ship: ShipRow, rules: ShipRules): void {
  const gain = ship.isBoosting ? -rules.boostCostPerTick : rules.energyGainPerTick;
  ship.energy = Math.max(0, Math.min(rules.maxEnergy, ship.energy + gain));
  if (ship.mendDelay > 0) ship.mendDelay--;
  else if (ship.health < rules.maxHealth) {
    ship.health++;
    // The tick that mends counts.
    ship.mendDelay = rules.mendEveryTicks - 1;
  }
}

/** Ticks after which nothing is left of any damage, if none is added. */
export function longestRecovery({ mendDelayTicks, mendEveryTicks, maxHealth }: ShipRules): number {
  return mendDelayTicks + maxHealth * mendEveryTicks;
}
