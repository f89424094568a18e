/**
 * The page's composition root: the menu at once, the game when it is asked for.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash, type RoomWish } from "@starwake/shared/engine/protocol.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { openSocketLink } from "./engine/connection.ts";
import { listenToDevices } from "./engine/device-input.ts";
import { gameServerOf, linkToRoom } from "./game/game-server.ts";
import { mountInterface } from "./game/interface/mount-interface.tsx";
import { type MatchSettings, preloadPhaser } from "./game/match-view.ts";
import { Memory, type Seat } from "./game/memory.ts";
import { PageAddress, type RoomInAddress, roomCodeInText } from "./game/page-address.ts";
import { offerHandle } from "./game/page-handle.ts";
import { PageHistory } from "./game/page-history.ts";
import { Play } from "./game/play.ts";
import { findTrouble } from "./game/reach.ts";
import { fetchReplay, type Opened, readReplayFile } from "./game/replay-opening.ts";
import { Screening } from "./game/screening.ts";
import { SeatClaim } from "./game/seat-claim.ts";
import { openSound } from "./game/sound.ts";

/** How old what is kept of the seat may be: a crash costs less of the time for which the seat is held. */
const RENEW_SEAT_MS = 5_000;
const NO_SERVER_NAMED = "This page's address names its server by what is no address (?server=).";
const DAMAGED_LINK = "This link is damaged: it leads to no room. Ask for it once more, or play with anyone.";
const DAMAGED_LINK_IN_PLAY = "That link is damaged: it leads to no room.";
const ELSEWHERE = "You are playing in another tab.";
const NO_SUCH_CODE = "A room's code has 4 to 12 letters and digits. Its whole link does as well.";

const game = starwake as GameDefinition;
const protocol = protocolHash(game);
const first = readAddress();
const server = gameServerOf(first) ?? { base: first.base, isOwn: true };
const isServerNamed = gameServerOf(first) !== undefined;
const isAtRoot = server.isOwn && server.base.pathname === "/";
const memory = new Memory(isAtRoot ? undefined : server.base.href);
const sound = openSound();
const canvasParent = element("#game");
let play: Play | undefined;
let screening: Screening | undefined;
const devices = listenToDevices(window, () => play !== undefined || screening !== undefined);
/** The replay, or the way back to a seat, that is being opened; whatever is shown instead takes its place. */
let opening: object | undefined;
let { hasKillReplays } = memory;
let seat: Seat | undefined;
/** The code of the room in which this tab plays, or to which it is on its way; undefined: any room, or none. */
let destination: string | undefined;

const page = mountInterface(element("#interface"), {
  play: (name) => {
    const { room } = readAddress();
    start(name, room.kind === "code" ? room : { kind: "quick" });
  },
  quickPlay: (name) => start(name, { kind: "quick" }),
  createPrivateRoom: (name) => start(name, { kind: "new" }),
  joinRoom: (name, written) => {
    const code = roomCodeInText(written);
    if (code === undefined) showLinkedMenu(NO_SUCH_CODE);
    else start(name, { kind: "code", code });
  },
  leave: () => showMenu(),
  reload: () => location.reload(),
  openReplay: (file) => openReplay(readReplayFile(file, game, protocol)),
  setMuted: (isMuted) => sound.setMuted(isMuted),
  setKillReplays: (isOn) => {
    hasKillReplays = isOn;
    memory.keepKillReplays(isOn);
  },
  watchKillReplay: () => play?.watchKillReplay(),
  skipKillReplay: () => play?.skipKillReplay(),
  followInvitation: (code) => start(memory.name, { kind: "code", code }),
  declineInvitation: () => stayInRoom(),
  clicked: () => sound.click(),
});
const pages = new PageHistory(window, {
  wentBack: () => {
    // On the way back to a match, or when there is none any more, it is the way out.
    if (!page.openMenu()) showMenu();
  },
  addressChanged: () => hearAddress(),
});

const key = memory.browserKey();
const claim = new SeatClaim("starwake.seat");
preloadPhaser();
offerHandle(window, { scene: () => play?.scene ?? screening?.scene });
setInterval(renewSeat, RENEW_SEAT_MS);
window.addEventListener("pagehide", renewSeat);
if (first.replay !== undefined) openReplayFromAddress();
else void returnToSeat();

/** After a reload, or a crash: to the seat that this tab had, unless another tab plays there, or a link leads elsewhere. */
async function returnToSeat(): Promise<void> {
  const kept = memory.seat;
  const { room } = first;
  const leadsElsewhere = room.kind === "damaged" || (room.kind === "code" && room.code !== kept?.room);
  if (kept === undefined || leadsElsewhere) {
    showLinkedMenu();
    return;
  }
  const own = {};
  opening = own;
  const roomCode = kept.isPrivate ? kept.room : undefined;
  page.show({ state: "connecting", roomCode, isLoading: true, isSlow: false, waitsFor: undefined, trouble: undefined });
  const isHeldElsewhere = await claim.isHeldElsewhere(kept.token);
  if (opening !== own) return;
  if (isHeldElsewhere) showMenu({ notice: ELSEWHERE });
  else start(memory.name, roomCode === undefined ? { kind: "quick" } : { kind: "code", code: roomCode }, kept.token);
}

/** A tab that crashes says no goodbye: what it keeps is to be fresh at any time. */
function renewSeat(): void {
  if (seat !== undefined) memory.keepSeat(seat);
}

function start(name: string, room: RoomWish, token?: string): void {
  memory.keepName(name);
  closeAll();
  if (token === undefined) forgetSeat();
  destination = room.kind === "code" ? room.code : undefined;
  play = new Play({
    game,
    openLink: (handlers) => openSocketLink(server.base.href, protocol, handlers),
    findTrouble: () => findTrouble(server.base, location.origin, document),
    linkTo: (code) => linkToRoom(server, code),
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
    nameRefused: (nameProblem) => showMenu({ nameProblem }),
    seated: (taken) => {
      seat = taken;
      destination = taken.room;
      memory.keepSeat(taken);
      claim.hold(taken.token);
      pages.enterMatch(addressInRoom(), readAddress().inRoom(undefined, server.isOwn));
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
    failed: (problem, error) => {
      console.error(error);
      closeAll();
      page.show({ state: "refused", reason: problem, detail: undefined });
    },
  });
}

function openReplayFromAddress(): void {
  openReplay(fetchReplay(readAddress().replay ?? "", game, protocol));
}

/** Another link in this tab: the menu follows it at once, and who plays is asked. */
function hearAddress(): void {
  const { room, replay } = readAddress();
  if (play !== undefined) hearLinkInPlay(play, room);
  else if (replay !== undefined) openReplayFromAddress();
  else if (screening === undefined || room.kind !== "none") showLinkedMenu();
}

/** A question lies over a match; without one, nobody would see it, and there is no match to lose. */
function hearLinkInPlay(playing: Play, room: RoomInAddress): void {
  if (room.kind === "damaged") {
    stayInRoom();
    playing.tell(DAMAGED_LINK_IN_PLAY);
  } else if (room.kind === "code") {
    if (room.code === destination) stayInRoom();
    else if (page.isMatchShown()) playing.invite(room.code);
    else start(memory.name, room);
  }
}

/** No link is followed: the address is the room's again. */
function stayInRoom(): void {
  play?.invite(undefined);
  pages.show(addressInRoom());
}

function forgetSeat(): void {
  seat = undefined;
  claim.hold(undefined);
  memory.forgetSeat();
}

/** Ends what the page shows, with the seat given up. */
function closeAll(): void {
  play?.leave();
  screening?.close();
  pages.leaveMatch();
  play = undefined;
  screening = undefined;
  opening = undefined;
}

type Why = {
  /** Why the server did not take the name that was last given. */
  readonly nameProblem?: string;
  /** A line above the form. */
  readonly notice?: string | undefined;
};

/** The menu, and no room in the address: a reload is not to lead back to what was left. */
function showMenu({ nameProblem, notice }: Why = {}): void {
  const { room } = readAddress();
  closeAll();
  forgetSeat();
  // Of a room that was not left, because its name was refused before anybody came in.
  const code = nameProblem !== undefined && room.kind === "code" ? room.code : undefined;
  if (code === undefined) pages.show(readAddress().inRoom(undefined, server.isOwn));
  page.show({ state: "menu", name: memory.name, nameProblem, roomCode: code, notice });
}

/** The menu as a link asks for it. @param notice in place of what there is to say of the link */
function showLinkedMenu(notice = noticeOfLink()): void {
  const { room } = readAddress();
  closeAll();
  const roomCode = room.kind === "code" ? room.code : undefined;
  page.show({ state: "menu", name: memory.name, nameProblem: undefined, roomCode, notice });
}

function noticeOfLink(): string | undefined {
  if (!isServerNamed) return NO_SERVER_NAMED;
  return readAddress().room.kind === "damaged" ? DAMAGED_LINK : undefined;
}

function readAddress(): PageAddress {
  return new PageAddress(location.href, document.baseURI);
}

/** A public room has no address of its own: who comes back plays where there is room. */
function addressInRoom(): string {
  const isPublic = seat !== undefined && !seat.isPrivate;
  return readAddress().inRoom(isPublic ? undefined : destination, server.isOwn);
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
