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

/** What happens to a view after it was opened. */
export type ViewEvents = {
  /** The graphics card was taken from the page: nothing is drawn until it is given back. */
  lost(): void;
  restored(): void;
  /** Every frame throws. */
  broken(error: unknown): void;
};

/** A part of the page did not come: the network, or a server that has another version by now. */
export class NotLoaded extends Error {}

/** The browser has no WebGL for this page. */
export class NoWebgl extends Error {}

/** Waits before the second and third attempt to load. */
const LOAD_AGAIN_MS = [500, 2_000];

/** Loads Phaser and the views, if they are not there yet. Rejects with NotLoaded. */
export async function loadViews(): Promise<typeof import("./views/phaser-match.ts")> {
  for (const waitMs of LOAD_AGAIN_MS) {
    try {
      return await importViews();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return importViews().catch((error: unknown) => {
    throw new NotLoaded("a part of the page could not be loaded", { cause: error });
  });
}

/** Begins to load Phaser and the views; safe to call at any time and more than once. Never rejects. */
export function preloadPhaser(): void {
  importViews().catch(() => undefined);
}

/**
 * Puts a canvas into `parent` that fills it. Rejects with NotLoaded when the views cannot be loaded, with NoWebgl, and with
 * another error when the picture cannot be made.
 */
export async function openMatchView(
  parent: HTMLElement,
  source: MatchSource,
  settings: MatchSettings,
  events: ViewEvents,
): Promise<MatchView> {
  const { startPhaserMatch } = await loadViews();
  const match = await startPhaserMatch(parent, source, settings, events);
  return {
    toWorld: (clientX, clientY) => worldUnder(match.view, clientX, clientY),
    setMuted: (isMuted) => settings.sound?.setMuted(isMuted),
    close: () => {
      settings.sound?.hush();
      match.close();
    },
  };
}

function importViews(): Promise<typeof import("./views/phaser-match.ts")> {
  return import("./views/phaser-match.ts");
}
