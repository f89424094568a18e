/**
 * The shake of the camera: a decaying strength, and the offset that follows from it. It never moves what is aimed at by
 * more than a few units, and not at all for players who asked for reduced motion.
 *
 * Next: match-stage.ts.
 */

const LARGEST_OFFSET_UNITS = 13;
const DECAY_PER_SECOND = 2.6;
/** From this far away an explosion is not felt. */
const REACH_UNITS = 750;

export class CameraShake {
  readonly #isOff: boolean;
  #strength = 0;
  #cameraX = 0;
  #cameraY = 0;
  offsetX = 0;
  offsetY = 0;

  constructor(isOff: boolean) {
    this.#isOff = isOff;
  }

  /** @param strength 0 to 1. */
  add(strength: number): void {
    if (!this.#isOff) this.#strength = Math.min(1, this.#strength + strength);
  }

  /** The same, weaker with the distance to the camera. */
  addAt(strength: number, x: number, y: number): void {
    const dx = x - this.#cameraX;
    const dy = y - this.#cameraY;
    const near = 1 - Math.sqrt(dx * dx + dy * dy) / REACH_UNITS;
    if (near > 0) this.add(strength * near * near);
  }

  move(cameraX: number, cameraY: number, seconds: number, nowMs: number): void {
    this.#cameraX = cameraX;
    this.#cameraY = cameraY;
    this.#strength = Math.max(0, this.#strength - DECAY_PER_SECOND * seconds * (0.3 + this.#strength));
    const reach = this.#strength * this.#strength * LARGEST_OFFSET_UNITS;
    this.offsetX = reach * Math.sin(nowMs * 0.071);
    this.offsetY = reach * Math.sin(nowMs * 0.093 + 1.3);
  }
}
