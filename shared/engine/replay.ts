/**
 * A replay: all that a room's way follows from, so that running it again shows the match anew, to the last bit.
 */
import type { Condition, Looks, PlayerId, WorldSetup } from "./game-definition.ts";
import type { RecordOf, Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** Who flew: people and pilots, in the order in which they first came. */
export type ReplayPlayer = { readonly player: PlayerId; readonly name: string; readonly isPilot: boolean };

/** A player was put into the world, in which condition unless new, or taken out of it, before a step. */
export type SeatChange =
  | { readonly kind: "added"; readonly player: PlayerId; readonly condition?: Condition }
  | { readonly kind: "removed"; readonly player: PlayerId };

/** What one step was given. */
export type ReplayStep = {
  /** In the order in which they happened. */
  readonly changes: readonly SeatChange[];
  readonly commands: ReadonlyMap<PlayerId, RecordOf<Schema>>;
  readonly looks: Looks;
};

export type ReplayHead = {
  /** The game's name, and the protocol hash of the rules that it was played by. */
  readonly game: string;
  readonly protocol: string;
  readonly room: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly setup: Omit<WorldSetup, "role">;
};

export type Replay = {
  readonly head: ReplayHead;
  /** Every player that flew; an entry's `player` number may come again later under another name. */
  readonly players: readonly ReplayPlayer[];
  /** `steps[i]` brings the world from tick i to tick i + 1. */
  readonly steps: readonly ReplayStep[];
  /** World hashes as recorded, one a second. */
  readonly hashes: readonly { readonly tick: Tick; readonly hash: number }[];
  /** False: the recording ends without its end mark, as after a kill of the server. */
  readonly isComplete: boolean;
};
