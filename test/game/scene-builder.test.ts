import { Match, type Picture } from "@starwake/client/engine/match.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import { type Schema, writeRow } from "@starwake/shared/engine/schema.ts";
import { Kind, projectileId, projectileKind, type ShipRow, shipKind } from "@starwake/shared/game/entities.ts";
import { beamSchema, EventKind, hitSchema } from "@starwake/shared/game/events.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { ENERGY_QUANTA, type ProjectileRules } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import { createShip, type World } from "@starwake/shared/game/world.ts";
import { describe, expect, test } from "vitest";
import { SceneBuilder } from "../../client/game/scene-builder.ts";
import { quanta } from "./arena.ts";

const OWN = 1;
const OTHER = 2;
const TICK_RATE = 60;
const SETUP = { seed: 1, tickRate: TICK_RATE, capacity: 8, mapSize: 2048 };
const SCREEN = { width: 1280, height: 720 };
const PULSE = 0;
const RAIL = 1;

const entry = (player: number, name: string): RosterEntry => ({
  player,
  name,
  isPilot: false,
  isAway: false,
  standing: { score: 0, kills: 0, deaths: 0 },
});
const ROSTER = new Map([OWN, OTHER].map((player) => [player, entry(player, `Player ${player}`)]));

/** A match of player 1 that has just been joined. */
function joinedMatch(): Match {
  const seat = { player: OWN, token: "token", resumed: false, room: "ABCDE", isPrivate: false };
  const rates = { tick: 100, frameRate: 30, packetRate: 60, holdSeconds: 20 };
  return new Match(starwake as GameDefinition, { ok: true, ...seat, ...rates, setup: SETUP }, 50, 0, () => {});
}

const match = joinedMatch();
const world = match.world as World;

function rowOf(schema: Schema, record: Readonly<Record<string, number>>): Int32Array {
  const row = new Int32Array(schema.fields.length);
  writeRow(schema, record, row, 0);
  return row;
}

/** A whole ship's row, in the middle of the map unless told. */
function shipRow(state: Partial<ShipRow> = {}): Int32Array {
  return rowOf(shipKind, { ...createShip(world, 0), x: quanta(1024), y: quanta(1024), ...state });
}

function shot(owner: number, birth: number, state: Partial<Record<string, number>> = {}) {
  const record = {
    owner,
    weapon: PULSE,
    birth,
    direction: 0,
    x: quanta(500),
    y: quanta(600),
    life: 50,
    lag: 0,
    ...state,
  };
  return { id: projectileId(birth, owner), row: rowOf(projectileKind, record as Record<string, number>) };
}

type Told = Partial<Omit<Picture, "own" | "moving" | "still">> & {
  readonly own?: Int32Array;
  readonly told?: Int32Array;
  readonly others?: ReadonlyMap<number, Int32Array>;
  readonly shots?: readonly { readonly id: number; readonly row: Int32Array; readonly goneTick?: number }[];
};

/** A picture in which the own ship is drawn six ticks ahead of the others, unless told otherwise. */
function picture({ own = shipRow(), told = own, others = new Map(), shots = [], ...rest }: Told = {}): Picture {
  return {
    renderTick: 100,
    predictedTick: 106,
    newestTick: 103,
    own: { drawn: Float64Array.from(own), told },
    moving: (kind) => (kind === Kind.Ship ? [...others].map(([id, row]) => ({ id, row: Float64Array.from(row) })) : []),
    still: (kind) => (kind === Kind.Projectile ? shots.map(({ id, row, goneTick }) => ({ id, row, goneTick })) : []),
    predicted: [],
    events: [],
    predictedEvents: [],
    ...rest,
  };
}

function build(told: Told = {}, killerName?: string) {
  return new SceneBuilder(match).build(picture(told), { roster: ROSTER, killerName }, SCREEN, 0);
}

describe("ships", () => {
  test("are in units, units a second and radians, and have their players' names", () => {
    const row = shipRow({ x: quanta(300), y: quanta(400), vx: 128, vy: -64, aim: TURN / 4, thrust: 5, health: 25 });
    const [ship] = build({ others: new Map([[OTHER, row]]) }).ships;
    expect(ship).toMatchObject({ id: OTHER, isOwn: false, name: "Player 2", x: 300, y: 400, vx: 60, vy: -30 });
    expect(ship).toMatchObject({ aim: Math.PI / 2, thrust: Math.PI / 2, health: 0.25, isBoosting: false });
  });

  test("the own one is drawn where it is predicted, and once", () => {
    const told = shipRow({ x: quanta(1000) });
    const { ships } = build({ own: shipRow({ x: quanta(1010) }), told, others: new Map([[OWN, told]]) });
    expect(ships).toHaveLength(1);
    expect(ships[0]).toMatchObject({ id: OWN, isOwn: true, x: 1010 });
  });

  test("a charge is its part of the full one", () => {
    const half = world.rules.weapons[RAIL].chargeTicks / 2;
    expect(build({ own: shipRow({ charging: RAIL + 1, charge: half }) }).ships[0].charge).toBeCloseTo(0.5);
    expect(build({ own: shipRow({ charging: RAIL + 1, charge: 127 }) }).ships[0].charge).toBe(1);
    expect(build({ own: shipRow({ charging: 0, charge: 0 }) }).ships[0].charge).toBe(0);
  });
});

describe("the own status", () => {
  test("has the health that the server told, and the energy that is predicted", () => {
    const own = shipRow({ energy: 40 * ENERGY_QUANTA, health: SHIP.health });
    expect(build({ own, told: shipRow({ health: SHIP.health / 2 }) }).own).toMatchObject({
      state: "alive",
      health: 0.5,
      energy: 0.4,
    });
  });

  test("of the dead says who did it and when it goes on, and no own ship is drawn", () => {
    const scene = build({ told: shipRow({ respawn: TICK_RATE * 2, health: 0 }) }, "Vega");
    expect(scene.own).toEqual({ state: "dead", respawnInSeconds: 2, killerName: "Vega" });
    expect(scene.ships).toEqual([]);
  });

  test("before the first frame is not alive", () => {
    const scene = new SceneBuilder(match).build(
      { ...picture(), own: undefined },
      { roster: ROSTER, killerName: undefined },
      SCREEN,
      0,
    );
    expect(scene.own).toMatchObject({ state: "dead" });
  });
});

describe("shots", () => {
  const { stride } = world.rules.weapons[PULSE] as ProjectileRules;
  const wayOf = (ticks: number) => 500 + (stride * ticks) / 32;

  test("of others fly at the time that others are drawn at", () => {
    const [drawn] = build({ shots: [shot(OTHER, 90)] }).shots;
    expect(drawn).toMatchObject({ ownerId: OTHER, isOwn: false, weapon: WEAPONS[PULSE].name, y: 600 });
    expect(drawn.x).toBeCloseTo(wayOf(10), 6);
  });

  test("of the player fly at the time that the own ship is drawn at", () => {
    const [drawn] = build({ shots: [shot(OWN, 90)] }).shots;
    expect(drawn.isOwn).toBe(true);
    expect(drawn.x).toBeCloseTo(wayOf(16), 6);
  });

  test("are drawn where they were predicted when the server tells of them, under the same number", () => {
    const mine = shot(OWN, 104);
    const predicted = build({ predicted: [{ kind: Kind.Projectile, ...mine }] }).shots;
    const told = build({ newestTick: 104, shots: [mine] }).shots;
    expect(predicted).toHaveLength(1);
    expect(told).toEqual(predicted);
  });

  test("that are predicted are drawn no more once the server has told of that tick", () => {
    const mine = shot(OWN, 104);
    const predicted = [{ kind: Kind.Projectile, ...mine }];
    expect(build({ newestTick: 104, predicted, shots: [mine] }).shots).toHaveLength(1);
    expect(build({ newestTick: 104, predicted }).shots).toEqual([]);
  });

  test("are not there before their birth is drawn, nor after their life", () => {
    expect(build({ shots: [shot(OTHER, 101)] }).shots).toEqual([]);
    expect(build({ shots: [shot(OTHER, 50, { life: 50 })] }).shots).toEqual([]);
    expect(build({ shots: [shot(OTHER, 51, { life: 50 })] }).shots).toHaveLength(1);
  });

  test("of others that hit are gone when that tick is drawn; own ones at once", () => {
    const shots = [
      { ...shot(OTHER, 90), goneTick: 101 },
      { ...shot(OTHER, 91), goneTick: 100 },
      { ...shot(OWN, 92), goneTick: 110 },
    ];
    expect(build({ shots }).shots.map(({ id }) => id)).toEqual([projectileId(90, OTHER)]);
  });
});

describe("events", () => {
  const beam = { x: quanta(100), y: quanta(200), toX: quanta(300), toY: quanta(400), weapon: RAIL };
  const known = (schema: Schema, place: number, values: Record<string, number>) => ({
    schema: place,
    tick: 100,
    key: 1,
    row: rowOf(schema, values),
  });

  test("an own beam is shown when it is predicted, and not again when the server tells of it", () => {
    const predictedEvents = [{ schema: EventKind.Beam, values: { ...beam, shooter: OWN } }];
    expect(build({ predictedEvents }).events).toMatchObject([
      { type: "beam", x0: 100, y0: 200, x1: 300, y1: 400, byOwn: true, weapon: "rail" },
    ]);
    expect(build({ events: [known(beamSchema, EventKind.Beam, { ...beam, shooter: OWN })] }).events).toEqual([]);
  });

  test("another's beam is shown when the server tells of it", () => {
    const events = [known(beamSchema, EventKind.Beam, { ...beam, shooter: OTHER })];
    expect(build({ events }).events).toMatchObject([{ type: "beam", shooterId: OTHER, byOwn: false }]);
  });

  const hit = { victim: OTHER, shooter: OWN, damage: 12, weapon: PULSE, side: 6 };

  test("a hit is on the hull of the ship as it is drawn, on the side that it came from", () => {
    const others = new Map([[OTHER, shipRow({ x: quanta(700), y: quanta(800) })]]);
    const [event] = build({ others, events: [known(hitSchema, EventKind.Hit, hit)] }).events;
    expect(event).toMatchObject({ type: "hit", victimId: OTHER, byOwn: true, ofOwn: false, damage: 12 });
    expect(event).toHaveProperty("x", expect.closeTo(700 - SHIP.radiusUnits * Math.SQRT1_2, 6));
    expect(event).toHaveProperty("y", expect.closeTo(800 + SHIP.radiusUnits * Math.SQRT1_2, 6));
  });

  test("a hit on a ship that is drawn no more is not shown", () => {
    expect(build({ events: [known(hitSchema, EventKind.Hit, hit)] }).events).toEqual([]);
  });
});

describe("the camera", () => {
  const own = shipRow({ aim: 0 });

  /** Where it looks after some seconds of aiming to the right. */
  function lookAfter(seconds: number, told = own, screen = SCREEN) {
    const builder = new SceneBuilder(match);
    builder.build(
      picture({ own: shipRow({ aim: 0 }), told: shipRow({ respawn: 1 }) }),
      { roster: ROSTER, killerName: undefined },
      screen,
      0,
    );
    for (let ms = 0; ms < seconds * 1000; ms += 16)
      builder.build(picture({ own, told }), { roster: ROSTER, killerName: undefined }, screen, ms);
    return builder.build(picture({ own, told }), { roster: ROSTER, killerName: undefined }, screen, seconds * 1000)
      .camera;
  }

  test("comes to lead the ship towards its aim, little by little", () => {
    const [soon, late] = [lookAfter(0.1), lookAfter(3)];
    expect(soon.x).toBeGreaterThan(1024);
    expect(late.x - 1024).toBeGreaterThan(2 * (soon.x - 1024));
    expect(late.y).toBeCloseTo(1024, 3);
  });

  test("never leads so far that the ship leaves a narrow screen", () => {
    const { x } = lookAfter(5, own, { width: 390, height: 844 });
    expect(x - 1024).toBeGreaterThan(0);
    expect(x - 1024).toBeLessThan((390 / 844) * 900 * 0.25);
  });

  test("rests on the place of a death", () => {
    const { x, y } = lookAfter(3, shipRow({ respawn: 50 }));
    expect([x, y]).toEqual([expect.closeTo(1024, 3), expect.closeTo(1024, 3)]);
  });
});

test("the arena is the map in units; an obstacle with a length is a wall", () => {
  const arena = new SceneBuilder(match).arena();
  expect(arena).toMatchObject({ widthUnits: SETUP.mapSize, heightUnits: SETUP.mapSize });
  expect(arena.obstacles).toHaveLength(world.map.obstacles.length);
  arena.obstacles.forEach(({ x0, isWall, x1 }, place) => {
    expect(quanta(x0)).toBe(world.map.obstacles[place].x0);
    expect(isWall).toBe(x0 !== x1 || world.map.obstacles[place].y0 !== world.map.obstacles[place].y1);
  });
});
