/**
 * The kill replay: after a death the last moments are shown again, slowly, as the killer saw them, and are over before
 * the ship flies again. It only chooses what is drawn: the match goes on behind it, and so does what the player holds.
 *
 * Next: point-of-view.ts, through which it is looked at.
 */
import type { ScreenSize } from "./camera-lead.ts";
import { PointOfView } from "./point-of-view.ts";
import type { Scene, SceneEvent } from "./scene.ts";
import { blendScenes, type KeptScene, SceneRing } from "./scene-ring.ts";

/** So long the death itself is seen before it is shown again. */
const LIVE_DEATH_MS = 300;
/** So long before the return the replay is over. */
const MARGIN_MS = 150;
const RATE = 0.6;
/** So much of the match is shown after the death: the ship bursting. */
const AFTERMATH_MS = 200;
/** A shorter one is not worth a change of view. */
const SHORTEST_MS = 500;

type Death = { readonly atMs: number; readonly killerId: number; readonly victimId: number };

/** Scenes of a part of the match, and through whose eyes they are seen. */
type Clip = {
  readonly scenes: readonly KeptScene[];
  readonly viewer: number;
  readonly startedMs: number;
  readonly fromMs: number;
  readonly lengthMs: number;
  /** In the match's time: what was shown last. */
  shownMs: number;
};

type State =
  | { readonly state: "none" }
  /** There is a death to show, by itself or when it is asked for. */
  | { readonly state: "offered"; readonly death: Death; readonly isAutomatic: boolean }
  | { readonly state: "playing"; readonly clip: Clip; readonly pointOfView: PointOfView };

const NONE: State = { state: "none" };

export class KillReplay {
  private readonly ring = new SceneRing();
  private now: State = NONE;
  private isAsked = false;
  private wasShown = false;

  get state(): State["state"] {
    return this.now.state;
  }

  /** How long the one that plays takes. */
  get lengthMs(): number {
    return this.now.state === "playing" ? this.now.clip.lengthMs : 0;
  }

  /** Plays the one that is offered. */
  watch(): void {
    this.isAsked = true;
  }

  skip(): void {
    this.now = NONE;
  }

  /**
   * Takes the live scene of a frame.
   * @param wish whether deaths are shown by themselves, on asking, or not at all
   * @returns what to draw: the live scene, or one of the replay
   */
  show(live: Scene, wish: "automatic" | "asked" | "off", screen: ScreenSize, nowMs: number): Scene {
    this.ring.keep(live, nowMs);
    if (live.own.state === "alive" || wish === "off") this.now = NONE;
    else {
      const death = ownDeath(live.events, nowMs);
      if (death !== undefined) this.offer(death, wish === "automatic");
      if (this.now.state === "offered") this.mayBegin(live.own.respawnInSeconds * 1000, nowMs);
    }
    const replayed = this.replayed(live, screen, nowMs);
    const isBack = this.wasShown && replayed === undefined;
    this.wasShown = replayed !== undefined;
    return replayed ?? (isBack ? { ...live, isCut: true } : live);
  }

  private offer(death: Death, isAutomatic: boolean): void {
    this.now = { state: "offered", death, isAutomatic };
    this.isAsked = false;
  }

  private mayBegin(respawnInMs: number, nowMs: number): void {
    if (this.now.state !== "offered") return;
    const { death, isAutomatic } = this.now;
    const lengthMs = respawnInMs - MARGIN_MS;
    if (lengthMs < SHORTEST_MS) this.now = NONE;
    else if ((isAutomatic || this.isAsked) && nowMs >= death.atMs + LIVE_DEATH_MS) {
      const clip = cutClip(this.ring.scenes, death, lengthMs, nowMs);
      this.now = clip === undefined ? NONE : { state: "playing", clip, pointOfView: new PointOfView({ x: 0, y: 0 }) };
    }
  }

  private replayed(live: Scene, screen: ScreenSize, nowMs: number): Scene | undefined {
    if (this.now.state !== "playing") return undefined;
    const { clip, pointOfView } = this.now;
    if (nowMs >= clip.startedMs + clip.lengthMs) {
      this.now = NONE;
      return undefined;
    }
    const scene = sceneOf(clip, clip.fromMs + (nowMs - clip.startedMs) * RATE);
    return pointOfView.show(scene, clip.viewer, live.own, undefined, screen, nowMs);
  }
}

function ownDeath(events: readonly SceneEvent[], nowMs: number): Death | undefined {
  const death = events.find((event) => event.type === "death" && event.ofOwn);
  return death?.type === "death" ? { atMs: nowMs, killerId: death.killerId, victimId: death.victimId } : undefined;
}

/** What leads up to a death, as long as there is time to show it. */
function cutClip(scenes: readonly KeptScene[], death: Death, lengthMs: number, nowMs: number): Clip | undefined {
  const fromMs = death.atMs + AFTERMATH_MS - lengthMs * RATE;
  const begin = Math.max(
    0,
    scenes.findLastIndex(({ atMs }) => atMs <= fromMs),
  );
  const cut = scenes.slice(begin);
  if (cut.length < 2) return undefined;
  const viewer = chooseViewer(cut, death);
  return { scenes: cut, viewer, startedMs: nowMs, fromMs, lengthMs, shownMs: Number.NEGATIVE_INFINITY };
}

/** The killer, if the page knew its ship all the while; else who died. */
function chooseViewer(scenes: readonly KeptScene[], { atMs, killerId, victimId }: Death): number {
  const before = scenes.filter((kept) => kept.atMs <= atMs);
  const isInView = before.every(({ scene }) => scene.ships.some(({ id }) => id === killerId));
  return isInView ? killerId : victimId;
}

/** The clip's scene at a time of the match, with the events since the one before. */
function sceneOf(clip: Clip, atMs: number): Scene {
  const { scenes, shownMs } = clip;
  const place = Math.max(
    0,
    scenes.findLastIndex((kept) => kept.atMs <= atMs),
  );
  const from = scenes[place];
  const to = scenes[place + 1] ?? from;
  const part = to === from ? 0 : Math.max(0, Math.min(1, (atMs - from.atMs) / (to.atMs - from.atMs)));
  const isFirst = shownMs === Number.NEGATIVE_INFINITY;
  const passed = isFirst ? [] : scenes.filter((kept) => kept.atMs > shownMs && kept.atMs <= atMs);
  clip.shownMs = atMs;
  return { ...blendScenes(from.scene, to.scene, part), events: passed.flatMap(({ scene }) => scene.events) };
}
