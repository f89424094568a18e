/**
 * The page's composition root: the menu at once, the game when it is asked for.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash, ROOM_CODE_PATTERN, type RoomWish } from "@starwake/shared/engine/protocol.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { openSocketLink } from "./engine/connection.ts";
import { listenToDevices } from "./engine/device-input.ts";
import { mountInterface } from "./game/interface/mount-interface.tsx";
import { type MatchSettings, preloadPhaser } from "./game/match-view.ts";
import {
  browserKey,
  forgetSeat,
  keepKillReplays,
  keepName,
  keepSeat,
  keptKillReplays,
  keptName,
  keptSeat,
  type Seat,
} from "./game/memory.ts";
import { offerHandle } from "./game/page-handle.ts";
import { Play } from "./game/play.ts";
import { fetchReplay, type Opened, readReplayFile } from "./game/replay-opening.ts";
import { Screening } from "./game/screening.ts";
import { openSound } from "./game/sound.ts";

const game = starwake as GameDefinition;
const protocol = protocolHash(game);
const sound = openSound();
const canvasParent = element("#game");
let play: Play | undefined;
let screening: Screening | undefined;
const devices = listenToDevices(window, () => play !== undefined || screening !== undefined);
/** The replay that is being opened; another one, or the menu, takes its place. */
let opening: object | undefined;
let hasKillReplays = keptKillReplays();
let seat: Seat | undefined;

const page = mountInterface(element("#interface"), {
  play: (name) => start(name, wishFromAddress()),
  createPrivateRoom: (name) => start(name, { kind: "new" }),
  joinRoom: (name, code) => start(name, { kind: "code", code: code.toUpperCase() }),
  leave: () => showMenu(),
  reload: () => location.reload(),
  openReplay: (file) => openReplay(readReplayFile(file, game, protocol)),
  setMuted: (isMuted) => sound.setMuted(isMuted),
  setKillReplays: (isOn) => {
    hasKillReplays = isOn;
    keepKillReplays(isOn);
  },
  watchKillReplay: () => play?.watchKillReplay(),
  skipKillReplay: () => play?.skipKillReplay(),
  clicked: () => sound.click(),
});

const key = browserKey();
const kept = keptSeat();
if (replayFromAddress() !== undefined) openReplayFromAddress();
else if (kept === undefined) showMenu();
else start(keptName(), kept.isPrivate ? { kind: "code", code: kept.room } : { kind: "quick" }, kept.token);
preloadPhaser();
offerHandle(window, { scene: () => play?.scene ?? screening?.scene });
window.addEventListener("pagehide", () => {
  if (seat !== undefined) keepSeat(seat);
});
window.addEventListener("hashchange", () => {
  if (play !== undefined) return;
  if (replayFromAddress() !== undefined) openReplayFromAddress();
  else if (screening === undefined) showMenu();
});

function start(name: string, room: RoomWish, token?: string): void {
  keepName(name);
  closeAll();
  play = new Play({
    game,
    openLink: (handlers) => openSocketLink(location.origin, protocol, handlers),
    name,
    room,
    token,
    browserKey: key,
    canvasParent,
    page,
    devices,
    view: viewSettings(),
    isMuted: () => sound.isMuted(),
    hasKillReplays: () => hasKillReplays,
    nameRefused: showMenu,
    seated: (taken) => {
      seat = taken;
      keepSeat(taken);
      if (taken.isPrivate) history.replaceState(null, "", `#room=${taken.room}`);
    },
  });
}

/** Shows a replay when it has been read, unless the player has turned elsewhere meanwhile. */
async function openReplay(reading: Promise<Opened>): Promise<void> {
  closeAll();
  const own = {};
  opening = own;
  page.show({ state: "opening" });
  const replay = await reading;
  if (opening !== own) return;
  try {
    if ("problem" in replay) page.show({ state: "unreadable", problem: replay.problem });
    else screen(replay);
  } catch (error) {
    console.error(error);
    page.show({ state: "unreadable", problem: "The match that it was recorded in cannot be set up." });
  }
}

function screen(replay: Replay): void {
  screening = new Screening({
    game,
    replay,
    canvasParent,
    page,
    devices,
    view: viewSettings(),
    isMuted: () => sound.isMuted(),
    failed: (error) => {
      console.error(error);
      closeAll();
      page.show({ state: "refused", reason: "no-webgl", detail: undefined });
    },
  });
}

function openReplayFromAddress(): void {
  openReplay(fetchReplay(replayFromAddress() ?? "", game, protocol));
}

/** Ends what the page shows, with the seat given up. */
function closeAll(): void {
  play?.leave();
  screening?.close();
  play = undefined;
  screening = undefined;
  opening = undefined;
}

/** @param nameProblem why the server did not take the name that was last given */
function showMenu(nameProblem?: string): void {
  closeAll();
  seat = undefined;
  forgetSeat();
  // Or a reload of the menu would open it again.
  if (replayFromAddress() !== undefined) history.replaceState(null, "", location.pathname + location.search);
  const wish = wishFromAddress();
  page.show({
    state: "menu",
    name: keptName(),
    nameProblem,
    roomCode: wish.kind === "code" ? wish.code : undefined,
    notice: undefined,
  });
}

/** The room that the page's address names, as in /#room=CODE; else any. */
function wishFromAddress(): RoomWish {
  const code = new URLSearchParams(location.hash.slice(1)).get("room")?.toUpperCase();
  return code !== undefined && ROOM_CODE_PATTERN.test(code) ? { kind: "code", code } : { kind: "quick" };
}

/** The replay that the page's address names, as in /#replay=/recordings/one.starwake. */
function replayFromAddress(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("replay") ?? undefined;
}

function viewSettings(): MatchSettings {
  const isMotionReduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return { sound, isMotionReduced, quality: wantedQuality() };
}

/** "?quality=best" never draws less where frames are slow: for pictures of the game. */
function wantedQuality(): "auto" | "best" {
  return new URLSearchParams(location.search).get("quality") === "best" ? "best" : "auto";
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}
