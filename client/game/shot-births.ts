/**
 * Births of shots: which shots of this frame were not there in the one before. A muzzle flashes and a gun sounds once.
 *
 * Next: views/match-stage.ts and sound.ts, which ask.
 */

import type { ShotView } from "./scene.ts";

export class ShotBirths {
  #known = new Set<number>();
  #next = new Set<number>();
  #isFirst = true;

  /** The new shots of a frame. Those of the very first frame are not news, nor are those after a cut. */
  find(shots: readonly ShotView[], isCut = false): ShotView[] {
    if (isCut) this.#isFirst = true;
    const births: ShotView[] = [];
    this.#next.clear();
    for (const shot of shots) {
      this.#next.add(shot.id);
      if (!this.#isFirst && !this.#known.has(shot.id)) births.push(shot);
    }
    [this.#known, this.#next] = [this.#next, this.#known];
    this.#isFirst = false;
    return births;
  }
}
