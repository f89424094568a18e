/**
 * The page's composition root: the menu at once, the game when it is asked for.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash, ROOM_CODE_PATTERN, type RoomWish } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { openSocketLink } from "./engine/connection.ts";
import { listenToDevices } from "./engine/device-input.ts";
import { mountInterface } from "./game/interface/mount-interface.tsx";
import { preloadPhaser } from "./game/match-view.ts";
import { forgetSeat, keepName, keepSeat, keptName, keptSeat, type Seat } from "./game/memory.ts";
import { offerHandle } from "./game/page-handle.ts";
import { Play } from "./game/play.ts";
import { openSound } from "./game/sound.ts";

const game = starwake as GameDefinition;
const protocol = protocolHash(game);
const sound = openSound();
const canvasParent = element("#game");
const devices = listenToDevices(window);
let play: Play | undefined;
let seat: Seat | undefined;

const page = mountInterface(element("#interface"), {
  play: (name) => start(name, wishFromAddress()),
  createPrivateRoom: (name) => start(name, { kind: "new" }),
  joinRoom: (name, code) => start(name, { kind: "code", code: code.toUpperCase() }),
  leave: () => showMenu(),
  reload: () => location.reload(),
  setMuted: (isMuted) => sound.setMuted(isMuted),
  clicked: () => sound.click(),
});

const kept = keptSeat();
if (kept === undefined) showMenu();
else start(keptName(), kept.isPrivate ? { kind: "code", code: kept.room } : { kind: "quick" }, kept.token);
preloadPhaser();
offerHandle(window, { scene: () => play?.scene });
window.addEventListener("pagehide", () => {
  if (seat !== undefined) keepSeat(seat);
});
window.addEventListener("hashchange", () => {
  if (play === undefined) showMenu();
});

function start(name: string, room: RoomWish, token?: string): void {
  keepName(name);
  play?.leave();
  play = new Play({
    game,
    openLink: (handlers) => openSocketLink(undefined, protocol, handlers),
    name,
    room,
    token,
    canvasParent,
    page,
    devices,
    view: { sound, isMotionReduced: matchMedia("(prefers-reduced-motion: reduce)").matches, quality: wantedQuality() },
    isMuted: () => sound.isMuted(),
    seated: (taken) => {
      seat = taken;
      keepSeat(taken);
      if (taken.isPrivate) history.replaceState(null, "", `#room=${taken.room}`);
    },
  });
}

function showMenu(): void {
  play?.leave();
  play = undefined;
  seat = undefined;
  forgetSeat();
  const wish = wishFromAddress();
  page.show({
    state: "menu",
    name: keptName(),
    roomCode: wish.kind === "code" ? wish.code : undefined,
    notice: undefined,
  });
}

/** The room that the page's address names, as in /#room=CODE; else any. */
function wishFromAddress(): RoomWish {
  const code = new URLSearchParams(location.hash.slice(1)).get("room")?.toUpperCase();
  return code !== undefined && ROOM_CODE_PATTERN.test(code) ? { kind: "code", code } : { kind: "quick" };
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
