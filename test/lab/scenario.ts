/**
 * A scenario: who plays where, over what network, and what happens when. One declaration in a file of its own makes one
 * (`npm run lab -- --scenario ./mine.ts`, as its default export).
 */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import type { LabClient } from "./lab-client.ts";
import type { Laboratory } from "./laboratory.ts";
import type { Bursts } from "./network/bursts.ts";

/** Decides for one player in each rendered frame, from the picture before it, as a person does. */
export type Flyer = (match: Match, picture: Picture) => Command;

export type Network = {
  /** A round trip, and how far it strays to either side. */
  readonly rttMs: number;
  readonly jitterMs: number;
  /** Part of the packets that is lost, each by itself. */
  readonly loss: number;
  /** Part of those from, and to the player, where it is another one. */
  readonly lossUp?: number;
  readonly lossDown?: number;
  /** What each player's line carries each way, with a queue of 16 KB; without bound unless told. */
  readonly bytesPerSecond?: number;
  /** Losses that befall all that one player sends, or gets, at the same time; none unless told. */
  readonly bursts?: Bursts;
};

export type Scenario = {
  readonly name: string;
  readonly summary: string;
  readonly players: number;
  readonly seconds: number;
  /** Side of the map in units. */
  readonly mapSize: number;
  readonly network: Network;
  /** The room's ticks and frames a second; 60 and 30 unless told. */
  readonly tickRate?: number;
  readonly frameRate?: number;
  /** Bytes a second that frames to one player may take; 12,000 unless told. */
  readonly budgetBytesPerSecond?: number;
  /** Who flies the player in place `index`; unless told, a pilot that fights. */
  readonly flyer?: (seed: number, index: number) => Flyer;
  /** The shape of each player's screen, see shared/game/sight.ts; the first unless told. */
  readonly shapes?: (index: number) => number;
  /** Players who come later than in the beginning, in seconds. */
  readonly joinsAtSeconds?: (index: number) => number | undefined;
  /** What happens on the way. */
  readonly happenings?: readonly Happening[];
  /** What must hold wherever the scenario runs over its own network, such as "ownErrorUnits<=4.5". */
  readonly limits?: readonly string[];
};

export type Happening = {
  readonly atSeconds: number;
  act(lab: Laboratory, clients: readonly LabClient[]): void;
};
