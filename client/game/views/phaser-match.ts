/**
 * The only part of the page that starts Phaser: a game with one scene, a canvas that fills its parent, and the order of
 * one rendered frame.
 *
 * Next: match-stage.ts, which draws.
 */

import { SmoothClock } from "@starwake/client/engine/smooth-clock.ts";
import * as Phaser from "phaser";
import { FrameGuard } from "../frame-guard.ts";
import { type MatchSettings, type MatchSource, NoWebgl, type ViewEvents } from "../match-view.ts";
import { ShotBirths } from "../shot-births.ts";
import { MatchStage } from "./match-stage.ts";
import { Quality } from "./quality.ts";
import { createViewport, resizeViewport, type Viewport } from "./viewport.ts";

const BACKGROUND = "#060919";
const DENSITY_INTERVAL_MS = 1_000;

export type PhaserMatch = {
  readonly view: Viewport;
  close(): void;
};

/** Rejects with NoWebgl, or with what kept the picture from being made; no canvas stays behind. */
export function startPhaserMatch(
  parent: HTMLElement,
  source: MatchSource,
  settings: MatchSettings,
  events: ViewEvents,
): Promise<PhaserMatch> {
  return new Promise((resolve, reject) => {
    const device = describeDevice();
    if (device === undefined) {
      reject(new NoWebgl("this browser gives the page no WebGL"));
      return;
    }
    const view = createViewport();
    const quality = new Quality(settings.quality === "best", device.isSoftware);
    const scene = new MatchScene(view, source, settings, quality);
    const game = createGame(parent, scene);
    let isOpen = false;
    const fail = (error: unknown): void => {
      game.destroy(true);
      reject(error);
    };
    guardFrames(game, (error) => (isOpen ? events.broken(error) : fail(error)));
    scene.failed = fail;
    scene.opened = () => {
      isOpen = true;
      const stopFitting = keepFitted(game, parent, view, quality, scene);
      listenToCard(game, events);
      resolve({
        view,
        close() {
          stopFitting();
          game.destroy(true);
        },
      });
    };
  });
}

class MatchScene extends Phaser.Scene {
  readonly #view: Viewport;
  readonly #source: MatchSource;
  readonly #settings: MatchSettings;
  readonly #quality: Quality;
  readonly #births = new ShotBirths();
  readonly #clock = new SmoothClock(() => this.#stampMs);
  #stampMs = 0;
  #stage: MatchStage | undefined;
  #lastMs = 0;
  opened: () => void = () => {};
  /** It could not be made. Phaser would never say so: it draws no frame of a scene that was not. */
  failed: (error: unknown) => void = () => {};
  qualityChanged: () => void = () => {};

  constructor(view: Viewport, source: MatchSource, settings: MatchSettings, quality: Quality) {
    super("match");
    this.#view = view;
    this.#source = source;
    this.#settings = settings;
    this.#quality = quality;
  }

  create(): void {
    try {
      this.#stage = new MatchStage(this, this.#view, this.#source.arena, this.#settings.isMotionReduced);
      this.opened();
    } catch (error) {
      this.failed(error);
    }
  }

  /** One rendered frame: ask for the scene once, draw it, sound it. */
  override update(stampMs: number): void {
    this.#stampMs = stampMs;
    const nowMs = this.#clock.frame();
    const frameMs = this.#lastMs === 0 ? 16 : Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (this.#quality.noteFrame(frameMs)) this.qualityChanged();
    const scene = this.#source.nextScene(nowMs, this.#view.box);
    const births = this.#births.find(scene.shots, scene.isCut);
    const time = { nowMs, seconds: frameMs / 1000 };
    this.#stage?.drawFrame(scene, births, time, this.#quality.level);
    this.#settings.sound?.hear(scene, births);
  }
}

/** @throws NoWebgl */
function createGame(parent: HTMLElement, scene: Phaser.Scene): Phaser.Game {
  try {
    return new Phaser.Game(gameConfig(parent, scene));
  } catch (cause) {
    throw new NoWebgl("this browser's WebGL is not enough", { cause });
  }
}

function gameConfig(parent: HTMLElement, scene: Phaser.Scene): Phaser.Types.Core.GameConfig {
  return {
    type: Phaser.WEBGL,
    parent,
    scene,
    backgroundColor: BACKGROUND,
    banner: false,
    autoFocus: false,
    disableContextMenu: true,
    scale: { mode: Phaser.Scale.NONE, width: 1280, height: 720, expandParent: false },
    audio: { noAudio: true },
    input: { keyboard: false, mouse: false, touch: false, gamepad: false },
    fps: { smoothStep: false },
    render: {
      antialias: true,
      antialiasGL: false,
      mipmapFilter: "LINEAR_MIPMAP_NEAREST",
      powerPreference: "high-performance",
    },
  };
}

/**
 * Phaser asks for its next frame when the last one is done: one that throws would be the last. To be called before its textures
 * are ready, which is when its loop takes the step.
 */
function guardFrames(game: Phaser.Game, broken: (error: unknown) => void): void {
  const guard = new FrameGuard(() => performance.now(), broken);
  const step = game.step.bind(game);
  game.step = (timeMs, deltaMs) => guard.run(() => step(timeMs, deltaMs));
}

/** Phaser itself brings back what the card had, when it is given back. */
function listenToCard({ renderer }: Phaser.Game, events: ViewEvents): void {
  renderer.on(Phaser.Renderer.Events.LOSE_WEBGL, events.lost);
  renderer.on(Phaser.Renderer.Events.RESTORE_WEBGL, events.restored);
}

/** Keeps the canvas as large as its parent, in device pixels as far as the quality allows. */
function keepFitted(
  game: Phaser.Game,
  parent: HTMLElement,
  view: Viewport,
  quality: Quality,
  scene: MatchScene,
): () => void {
  const fit = (): void => {
    const ratio = Math.min(window.devicePixelRatio || 1, quality.level.pixelRatio);
    view.box = parent.getBoundingClientRect();
    const width = Math.max(1, Math.round(view.box.width * ratio));
    const height = Math.max(1, Math.round(view.box.height * ratio));
    game.scale.resize(width, height);
    game.canvas.style.width = "100%";
    game.canvas.style.height = "100%";
    resizeViewport(view, width, height);
  };
  const observer = new ResizeObserver(fit);
  observer.observe(parent);
  const stopWatching = watchDensity(fit);
  scene.qualityChanged = fit;
  fit();
  return () => {
    observer.disconnect();
    stopWatching();
  };
}

/** Another screen, or another zoom, may have other pixels under a page of the same size. Not every browser tells of that. */
function watchDensity(changed: () => void): () => void {
  let density = window.devicePixelRatio;
  const watching = setInterval(() => {
    if (window.devicePixelRatio === density) return;
    density = window.devicePixelRatio;
    changed();
  }, DENSITY_INTERVAL_MS);
  return () => clearInterval(watching);
}

/** Undefined when the page gets no WebGL. */
function describeDevice(): { isSoftware: boolean } | undefined {
  const gl = document.createElement("canvas").getContext("webgl");
  if (gl === null) return undefined;
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = names === null ? "" : String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return { isSoftware: /swiftshader|llvmpipe|software/i.test(renderer) };
}
