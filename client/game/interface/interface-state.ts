/**
 * What the interface shows and what it reports: plain values, handed over by the page's composition root.
 *
 * Next: mount-interface.tsx, which shows them.
 */

import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import type { PictureProblem } from "../live-picture.ts";
import type { Trouble } from "../reach.ts";
import type { KillMark } from "../replay-scores.ts";
import type { ArenaView, KillNotice, Scene, Standing } from "../scene.ts";

/** Where the player is. Each state has only the fields that mean something in it. */
export type InterfaceState =
  | {
      readonly state: "menu";
      /** The remembered name; the field starts with it. */
      readonly name: string;
      /** Why the server did not take the name, as a sentence. */
      readonly nameProblem: string | undefined;
      /** From the page's address (/r/CODE): the main button joins that room. */
      readonly roomCode: string | undefined;
      /** One line above the form, such as "The server closed.". */
      readonly notice: string | undefined;
    }
  | {
      readonly state: "connecting";
      readonly roomCode: string | undefined;
      /** Parts of the page are still on their way. */
      readonly isLoading: boolean;
      /** The server has not answered at the first try. */
      readonly isSlow: boolean;
      /** Why the server lets the player in later only. */
      readonly waitsFor: Refusal | undefined;
      /** Why there is no connection, once that was found out. */
      readonly trouble: Trouble | undefined;
    }
  | { readonly state: "playing"; readonly match: MatchInstruments }
  | {
      readonly state: "dead";
      readonly match: MatchInstruments;
      readonly killerName: string | undefined;
      readonly respawnInSeconds: number;
      readonly killReplay: KillReplayState;
    }
  | {
      readonly state: "reconnecting";
      readonly heldForSeconds: number;
      readonly isServerClosing: boolean;
      readonly waitsFor: Refusal | undefined;
      readonly trouble: Trouble | undefined;
    }
  | { readonly state: "refused"; readonly reason: RefusalReason; readonly detail: string | undefined }
  /** A replay is fetched, read, and its pictures are made. */
  | { readonly state: "opening" }
  | { readonly state: "unreadable"; readonly problem: string }
  | {
      readonly state: "replay";
      readonly replay: ReplayInstruments;
      /** The same for the whole replay. */
      readonly controls: ReplayControls;
    };

/** Why the player cannot play: the server's word, or the page's own. */
export type RefusalReason = Refusal | PictureProblem;

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
  /** The code of another room, to which a link leads that was opened in this tab. */
  readonly invitation: string | undefined;
  readonly isMuted: boolean;
  /** Whether a death is shown again. */
  readonly hasKillReplays: boolean;
};

/** The kill replay of the last death: under way, there for the asking, or not (any more). */
export type KillReplayState =
  | { readonly state: "none" }
  | { readonly state: "offered" }
  | {
      readonly state: "playing";
      readonly killerName: string;
      readonly weapon: KillNotice["weapon"];
      readonly lengthMs: number;
    };

/** Everything that the instruments of a replay read. Lists are compared by reference. */
export type ReplayInstruments = {
  readonly arena: ArenaView;
  readonly scene: Scene;
  readonly room: string;
  readonly startedAtMs: number;
  /** Best first: everyone in the room now. */
  readonly standings: readonly Standing[];
  readonly kills: readonly KillNotice[];
  readonly marks: readonly KillMark[];
  readonly playedSeconds: number;
  readonly lengthSeconds: number;
  /** As far as a jump takes no time. */
  readonly indexedSeconds: number;
  /** How far a jump that takes a while has come, 0 to 1. */
  readonly jumpProgress: number | undefined;
  readonly isPlaying: boolean;
  readonly speed: number;
  /** Whose view it is; undefined: a free camera. */
  readonly viewer: PlayerId | undefined;
  readonly viewerName: string;
  /** A line over the picture, such as that the recording was cut short. */
  readonly notice: string | undefined;
  readonly isMuted: boolean;
};

/** What the buttons and keys of a replay do. */
export type ReplayControls = {
  /** Plays on, or stops; at the end it begins anew. */
  togglePlaying(): void;
  setSpeed(speed: number): void;
  seek(seconds: number): void;
  /** Some ticks on or back, and stays there. */
  nudge(ticks: number): void;
  follow(player: PlayerId): void;
  /** The next player in the order of the numbers; −1: the one before. */
  followNext(way: 1 | -1): void;
  toggleFreeCamera(): void;
};

export const REPLAY_SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8];

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
  /** Any room, whatever the page's address says. */
  quickPlay(name: string): void;
  createPrivateRoom(name: string): void;
  joinRoom(name: string, code: string): void;
  /** Out of a match, or out of waiting for one, to the menu. */
  leave(): void;
  reload(): void;
  openReplay(file: File): void;
  /** To the room of another link, out of the match. */
  followInvitation(code: string): void;
  declineInvitation(): void;
  setMuted(isMuted: boolean): void;
  setKillReplays(isOn: boolean): void;
  /** Shows the last death again. */
  watchKillReplay(): void;
  skipKillReplay(): void;
  /** A button was pressed: for the click. */
  clicked(): void;
};

/** Letters of what is typed or pasted for a room's code, which may be a whole link; more than that is cut away. */
export const LONGEST_ROOM_TEXT = 200;
