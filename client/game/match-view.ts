/**
 * The match view: opens the picture and the sound of one match. It loads Phaser when it is first asked to, so that the
 * menu is up long before.
 *
 * Next: views/phaser-match.ts (⑯).
 */

import type { ScreenSize } from "./camera-lead.ts";
import type { ArenaView, Scene } from "./scene.ts";
import type { Sound } from "./sound.ts";
import { worldUnder } from "./views/viewport.ts";

/** Where the frames come from. */
export type MatchSource = {
  readonly arena: ArenaView;
  /**
   * Called exactly once for each rendered frame. `nowMs` is the frame's own time stamp on the line of
   * performance.now(); it lies a little before the call. `screen` is the canvas's size in CSS pixels.
   */
  nextScene(nowMs: number, screen: ScreenSize): Scene;
};

export type MatchSettings = {
  /** Hears every scene; undefined for a silent match. */
  readonly sound: Sound | undefined;
  /** No shaking of the camera. */
  readonly isMotionReduced: boolean;
  /** "auto" draws less where frames are slow; "best" never does (for pictures of the game). */
  readonly quality: "auto" | "best";
};

export type MatchView = {
  /** World units under a point of the page (CSS pixels, as in pointer events). */
  toWorld(clientX: number, clientY: number): { x: number; y: number };
  setMuted(isMuted: boolean): void;
  /** Takes the canvas away and frees the graphics card. */
  close(): void;
};

/** Begins to load Phaser and the views; safe to call at any time and more than once. Never rejects. */
export function preloadPhaser(): void {
  loadViews().catch(() => undefined);
}

/** Puts a canvas into `parent` that fills it. Rejects when the views cannot be loaded or there is no WebGL. */
export async function openMatchView(
  parent: HTMLElement,
  source: MatchSource,
  settings: MatchSettings,
): Promise<MatchView> {
  const { startPhaserMatch } = await loadViews();
  const match = await startPhaserMatch(parent, source, settings);
  return {
    toWorld: (clientX, clientY) => worldUnder(match.view, clientX, clientY),
    setMuted: (isMuted) => settings.sound?.setMuted(isMuted),
    close: () => {
      settings.sound?.hush();
      match.close();
    },
  };
}

function loadViews(): Promise<typeof import("./views/phaser-match.ts")> {
  return import("./views/phaser-match.ts");
}
