/** What one run is, and what is seen of it: plain, as it was seen. */
import type { PlayerReport } from "./player-words.ts";
import type { Change, Profile } from "./profiles.ts";
import type { Carried, Lateness } from "./relay.ts";
import type { TickLog } from "./tick-log.ts";

export type RunSetting = {
  readonly profile: Profile;
  readonly players: number;
  readonly seconds: number;
  readonly seed: number;
  readonly congestion: string;
  /** The relay's compiled program. */
  readonly relay: string;
};

/** A change, and when it came. */
export type Changed = { readonly change: Change; readonly atMs: number };

/** What was seen, as it was seen. */
export type RawRun = {
  readonly setting: RunSetting;
  /** Of each player; undefined: never came in. */
  readonly joinMs: readonly (number | undefined)[];
  /** Of those who came in. */
  readonly reports: readonly PlayerReport[];
  readonly ticks: TickLog;
  readonly changes: readonly Changed[];
  /** What the relay carried for all players while all played, and how long that was. */
  readonly down: Carried;
  readonly up: Carried;
  readonly carriedMs: number;
  readonly relayLate: Lateness;
};
