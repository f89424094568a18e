/**
 * Sound: what of a scene is heard, how loud, and from which side.
 *
 * It is silent until the player's first gesture, as browsers ask, and where there is no audio at all. What interrupts
 * it (a call, another app, a suspended tab) is over with the next gesture at the latest.
 *
 * Next: sound-voices.ts, which plays.
 */

import { SCREEN_SHAPES } from "@starwake/shared/game/sight.ts";
import type { Scene, SceneEvent, ShotView } from "./scene.ts";
import type { SoundName } from "./sound-recipes.ts";
import { type LoopVoice, Voices } from "./sound-voices.ts";
import { WEAPON_LOOKS } from "./weapon-looks.ts";

const MUTED_KEY = "starwake.muted";
const GESTURES = ["pointerdown", "keydown", "touchend"] as const;
/** From this distance to the camera nothing is heard. */
const HEARING_UNITS = 1700;
const NEAR_EXPLOSION_UNITS = 700;
const RENDER_GAP_MS = 12;

export type Sound = {
  /** Plays what happened in one frame; `births` are the shots that are new in it. */
  hear(scene: Scene, births: readonly ShotView[]): void;
  click(): void;
  isMuted(): boolean;
  setMuted(isMuted: boolean): void;
  /** Silences the engine loops, when a match is left. */
  hush(): void;
};

type Playing = { readonly voices: Voices; readonly thrust: LoopVoice; readonly boost: LoopVoice };

/** Starts with the first gesture. Never throws. */
export function openSound(): Sound {
  let isMuted = readMuted();
  let playing: Playing | undefined;
  let wasCharging = false;

  const hush = (): void => {
    playing?.thrust.setLevel(0);
    playing?.boost.setLevel(0);
  };

  const start = (): void => {
    // A device that was taken out closes the sound for good; a call or another tab only interrupts it.
    if (playing?.voices.isClosed !== false) playing = startPlaying(isMuted);
    else playing.voices.resume();
  };
  onGesture(start);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) playing?.voices.resume();
  });
  // A hidden page renders no frames: without this an engine would hum on.
  document.addEventListener("visibilitychange", hush);

  return {
    hear(scene, births) {
      if (playing === undefined) return;
      for (const shot of births) {
        playAt(playing.voices, scene, WEAPON_LOOKS[shot.weapon].fireSound, shot.x, shot.y, shot.isOwn ? 0.5 : 0.34);
      }
      for (const event of scene.events) playEvent(playing.voices, scene, event);
      wasCharging = playCharge(playing.voices, scene, wasCharging);
      setEngineLevels(playing, scene);
    },
    click: () => playing?.voices.play("click", 0.5, 0, 1),
    isMuted: () => isMuted,
    setMuted(muted) {
      isMuted = muted;
      playing?.voices.setMuted(muted);
      writeMuted(muted);
    },
    hush,
  };
}

/** Each gesture counts, not the first alone: what browsers and systems interrupt, only a gesture may bring back. */
function onGesture(act: () => void): void {
  const begin = (): void => {
    // A press of Escape or Tab, for one, does not count as a gesture.
    if (navigator.userActivation?.isActive !== false) act();
  };
  for (const gesture of GESTURES) addEventListener(gesture, begin, true);
}

function startPlaying(isMuted: boolean): Playing | undefined {
  try {
    const voices = new Voices(new AudioContext({ latencyHint: "interactive" }), isMuted);
    voices.resume();
    renderInPieces(voices);
    return { voices, thrust: voices.startLoop("thrust"), boost: voices.startLoop("boost") };
  } catch {
    return undefined;
  }
}

/** One sound at a time, with room for frames between. */
function renderInPieces(voices: Voices): void {
  const step = (): void => {
    if (voices.prepareNext()) setTimeout(step, RENDER_GAP_MS);
  };
  step();
}

function playEvent(voices: Voices, scene: Scene, event: SceneEvent): void {
  switch (event.type) {
    case "hit":
      if (event.ofOwn) voices.play("hitTaken", 0.8, 0, vary());
      else if (event.byOwn) voices.play("hitGiven", 0.45, panOf(scene, event.x), vary());
      return;
    case "death":
      playDeath(voices, scene, event);
      return;
    case "beam":
      playAt(voices, scene, WEAPON_LOOKS[event.weapon].fireSound, event.x0, event.y0, event.byOwn ? 0.8 : 0.6);
      return;
    case "spawn":
      playAt(voices, scene, "respawn", event.x, event.y, event.ofOwn ? 0.6 : 0.2);
      return;
  }
}

function playDeath(voices: Voices, scene: Scene, event: SceneEvent & { type: "death" }): void {
  const isNear = distanceTo(scene, event.x, event.y) < NEAR_EXPLOSION_UNITS;
  playAt(voices, scene, isNear ? "explosion" : "explosionFar", event.x, event.y, event.ofOwn ? 1 : 0.85);
  if (event.byOwn && !event.ofOwn) voices.play("kill", 0.55, 0, 1);
}

/** Sounds once when the own rail gun begins to charge. */
function playCharge(voices: Voices, scene: Scene, wasCharging: boolean): boolean {
  const isCharging = scene.own.state === "alive" && scene.own.charge > 0;
  if (isCharging && !wasCharging) voices.play("railCharge", 0.28, 0, 1);
  return isCharging;
}

function setEngineLevels(playing: Playing, scene: Scene): void {
  const own = scene.ships.find((ship) => ship.isOwn);
  const isBurning = own !== undefined && own.thrust !== undefined;
  playing.thrust.setLevel(isBurning ? 0.2 : 0);
  playing.boost.setLevel(isBurning && own.isBoosting ? 0.3 : 0);
}

function playAt(voices: Voices, scene: Scene, name: SoundName, x: number, y: number, level: number): void {
  const near = Math.max(0, 1 - distanceTo(scene, x, y) / HEARING_UNITS);
  voices.play(name, level * near * near, panOf(scene, x), vary());
}

function distanceTo(scene: Scene, x: number, y: number): number {
  const dx = x - scene.camera.x;
  const dy = y - scene.camera.y;
  return Math.sqrt(dx * dx + dy * dy);
}

function panOf(scene: Scene, x: number): number {
  return ((x - scene.camera.x) / SCREEN_SHAPES[0].widthUnits) * 1.4;
}

/** A slightly different pitch each time, so that repetition does not tire. */
function vary(): number {
  return 0.94 + 0.12 * Math.random();
}

function readMuted(): boolean {
  try {
    return localStorage.getItem(MUTED_KEY) === "1";
  } catch {
    return false;
  }
}

function writeMuted(isMuted: boolean): void {
  try {
    localStorage.setItem(MUTED_KEY, isMuted ? "1" : "0");
  } catch {
    // A browser that keeps nothing: the choice lasts until the page is left.
  }
}
