/**
 * Quality: steps down by itself when frames come too slowly, and back up once when they have been quick for long. A
 * display that shows only so many frames is not slow drawing: where less to draw gives no more frames, all is drawn.
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
/** Frames of a slow display are equally long, all but a few; those of slow drawing are not. */
const STEADY_PART = 0.9;
const STEADY_MS = 4;
/** The lowest level is to give at least so much, or it was not the drawing that took the time. */
const WORTH_IT = 0.9;
/** From here on a step down again, once the display's own pace is known. */
const SLOWER_THAN_DISPLAY = 1.3;
/** A frame longer than this was a hidden tab or a pause, not slow drawing. */
const PAUSE_MS = 400;

export class Quality {
  readonly #isSoftware: boolean;
  readonly #isFixed: boolean;
  #level: number;
  #slowMs = SLOW_FRAME_MS;
  #sumMs = 0;
  #framesMs: number[] = [];
  #quickWindows = 0;
  #canRise: boolean;
  /** The mean frame before the first step down. */
  #fullMs = 0;

  /** @param isFixed always the best. @param isSoftware drawn without a graphics card: begins at the lowest level. */
  constructor(isFixed: boolean, isSoftware: boolean) {
    this.#isFixed = isFixed;
    this.#isSoftware = isSoftware;
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
    this.#framesMs.push(frameMs);
    if (this.#sumMs < WINDOW_MS) return false;
    const framesMs = this.#framesMs;
    const meanMs = this.#sumMs / framesMs.length;
    this.#sumMs = 0;
    this.#framesMs = [];
    return this.#judge(meanMs) || this.#stayWithDisplay(meanMs, framesMs);
  }

  /** At the lowest level, and no quicker for it, on and on at one pace: that is the display's. */
  #stayWithDisplay(meanMs: number, framesMs: readonly number[]): boolean {
    const isLowest = this.#level === LEVELS.length - 1;
    if (!isLowest || this.#isSoftware || meanMs < this.#fullMs * WORTH_IT) return false;
    const steady = framesMs.filter((frameMs) => Math.abs(frameMs - meanMs) < STEADY_MS).length;
    if (steady < framesMs.length * STEADY_PART) return false;
    this.#level = 0;
    this.#slowMs = meanMs * SLOWER_THAN_DISPLAY;
    return true;
  }

  #judge(meanMs: number): boolean {
    this.#quickWindows = meanMs < QUICK_FRAME_MS ? this.#quickWindows + 1 : 0;
    if (meanMs > this.#slowMs && this.#level < LEVELS.length - 1) {
      if (this.#level === 0) this.#fullMs = meanMs;
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
