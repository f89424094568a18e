/** What a page predicts of the others near its own ship, and what it leaves to the server. */
import type { Neighbour } from "@starwake/shared/engine/game-definition.ts";
import { writeRow } from "@starwake/shared/engine/schema.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import type { Ship, World } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { createArena, hold, placeShip } from "./arena.ts";

type GameWorld = Parameters<typeof starwake.step>[0];

const OWN = 1;
const OTHER = 2;
const RIGHT = { thrust: 1 };
const LEFT = { thrust: 9 };

function rowOf(ship: Ship, isOwn: boolean): Int32Array {
  const row = new Int32Array(shipKind.fields.length);
  writeRow(shipKind, ship, row, 0);
  return isOwn ? row : row.map((value, index) => (shipKind.fields[index].isPrivate ? 0 : value));
}

function shipOf(world: World, id: number): Ship {
  return world.ships.find((ship) => ship.id === id)!;
}

/** The same moment in a page's world: all of the own ship, and what is public of the other. */
function predictionOf(world: World, hasNeighbour = true): World {
  const prediction = createArena({ role: "prediction" });
  const other: Neighbour = { id: OTHER, row: rowOf(shipOf(world, OTHER), false) };
  const own = rowOf(shipOf(world, OWN), true);
  starwake.adopt(prediction as GameWorld, OWN, own, world.tick, hasNeighbour ? [other] : []);
  return prediction;
}

/** Two ships that fly into each other. */
function collision(): World {
  const world = createArena();
  placeShip(world, OWN, 900, 1000);
  placeShip(world, OTHER, 1100, 1010);
  hold(world, 10, { [OWN]: RIGHT, [OTHER]: LEFT });
  return world;
}

test("a blow by one who goes on as it does is foreseen to the last bit", () => {
  const world = collision();
  const prediction = predictionOf(world);
  const alone = predictionOf(world, false);
  hold(world, 40, { [OWN]: RIGHT, [OTHER]: LEFT });
  for (const page of [prediction, alone]) hold(page, 40, { [OWN]: RIGHT });
  expect(rowOf(shipOf(prediction, OWN), true)).toEqual(rowOf(shipOf(world, OWN), true));
  expect(rowOf(shipOf(alone, OWN), true)).not.toEqual(rowOf(shipOf(world, OWN), true));
});

test("one who boosts is taken to go on boosting", () => {
  const world = createArena();
  placeShip(world, OWN, 400, 400);
  placeShip(world, OTHER, 600, 1000);
  const boosting = { ...RIGHT, boost: 1 };
  hold(world, 5, { [OTHER]: boosting });
  const prediction = predictionOf(world);
  hold(world, 20, { [OTHER]: boosting });
  hold(prediction, 20, {});
  expect(shipOf(prediction, OTHER)).toMatchObject({ x: shipOf(world, OTHER).x, vx: shipOf(world, OTHER).vx });
});

describe("who is hit is for the server to say: in a page's world", () => {
  const fire = (trigger: number, ticks: number) => {
    const world = createArena();
    placeShip(world, OWN, 900, 1000);
    placeShip(world, OTHER, 1000, 1000);
    const prediction = predictionOf(world);
    const happened = [];
    happened.push(...hold(prediction, ticks, { [OWN]: { triggers: trigger, aim: 0 } }).events);
    happened.push(...hold(prediction, 30, { [OWN]: { aim: 0 } }).events);
    return { prediction, happened };
  };

  test("a pulse flies through the other, and no hit is told", () => {
    const { prediction, happened } = fire(Trigger.Primary, 1);
    expect(prediction.projectiles).toHaveLength(1);
    expect(happened).toEqual([]);
    expect(shipOf(prediction, OTHER).health).toBe(100);
  });

  test("a beam goes as far as it reaches, and no hit is told", () => {
    const { prediction, happened } = fire(Trigger.Secondary, 60);
    expect(happened).toHaveLength(1);
    expect(happened[0].values).toMatchObject({ shooter: OWN });
    expect(shipOf(prediction, OTHER).health).toBe(100);
  });
});
