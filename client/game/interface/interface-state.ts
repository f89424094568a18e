/**
 * What the interface shows and what it reports: plain values, handed over by the page's composition root.
 *
 * Next: mount-interface.tsx, which shows them.
 */

import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import type { ArenaView, KillNotice, Scene, Standing } from "../scene.ts";

/** Where the player is. Each state has only the fields that mean something in it. */
export type InterfaceState =
  | {
      readonly state: "menu";
      /** The remembered name; the field starts with it. */
      readonly name: string;
      /** From the page's address (#room=CODE): the main button joins that room. */
      readonly roomCode: string | undefined;
      /** One line above the form, such as "The server closed.". */
      readonly notice: string | undefined;
    }
  | {
      readonly state: "connecting";
      readonly roomCode: string | undefined;
      /** The server has not answered at the first try. */
      readonly isSlow: boolean;
    }
  | { readonly state: "playing"; readonly match: MatchInstruments }
  | {
      readonly state: "dead";
      readonly match: MatchInstruments;
      readonly killerName: string | undefined;
      readonly respawnInSeconds: number;
    }
  | { readonly state: "reconnecting"; readonly heldForSeconds: number; readonly isServerClosing: boolean }
  | { readonly state: "refused"; readonly reason: RefusalReason; readonly detail: string | undefined };

/** Why the player cannot play: the server's word, or the browser's own. */
export type RefusalReason = Refusal | "no-webgl";

/** Everything that the instruments of a running match read. */
export type MatchInstruments = {
  readonly arena: ArenaView;
  /** The newest scene; the instruments read the own ship's status and the minimap from it. */
  readonly scene: Scene;
  readonly room: RoomLabel;
  /** Best first. A new array only when something changed: the scoreboard is compared by reference. */
  readonly standings: readonly Standing[];
  /** Oldest first; the interface shows those that came lately. By reference too. */
  readonly kills: readonly KillNotice[];
  readonly net: NetGraphFigures;
  /** A line over the match, such as "The server restarts in 20 s.". */
  readonly notice: string | undefined;
  readonly isMuted: boolean;
};

export type RoomLabel = { readonly code: string; readonly link: string; readonly isPrivate: boolean };

/** What the net graph prints and plots. Histories are oldest first, of any length; about 120 values look best. */
export type NetGraphFigures = {
  readonly rttMs: number;
  readonly jitterMs: number;
  /** How early commands come to the server; negative is late. */
  readonly commandMarginMs: number;
  readonly interpolationDelayMs: number;
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  readonly correctionsPerSecond: number;
  /** Part of the last seconds without fresh state, 0 to 1. */
  readonly starvedRatio: number;
  readonly history: {
    readonly rttMs: readonly number[];
    readonly commandMarginMs: readonly number[];
    readonly interpolationDelayMs: readonly number[];
    readonly downBytesPerSecond: readonly number[];
    readonly correctionsPerSecond: readonly number[];
  };
};

/** What the player did in the interface. */
export type InterfaceActions = {
  /** The main button: the room of the page's address if there is one, else any room. */
  play(name: string): void;
  createPrivateRoom(name: string): void;
  joinRoom(name: string, code: string): void;
  /** Out of a match, or out of waiting for one, to the menu. */
  leave(): void;
  reload(): void;
  setMuted(isMuted: boolean): void;
  /** A button was pressed: for the click. */
  clicked(): void;
};

export const LONGEST_NAME = 16;
export const LONGEST_ROOM_CODE = 12;
