/**
 * What came of a recorded match: it is run again, and everybody's standing is taken when they go, or at the end.
 */
import type { GameDefinition, PlayerId, Standing } from "@starwake/shared/engine/game-definition.ts";
import type { Replay, ReplayPlayer } from "@starwake/shared/engine/replay.ts";
import { ReplayRun } from "@starwake/shared/engine/replay-run.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** One player's time in the room. */
export type Stay = ReplayPlayer & {
  readonly fromTick: Tick;
  readonly toTick: Tick;
  readonly isThereAtEnd: boolean;
  readonly standing: Standing;
};

type Here = ReplayPlayer & { readonly fromTick: Tick };

/**
 * Everybody's stay: who is there at the end first, by the first number of their standing.
 * @throws what the game throws for steps that it cannot make
 */
export function resultOf(game: GameDefinition, replay: Replay): Stay[] {
  const run = new ReplayRun(game, replay);
  const stays: Stay[] = [];
  const here = new Map<PlayerId, Here>();
  const comers = replay.players.values();
  const go = (player: PlayerId, isThereAtEnd: boolean) => {
    const stay = here.get(player);
    if (stay === undefined) return;
    stays.push({ ...stay, toTick: run.tick, isThereAtEnd, standing: game.standing(run.world, player) });
    here.delete(player);
  };
  while (!run.isAtEnd) {
    for (const { kind, player } of replay.steps[run.tick].changes) {
      const comer = kind === "added" ? comers.next().value : undefined;
      if (kind === "removed") go(player, false);
      else if (comer !== undefined) here.set(player, { ...comer, fromTick: run.tick });
    }
    run.advance();
  }
  for (const player of [...here.keys()]) go(player, true);
  return stays.sort((one, other) => Number(other.isThereAtEnd) - Number(one.isThereAtEnd) || merit(other) - merit(one));
}

function merit({ standing }: Stay): number {
  return Object.values(standing)[0] ?? 0;
}
