/** What a mode decides: who may hurt whom, and what a kill is worth. Adding a mode adds a file beside this one. */
import type { Ship } from "../world.ts";

export type Mode = {
  readonly name: string;
  canHurt(shooter: Ship | undefined, victim: Ship): boolean;
  /** Keeps the score of a kill; `killer` is undefined when they have left. */
  scoreKill(killer: Ship | undefined, victim: Ship): void;
};
