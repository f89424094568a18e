/** The ship grid: whoever is near is found, however the ships stood when it was filled before. */
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import type { ShipRow } from "@starwake/shared/game/entities.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { ShipGrid } from "@starwake/shared/game/ship-grid.ts";
import { expect, test } from "vitest";

test("near a box are all living ships whose cell it touches, row by row, in each filling anew", () => {
  const side = 2_000 * QUANTA_PER_UNIT;
  const cellOf = (at: number) => Math.floor(at / (128 * QUANTA_PER_UNIT));
  const grid = new ShipGrid(side);
  const random = createRandom(7);
  for (let filling = 0; filling < 300; filling++) {
    // Now in a few rows, now in many: what one filling leaves is nothing to the next.
    const top = nextBelow(random, side);
    const height = filling % 3 === 0 ? side - top : Math.min(side - top, 300 * QUANTA_PER_UNIT);
    const ships = Array.from({ length: nextBelow(random, 40) }, () => ({
      ...{ x: nextBelow(random, side), y: top + nextBelow(random, Math.max(1, height)) },
      respawn: nextBelow(random, 5) === 0 ? 1 : 0,
    })) as ShipRow[];
    grid.fill(ships);
    for (let box = 0; box < 10; box++) {
      const [x, y, reach] = [nextBelow(random, side), nextBelow(random, side), nextBelow(random, side / 3)];
      const isBetween = (at: number, middle: number) =>
        cellOf(at) >= Math.max(0, cellOf(middle - reach)) && cellOf(at) <= cellOf(middle + reach);
      const wanted = ships
        .map((ship, place) => ({ ...ship, place }))
        .filter((ship) => ship.respawn === 0 && isBetween(ship.x, x) && isBetween(ship.y, y))
        .sort(
          (one, other) => cellOf(one.y) - cellOf(other.y) || cellOf(one.x) - cellOf(other.x) || one.place - other.place,
        );
      const { items, count } = grid.near(x - reach, y - reach, x + reach, y + reach);
      expect([...items.slice(0, count)]).toEqual(wanted.map(({ place }) => place));
    }
  }
});
