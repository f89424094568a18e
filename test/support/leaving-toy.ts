/**
 * The toy game with a rule for those who leave: their dots stay for a while, and their hits follow them. What a test
 * plants into its world is planted by hits, which nothing but darts changes.
 */
import type { EngineWorld, GameDefinition, Leaving } from "@starwake/shared/engine/game-definition.ts";
import { defineSchema } from "@starwake/shared/engine/schema.ts";
import { dots } from "../engine/toy-game.ts";
import { TICK_RATE, TOY } from "./toy-server.ts";

/** Ticks that a dot stays when its player has left. */
const STAY_TICKS = 2 * TICK_RATE;
export const STAY_MS = (STAY_TICKS * 1000) / TICK_RATE;
/** A hit is forgotten for every so many ticks. */
const HEAL_TICKS = TICK_RATE;

type Square = ReturnType<typeof dots.createWorld>;

const leaving: Leaving<Square> = {
  condition: defineSchema("condition", { hits: { min: 0, max: 999 } }),
  isOver: (world, _player, leftAt) => world.tick - leftAt >= STAY_TICKS,
  conditionOf: (world, player) => ({ hits: dotOf(world, player).hits }),
  isAtStake: (world, player) => dotOf(world, player).hits > 0,
  conditionAfter: (_world, { hits }, ticks) => {
    const left = hits - Math.floor(ticks / HEAL_TICKS);
    return left > 0 ? { hits: left } : undefined;
  },
};

export const LEAVING_TOY: GameDefinition = {
  ...TOY,
  leaving: leaving as Leaving,
  addPlayer(world, player, condition) {
    TOY.addPlayer(world, player);
    Object.assign(dotOf(world as Square, player), condition);
  },
};

/** The same, and the worlds that its rooms have made, in order. */
export function watchLeavingToy(): { readonly game: GameDefinition; readonly worlds: Square[] } {
  const worlds: Square[] = [];
  const createWorld = (setup: Parameters<typeof TOY.createWorld>[0]): EngineWorld => {
    const world = dots.createWorld(setup);
    if (setup.role === "authority") worlds.push(world);
    return world;
  };
  return { game: { ...LEAVING_TOY, createWorld }, worlds };
}

/** @throws when the player has none */
export function dotOf({ dots }: Square, player: number): Square["dots"][number] {
  const dot = dots.find(({ id }) => id === player);
  if (dot === undefined) throw new Error(`player ${player} has no dot`);
  return dot;
}
