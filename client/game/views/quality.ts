/**
 * Quality: steps down by itself when frames come too slowly, and back up once when they have been quick for long.
 *
 * Next: match-stage.ts.
 */

export type QualityLevel = {
  /** Part of the particles and stars that is drawn. */
  readonly richness: number;
  /** Largest number of canvas pixels to a CSS pixel. */
  readonly pixelRatio: number;
};

const LEVELS: readonly QualityLevel[] = [
  { richness: 1, pixelRatio: 2 },
  { richness: 0.7, pixelRatio: 1.25 },
  { richness: 0.45, pixelRatio: 1 },
  { richness: 0.25, pixelRatio: 0.75 },
];
const WINDOW_FRAMES = 90;
/** Under about 45 frames a second a step down; a display that is only 60 Hz never gets near it when all is well. */
const SLOW_FRAME_MS = 22;
const QUICK_FRAME_MS = 17.5;
const QUICK_WINDOWS_TO_RISE = 14;
/** A frame longer than this was a hidden tab or a pause, not slow drawing. */
const PAUSE_MS = 400;

export class Quality {
  #level = 0;
  #sumMs = 0;
  #frames = 0;
  #quickWindows = 0;
  #canRise = true;

  get level(): QualityLevel {
    return LEVELS[this.#level]!;
  }

  /** Notes one frame's length; true when the level changed. */
  noteFrame(frameMs: number): boolean {
    if (frameMs > PAUSE_MS) return false;
    this.#sumMs += frameMs;
    if (++this.#frames < WINDOW_FRAMES) return false;
    const meanMs = this.#sumMs / this.#frames;
    this.#sumMs = 0;
    this.#frames = 0;
    return this.#judge(meanMs);
  }

  #judge(meanMs: number): boolean {
    this.#quickWindows = meanMs < QUICK_FRAME_MS ? this.#quickWindows + 1 : 0;
    if (meanMs > SLOW_FRAME_MS && this.#level < LEVELS.length - 1) {
      this.#level++;
      return true;
    }
    if (this.#canRise && this.#level > 0 && this.#quickWindows >= QUICK_WINDOWS_TO_RISE) {
      this.#canRise = false;
      this.#level--;
      return true;
    }
    return false;
  }
}
