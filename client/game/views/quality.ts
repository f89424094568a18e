/**
 * Quality: steps down by itself when frames come too slowly, and back up once when they have been quick for long.
 *
 * Measured with software GL on two cores at 1280 × 720: the nebula alone costs 22 ms a frame, stars and grid 5 ms; a
 * graphics card feels neither. So the lowest levels go without what fills the screen.
 *
 * Next: match-stage.ts.
 */

export type QualityLevel = {
  /** Whether large soft lights are drawn: the nebula, and the glow under ships and rocks. */
  readonly hasGlow: boolean;
  /** Part of the particles and stars that is drawn. */
  readonly richness: number;
  /** Largest number of canvas pixels to a CSS pixel. */
  readonly pixelRatio: number;
};

const LEVELS: readonly QualityLevel[] = [
  { hasGlow: true, richness: 1, pixelRatio: 2 },
  { hasGlow: true, richness: 0.7, pixelRatio: 1.25 },
  { hasGlow: false, richness: 0.5, pixelRatio: 1 },
  { hasGlow: false, richness: 0.3, pixelRatio: 0.7 },
];
const WINDOW_MS = 1500;
/** Under about 45 frames a second a step down; a display that is only 60 Hz never gets near it when all is well. */
const SLOW_FRAME_MS = 22;
const QUICK_FRAME_MS = 17.5;
const QUICK_WINDOWS_TO_RISE = 12;
/** A frame longer than this was a hidden tab or a pause, not slow drawing. */
const PAUSE_MS = 400;

export class Quality {
  readonly #isFixed: boolean;
  #level: number;
  #sumMs = 0;
  #frames = 0;
  #quickWindows = 0;
  #canRise: boolean;

  /** @param isFixed always the best. @param isSoftware drawn without a graphics card: begins at the lowest level. */
  constructor(isFixed: boolean, isSoftware: boolean) {
    this.#isFixed = isFixed;
    this.#level = isSoftware && !isFixed ? LEVELS.length - 1 : 0;
    this.#canRise = !isSoftware;
  }

  get level(): QualityLevel {
    return LEVELS[this.#level]!;
  }

  /** Notes one frame's length; true when the level changed. */
  noteFrame(frameMs: number): boolean {
    if (this.#isFixed || frameMs > PAUSE_MS) return false;
    this.#sumMs += frameMs;
    this.#frames++;
    if (this.#sumMs < WINDOW_MS) return false;
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
