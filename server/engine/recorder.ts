/**
 * What a room tells of its match while it goes on: all that its world follows from. Whoever listens takes no time, and
 * keeps its own troubles to itself.
 *
 * Next: file-recorder.ts, which keeps it in a file.
 */
import type { Condition, Looks, PlayerId, WorldSetup } from "@starwake/shared/engine/game-definition.ts";
import type { ReplayStep } from "@starwake/shared/engine/replay.ts";

export type Recorder = {
  /** A player was put into the world, in which condition unless new. */
  added(player: PlayerId, name: string, isPilot: boolean, condition?: Condition): void;
  /** A player was taken out of it. */
  removed(player: PlayerId): void;
  /** The world has made its next step, with these. */
  step(commands: ReplayStep["commands"], looks: Looks): void;
  /** The hash of the world as that step left it. */
  hash(hash: number): void;
  /** The match is over; nothing that is told afterwards counts. */
  close(): void;
};

/** Called when a room opens, with its code. */
export type OpenRecorder = (room: string, setup: WorldSetup) => Recorder;
