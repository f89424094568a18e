/** Who flies in the laboratory. */
import { Brain } from "@starwake/server/game/brain.ts";
import { NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { look } from "../bots/sight.ts";
import type { Flyer } from "./scenario.ts";

/** Fights whoever it sees, as the pilots of the game do. */
export function fighter(seed: number): Flyer {
  const brain = new Brain(seed);
  return (match, picture) => {
    const sight = look(match, picture);
    return sight === undefined ? NEUTRAL_COMMAND : brain.decide(sight);
  };
}

/** Wanders about and minds nobody. */
export function wanderer(seed: number): Flyer {
  const brain = new Brain(seed);
  return (match, picture) => {
    const sight = look(match, picture);
    return sight === undefined ? NEUTRAL_COMMAND : brain.decide({ ...sight, others: [] });
  };
}
