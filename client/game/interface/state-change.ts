/**
 * Whether two states look the same in the component tree: what the instruments write by themselves does not count, and
 * countdowns count by whole seconds.
 *
 * Next: mount-interface.tsx.
 */

import type { InterfaceState, MatchInstruments, ReplayInstruments } from "./interface-state.ts";

export function looksSame(shown: InterfaceState, next: InterfaceState): boolean {
  if (shown === next) return true;
  switch (next.state) {
    case "menu":
      return shown.state === "menu" && shown.notice === next.notice && shown.roomCode === next.roomCode;
    case "connecting":
      return (
        shown.state === "connecting" &&
        shown.roomCode === next.roomCode &&
        shown.isLoading === next.isLoading &&
        shown.isSlow === next.isSlow &&
        shown.trouble === next.trouble &&
        shown.waitsFor === next.waitsFor
      );
    case "playing":
      return shown.state === "playing" && isSameMatch(shown.match, next.match);
    case "dead":
      return (
        shown.state === "dead" &&
        shown.killerName === next.killerName &&
        Math.ceil(shown.respawnInSeconds) === Math.ceil(next.respawnInSeconds) &&
        shown.killReplay.state === next.killReplay.state &&
        isSameMatch(shown.match, next.match)
      );
    case "reconnecting":
      return (
        shown.state === "reconnecting" &&
        shown.isServerClosing === next.isServerClosing &&
        shown.waitsFor === next.waitsFor &&
        shown.trouble === next.trouble &&
        Math.ceil(shown.heldForSeconds) === Math.ceil(next.heldForSeconds)
      );
    case "refused":
      return shown.state === "refused" && shown.reason === next.reason && shown.detail === next.detail;
    case "opening":
      return shown.state === "opening";
    case "unreadable":
      return shown.state === "unreadable" && shown.problem === next.problem;
    case "replay":
      return shown.state === "replay" && shown.controls === next.controls && isSameReplay(shown.replay, next.replay);
  }
}

/** The time line writes itself into the page. */
const TREE_PARTS_OF_REPLAY = [
  "standings",
  "kills",
  "isPlaying",
  "speed",
  "viewer",
  "viewerName",
  "notice",
  "isMuted",
] as const satisfies readonly (keyof ReplayInstruments)[];

function isSameReplay(shown: ReplayInstruments, next: ReplayInstruments): boolean {
  return TREE_PARTS_OF_REPLAY.every((part) => shown[part] === next[part]);
}

function isSameMatch(shown: MatchInstruments, next: MatchInstruments): boolean {
  return (
    shown.standings === next.standings &&
    shown.kills === next.kills &&
    shown.notice === next.notice &&
    shown.invitation === next.invitation &&
    shown.isMuted === next.isMuted &&
    shown.hasKillReplays === next.hasKillReplays &&
    shown.room.code === next.room.code &&
    shown.room.link === next.room.link
  );
}
