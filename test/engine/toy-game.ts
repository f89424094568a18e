/**
 * Dots: the engine's second game, as small as one can be that asks of the engine all that it offers. Dots drift over a
 * square and throw darts; who is hit is out for a while, and comes back where chance says. No file of the engine knows
 * of it, and it knows of no other game.
 */
import { defineKind } from "@starwake/shared/engine/entity-kind.ts";
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import { type GameDefinition, MAX_PLAYER_ID, type PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import type { RecordSink } from "@starwake/shared/engine/records.ts";
import { defineSchema, type RecordOf } from "@starwake/shared/engine/schema.ts";

const MAX_SIDE = 4095;
const DEFAULT_SIDE = 2000;
/** The fastest that a dot may drift, along each axis, in quanta a tick. */
export const TOP_SPEED = 12;
const DART_STRIDE = 25;
const DART_LIFE = 30;
const REACH = 20;
const DART_INK = 20;
const FULL_INK = 100;
const OUT_TICKS = 30;

/** Right, and on clockwise; heading 0 is none, and heading h points to h − 1 eighths of the turn. */
const HEADING_X = [0, 1, 1, 0, -1, -1, -1, 0, 1];
const HEADING_Y = [0, 0, 1, 1, 1, 0, -1, -1, -1];

const coordinate = { min: 0, max: MAX_SIDE, blend: "linear", group: 1 } as const;
const speed = { min: -TOP_SPEED, max: TOP_SPEED, group: 1, residualOrder: 1 } as const;
const angle = { min: 0, max: 255, wraps: true, blend: "turn" } as const;

const dotKind = defineKind("dot", {
  facing: { ...angle, group: 0 },
  heading: { min: 0, max: 8, isHeld: true },
  x: { ...coordinate, axis: "x" },
  y: { ...coordinate, axis: "y" },
  vx: speed,
  vy: speed,
  hits: { min: 0, max: 999, wholeOrder: 1, group: 2, isSettledByServer: true },
  ink: { min: 0, max: FULL_INK, isPrivate: true },
  out: { min: 0, max: OUT_TICKS, isPrivate: true, isSettledByServer: true },
});

const dartKind = defineKind(
  "dart",
  {
    owner: { min: 0, max: MAX_PLAYER_ID, wholeOrder: 3 },
    birth: { min: 0, max: 2 ** 30, isTick: true },
    direction: { min: 1, max: 8 },
    x: { ...coordinate, axis: "x", residualOrder: 0 },
    y: { ...coordinate, axis: "y", residualOrder: 0 },
  },
  {
    isStill: true,
    anchor: "owner",
    endOf: (rows, offset, at) => rows[offset + at.birth] + DART_LIFE,
    idOf: (rows, offset, at) => rows[offset + at.birth] * (MAX_PLAYER_ID + 1) + rows[offset + at.owner],
  },
);

const player = { min: 0, max: MAX_PLAYER_ID } as const;
const popSchema = defineSchema("pop", { x: { ...coordinate, axis: "x" }, y: { ...coordinate, axis: "y" }, dot: player });
const commandSchema = defineSchema("wish", { heading: { min: 0, max: 8 }, facing: angle, throws: { min: 0, max: 1 } });

export type Wish = RecordOf<typeof commandSchema>;
export type Dot = RecordOf<typeof dotKind> & { readonly id: PlayerId };
type Dart = RecordOf<typeof dartKind> & { readonly id: number };
export type DotsWorld = {
  tick: number;
  readonly random: Random;
  readonly side: number;
  readonly isAuthority: boolean;
  dots: Dot[];
  darts: Dart[];
  pops: RecordOf<typeof popSchema>[];
};

export const STILL: Wish = { heading: 0, facing: 0, throws: 0 };
export const Kind = { Dot: 0, Dart: 1 } as const;

export const dots: GameDefinition<DotsWorld, typeof commandSchema> = {
  name: "dots",
  kinds: [dotKind, dartKind],
  events: [popSchema],
  command: commandSchema,
  neutralCommand: STILL,
  repeatCommand: (last) => ({ ...last, throws: 0 }),
  digest: JSON.stringify([TOP_SPEED, DART_STRIDE, DART_LIFE, REACH, DART_INK, FULL_INK, OUT_TICKS]),
  createWorld({ seed, mapSize, role }) {
    const state = { dots: [], darts: [], pops: [], tick: 0, random: createRandom(seed) };
    return { ...state, side: mapSize || DEFAULT_SIDE, isAuthority: role === "authority" };
  },
  space: ({ side }) => {
    const view = { viewHalfWidth: 400, viewHalfHeight: 300 };
    return { width: side, height: side, cellSize: 200, stayMargin: 20, ...view };
  },
  addPlayer(world, id) {
    const motion = { facing: 0, heading: 0, x: 0, y: 0, vx: 0, vy: 0 };
    const dot = { id, ...motion, hits: 0, ink: FULL_INK, out: 0 };
    if (world.isAuthority) place(world, dot);
    world.dots = [...world.dots, dot].sort((one, other) => one.id - other.id);
  },
  removePlayer(world, id) {
    world.dots = world.dots.filter((dot) => dot.id !== id);
  },
  step,
  record(world, sink) {
    for (const dot of world.dots) dot.out > 0 ? sink.hidden(Kind.Dot, dot.id, dot) : sink.entity(Kind.Dot, dot.id, dot);
    for (const dart of world.darts) sink.entity(Kind.Dart, dart.id, dart, wayOf(world, dart));
    for (const pop of world.pops) sink.event(0, pop, { x0: pop.x, y0: pop.y, x1: pop.x, y1: pop.y });
  },
  advance(world, kind, row, ticks) {
    if (kind !== Kind.Dot) return;
    const { heading, x, y, vx, vy } = dotKind.at;
    const dot = { heading: row[heading], x: row[x], y: row[y], vx: row[vx], vy: row[vy] };
    for (let tick = 0; tick < ticks; tick++) drift(world, dot);
    [row[x], row[y], row[vx], row[vy]] = [dot.x, dot.y, dot.vx, dot.vy];
  },
  foretell(_world, anchor, row, field, tick) {
    const { x, y, vx, vy } = dotKind.at;
    const age = tick - row[dartKind.at.birth];
    if (field === dartKind.at.x) return anchor[x] - anchor[vx] * age;
    return field === dartKind.at.y ? anchor[y] - anchor[vy] * age : 1;
  },
  adopt(world, id, row, tick) {
    const dot = Object.fromEntries(dotKind.names.map((name, index) => [name, row[index]])) as RecordOf<typeof dotKind>;
    Object.assign(world, { tick, dots: [{ id, ...dot }], darts: [], pops: [] });
  },
  obeys: (row) => row[dotKind.at.out] === 0,
  standing: (world, id) => ({ hits: world.dots.find((dot) => dot.id === id)?.hits ?? 0 }),
  news: ({ pops }) => pops.map(({ dot }) => ({ dot })),
};

function step(world: DotsWorld, wishes: ReadonlyMap<PlayerId, Wish>): void {
  world.tick++;
  world.pops = [];
  for (const dot of world.dots) {
    if (dot.out > 0) await_(world, dot);
    else obey(world, dot, wishes.get(dot.id) ?? STILL);
  }
  world.darts = world.darts.filter((dart) => world.tick < dart.birth + DART_LIFE && !hasHit(world, dart));
}
