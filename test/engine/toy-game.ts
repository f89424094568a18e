/**
 * Dots: a game as small as one can be that asks of the engine all that it offers. Dots drift over a square and throw
 * darts; who is hit is out for a while, and comes back where chance says.
 */
import { defineKind } from "@starwake/shared/engine/entity-kind.ts";
import { clamp } from "@starwake/shared/engine/exact-maths.ts";
import { type GameDefinition, MAX_PLAYER_ID, type PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { defineSchema, type RecordOf, writeRow } from "@starwake/shared/engine/schema.ts";

/** Quanta a tick, along each axis. */
export const TOP_SPEED = 12;
const DART = { stride: 25, life: 30, reach: 20, ink: 20 };
const [FULL_INK, OUT_TICKS] = [100, 30];
const VIEW = { viewHalfWidth: 400, viewHalfHeight: 300 };
/** Heading 0 is none; the others are eighths of the turn, clockwise from the right. */
const HEADING_X = [0, 1, 1, 0, -1, -1, -1, 0, 1];
const HEADING_Y = [0, 0, 1, 1, 1, 0, -1, -1, -1];
const coordinate = { min: 0, max: 4095, blend: "linear", group: 1, rough: { bits: 4 } } as const;
const speed = { min: -TOP_SPEED, max: TOP_SPEED, group: 1, residualOrder: 1, rough: { bits: 2, order: 0 } } as const;
const angle = { min: 0, max: 255, wraps: true, blend: "turn" } as const;
const dotKind = defineKind("dot", {
  facing: { ...angle, group: 0, keepsPace: true, rough: { bits: 3 } },
  heading: { min: 0, max: 8, isHeld: true },
  x: { ...coordinate, axis: "x" },
  y: { ...coordinate, axis: "y" },
  vx: speed,
  vy: speed,
  hits: { min: 0, max: 999, wholeOrder: 1, group: 2, rough: { bits: 1 }, isSettledByServer: true },
  ink: { min: 0, max: FULL_INK, isPrivate: true },
  out: { min: 0, max: OUT_TICKS, isPrivate: true, countsDown: true, isSettledByServer: true },
});
const dartKind = defineKind(
  "dart",
  {
    owner: { min: 0, max: MAX_PLAYER_ID, wholeOrder: 3 },
    birth: { min: 0, max: 2 ** 30, isTick: true },
    heading: { min: 1, max: 8 },
    x: { ...coordinate, axis: "x" },
    y: { ...coordinate, axis: "y" },
  },
  {
    isStill: true,
    anchor: "owner",
    endOf: (rows, offset, at) => rows[offset + at.birth] + DART.life,
    idOf: (rows, offset, at) => rows[offset + at.birth] * (MAX_PLAYER_ID + 1) + rows[offset + at.owner],
  },
);
const who = { min: 0, max: MAX_PLAYER_ID } as const;
const popSchema = defineSchema("pop", { x: { ...coordinate, axis: "x" }, y: { ...coordinate, axis: "y" }, who });
const commandSchema = defineSchema("wish", { heading: { min: 0, max: 8 }, facing: angle, throws: { min: 0, max: 1 } });

export type Wish = RecordOf<typeof commandSchema>;
type Dot = RecordOf<typeof dotKind> & { readonly id: PlayerId };
type Dart = RecordOf<typeof dartKind> & { readonly id: number };
type Fixed = { readonly random: Random; readonly side: number; readonly isAuthority: boolean };
type Square = Fixed & { tick: number; dots: Dot[]; darts: Dart[]; pops: RecordOf<typeof popSchema>[] };
const STILL: Wish = { heading: 0, facing: 0, throws: 0 };
export const Kind = { Dot: 0, Dart: 1 } as const;

export const dots: GameDefinition<Square, typeof commandSchema> = {
  name: "dots",
  kinds: [dotKind, dartKind],
  events: [popSchema],
  command: commandSchema,
  neutralCommand: STILL,
  repeatCommand: (last) => ({ ...last, throws: 0 }),
  digest: "1",
  createWorld({ seed, mapSize, role }) {
    const fixed = { random: createRandom(seed), side: mapSize || 2000, isAuthority: role === "authority" };
    return { ...fixed, tick: 0, dots: [], darts: [], pops: [] };
  },
  space: ({ side }) => ({ ...VIEW, width: side, height: side, cellSize: 200, stayMargin: 20 }),
  addPlayer(world, id) {
    const dot = { id, facing: 0, heading: 0, x: 0, y: 0, vx: 0, vy: 0, hits: 0, ink: FULL_INK, out: 0 };
    world.dots = [...world.dots, world.isAuthority ? place(world, dot) : dot].sort((one, other) => one.id - other.id);
  },
  removePlayer: (world, id) => void Object.assign(world, { dots: world.dots.filter((dot) => dot.id !== id) }),
  step(world, wishes) {
    world.tick++;
    world.pops = [];
    for (const dot of world.dots)
      if (dot.out === 0) obey(world, dot, wishes.get(dot.id) ?? STILL);
      else if ((dot.out > 1 || world.isAuthority) && --dot.out === 0) place(world, dot);
    world.darts = world.darts.filter((dart) => world.tick < dart.birth + DART.life && !hits(world, dart));
  },
  copyWorld: (world) => ({ ...world, random: { ...world.random }, dots: world.dots.map((dot) => ({ ...dot })) }),
  record(world, sink) {
    for (const dot of world.dots) sink[dot.out > 0 ? "hidden" : "entity"](Kind.Dot, dot.id, dot);
    for (const dart of world.darts)
      if (!sink.again(Kind.Dart, dart.id))
        sink.entity(Kind.Dart, dart.id, dart, { x0: dart.x, y0: dart.y, ...endOf(dart) });
    for (const pop of world.pops) sink.event(0, pop, { x0: pop.x, y0: pop.y, x1: pop.x + 300, y1: pop.y + 300 });
  },
  advance(world, kind, row, ticks) {
    if (kind !== Kind.Dot) return;
    const dot = dotOf(row);
    for (let tick = 0; tick < ticks; tick++) drift(world, dot);
    writeRow(dotKind, dot, row, 0);
  },
  foretell(_world, anchor, row, field, tick) {
    const { x, y, vx, vy, heading } = dotOf(anchor);
    const age = tick - row[dartKind.at.birth];
    return field === dartKind.at.x ? x - vx * age : field === dartKind.at.y ? y - vy * age : Math.max(1, heading);
  },
  adopt: (world, id, row, tick) =>
    void Object.assign(world, { tick, dots: [{ id, ...dotOf(row) }], darts: [], pops: [] }),
  ...{ neighbourReach: 0, easeSpeed: 100_000 },
  obeys: (row) => row[dotKind.at.out] === 0,
  standing: (world, id) => ({ hits: world.dots.find((dot) => dot.id === id)?.hits ?? 0 }),
  ...{
    news: ({ pops }) => pops.map(({ who }) => ({ who })),
    concernedBy: ({ who }) => [who],
    tally: ({ pops }) => ({ pops: pops.length }),
  },
};

function dotOf(row: Int32Array): RecordOf<typeof dotKind> {
  return Object.fromEntries(dotKind.names.map((name, index) => [name, row[index]])) as RecordOf<typeof dotKind>;
}

function place(world: Square, dot: Dot): Dot {
  return Object.assign(dot, { x: nextBelow(world.random, world.side), y: nextBelow(world.random, world.side) });
}

function drift(world: Square, dot: RecordOf<typeof dotKind>): void {
  dot.vx = clamp(dot.vx + HEADING_X[dot.heading], -TOP_SPEED, TOP_SPEED);
  dot.vy = clamp(dot.vy + HEADING_Y[dot.heading], -TOP_SPEED, TOP_SPEED);
  dot.x = clamp(dot.x + dot.vx, 0, world.side);
  dot.y = clamp(dot.y + dot.vy, 0, world.side);
}

function obey(world: Square, dot: Dot, { heading, facing, throws }: Wish): void {
  Object.assign(dot, { heading, facing });
  drift(world, dot);
  dot.ink = Math.min(FULL_INK, dot.ink + 1);
  if (throws === 0 || dot.ink < DART.ink) return;
  dot.ink -= DART.ink;
  const id = world.tick * (MAX_PLAYER_ID + 1) + dot.id;
  world.darts.push({ id, owner: dot.id, birth: world.tick, heading: Math.max(1, heading), x: dot.x, y: dot.y });
}

function endOf({ x, y, heading }: Dart, age = DART.life): { x1: number; y1: number } {
  return { x1: x + HEADING_X[heading] * DART.stride * age, y1: y + HEADING_Y[heading] * DART.stride * age };
}

function hits(world: Square, dart: Dart): boolean {
  const { x1, y1 } = endOf(dart, world.tick - dart.birth);
  const isNear = ({ x, y }: Dot) => Math.abs(x - x1) <= DART.reach && Math.abs(y - y1) <= DART.reach;
  const victim = world.dots.find((dot) => dot.id !== dart.owner && dot.out === 0 && isNear(dot));
  if (victim === undefined || !world.isAuthority) return false;
  world.pops.push({ x: victim.x, y: victim.y, who: victim.id });
  Object.assign(victim, { hits: Math.min(999, victim.hits + 1), out: OUT_TICKS, vx: 0, vy: 0 });
  return true;
}
