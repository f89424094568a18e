/**
 * The stage: the game's looks without a server, for development. It is not part of the built page.
 *
 * Address parameters: state (menu, connecting, playing, dead, reconnecting, refused), ships, reason, room, notice, trouble,
 * invitation, loading, sparse (ships spread out), best (highest quality whatever it costs).
 *
 * Next: stage-scene.ts, which makes the match up.
 */

import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import type {
  InterfaceActions,
  InterfaceState,
  MatchInstruments,
  NetGraphFigures,
  RefusalReason,
} from "./interface/interface-state.ts";
import { mountInterface } from "./interface/mount-interface.tsx";
import { openMatchView, preloadPhaser } from "./match-view.ts";
import type { Trouble } from "./reach.ts";
import type { Scene } from "./scene.ts";
import { openSound } from "./sound.ts";
import { FakeMatch } from "./stage-scene.ts";

const HISTORY = 120;
const STANDINGS_INTERVAL_MS = 1000;

const parameters = new URLSearchParams(location.search);
const wanted = parameters.get("state") ?? "playing";
const match = new FakeMatch(Number(parameters.get("ships") ?? 30), !parameters.has("sparse"));
const sound = openSound();
const net = createFakeNet();
let standings = match.standings();
let standingsMs = 0;

const log =
  (what: string) =>
  (...values: readonly unknown[]): void =>
    console.info(what, ...values);

const actions: InterfaceActions = {
  play: log("play"),
  createPrivateRoom: log("createPrivateRoom"),
  quickPlay: log("quickPlay"),
  joinRoom: log("joinRoom"),
  followInvitation: log("followInvitation"),
  declineInvitation: log("declineInvitation"),
  leave: log("leave"),
  reload: log("reload"),
  openReplay: log("openReplay"),
  setKillReplays: log("setKillReplays"),
  watchKillReplay: log("watchKillReplay"),
  skipKillReplay: log("skipKillReplay"),
  setMuted: (isMuted) => sound.setMuted(isMuted),
  clicked: () => sound.click(),
};
const page = mountInterface(element("#interface"), actions);

if (wanted === "menu" || wanted === "connecting" || wanted === "refused") {
  preloadPhaser();
  page.show(stillState());
} else {
  const isMotionReduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const quality = parameters.has("best") ? "best" : "auto";
  await openMatchView(
    element("#game"),
    { arena: match.arena, nextScene: nextFrame },
    { sound, isMotionReduced, quality },
    { lost: log("lost"), restored: log("restored"), broken: log("broken") },
  );
}

// For the browser's console and for scripted looks.
Object.assign(globalThis, { stage: { page, match } });

function nextFrame(nowMs: number): Scene {
  const scene = match.nextScene(nowMs);
  if (nowMs - standingsMs > STANDINGS_INTERVAL_MS) {
    standings = match.standings();
    standingsMs = nowMs;
  }
  page.show(movingState(scene));
  return scene;
}

function stillState(): InterfaceState {
  if (wanted === "refused") {
    return {
      state: "refused",
      reason: (parameters.get("reason") ?? "version-mismatch") as RefusalReason,
      detail: undefined,
    };
  }
  if (wanted === "connecting")
    return {
      state: "connecting",
      roomCode: parameters.get("room") ?? undefined,
      isLoading: parameters.has("loading"),
      isSlow: false,
      waitsFor: waitsFor(),
      trouble: trouble(),
    };
  return {
    state: "menu",
    nameProblem: undefined,
    name: "Vega",
    roomCode: parameters.get("room") ?? undefined,
    notice: parameters.get("notice") ?? undefined,
  };
}

function waitsFor(): Refusal | undefined {
  return (parameters.get("waits") ?? undefined) as Refusal | undefined;
}

function trouble(): Trouble | undefined {
  return (parameters.get("trouble") ?? undefined) as Trouble | undefined;
}

function movingState(scene: Scene): InterfaceState {
  const instruments: MatchInstruments = {
    arena: match.arena,
    scene,
    room: { code: "K7QP", link: `${location.origin}/r/K7QP`, isPrivate: parameters.has("private") },
    standings,
    kills: match.kills,
    net: net(),
    notice: parameters.get("notice") ?? undefined,
    invitation: parameters.get("invitation") ?? undefined,
    isMuted: sound.isMuted(),
    hasKillReplays: true,
  };
  const killReplay = { state: "none" } as const;
  if (wanted === "reconnecting")
    return {
      state: "reconnecting",
      heldForSeconds: 18,
      isServerClosing: parameters.has("closing"),
      waitsFor: waitsFor(),
      trouble: trouble(),
    };
  if (wanted === "dead")
    return { state: "dead", match: instruments, killerName: "Bright Star Nine", respawnInSeconds: 2.3, killReplay };
  if (scene.own.state === "dead") {
    const { killerName, respawnInSeconds } = scene.own;
    return { state: "dead", match: instruments, killerName, respawnInSeconds, killReplay };
  }
  return { state: "playing", match: instruments };
}

function createFakeNet(): () => NetGraphFigures {
  const wave = (middle: number, reach: number): number[] =>
    Array.from({ length: HISTORY }, (_, at) => middle + reach * Math.sin(at * 0.2) + reach * Math.random());
  const figures: NetGraphFigures = {
    rttMs: 48,
    jitterMs: 3.4,
    commandMarginMs: 11.2,
    interpolationDelayMs: 82,
    downBytesPerSecond: 2140,
    upBytesPerSecond: 620,
    correctionsPerSecond: 0.4,
    starvedRatio: 0.002,
    history: {
      rttMs: wave(48, 6),
      commandMarginMs: wave(6, 8),
      interpolationDelayMs: wave(80, 4),
      downBytesPerSecond: wave(2000, 300),
      correctionsPerSecond: wave(1, 1),
    },
  };
  return () => figures;
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`stage.html has no ${selector}`);
  return found;
}
