/**
 * Whether a replay is true: it is run again, and the world is held against every hash that the room recorded.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { ReplayRun } from "@starwake/shared/engine/replay-run.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

export type Verdict =
  | { readonly kind: "true"; readonly hashes: number; readonly lastHashTick: Tick }
  /** The first hash that differs is that of `tick`; the last that did not, that of `soundTick`. */
  | { readonly kind: "differs"; readonly tick: Tick; readonly soundTick: Tick }
  /** The game could not make the step to `tick`. */
  | { readonly kind: "fails"; readonly tick: Tick; readonly reason: string };

/** @param passed called after each hash that is as recorded */
export function judgeReplay(game: GameDefinition, replay: Replay, passed: (tick: Tick) => void = () => {}): Verdict {
  let run: ReplayRun | undefined;
  try {
    run = new ReplayRun(game, replay);
    return judgeRun(run, replay, passed);
  } catch (error) {
    return { kind: "fails", tick: run?.tick ?? 0, reason: (error as Error).message };
  }
}

function judgeRun(run: ReplayRun, { hashes }: Replay, passed: (tick: Tick) => void): Verdict {
  let soundTick = 0;
  for (const { tick, hash } of hashes) {
    while (run.tick < tick) run.advance();
    if (run.hash() !== hash) return { kind: "differs", tick, soundTick };
    soundTick = tick;
    passed(tick);
  }
  while (!run.isAtEnd) run.advance();
  return { kind: "true", hashes: hashes.length, lastHashTick: soundTick };
}
