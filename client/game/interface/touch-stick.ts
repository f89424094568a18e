/**
 * A stick under one finger: it stands where the finger comes down, follows it, and springs back however the touch ends.
 *
 * Next: touch-controls.ts, which holds the values.
 */

const REACH_PIXELS = 56;
const ENDINGS = ["pointerup", "pointercancel", "lostpointercapture"] as const;

export class TouchStick {
  readonly #zone: HTMLElement;
  readonly #base: HTMLElement;
  readonly #knob: HTMLElement;
  readonly #moved: (x: number, y: number) => void;
  #finger: number | undefined;
  #originX = 0;
  #originY = 0;

  /** @param moved gets -1 to 1 within the stick's reach, and more beyond it. */
  constructor(zone: HTMLElement, base: HTMLElement, knob: HTMLElement, moved: (x: number, y: number) => void) {
    this.#zone = zone;
    this.#base = base;
    this.#knob = knob;
    this.#moved = moved;
    zone.addEventListener("pointerdown", this.#start);
    zone.addEventListener("pointermove", this.#follow);
    for (const ending of ENDINGS) zone.addEventListener(ending, this.#end);
    addEventListener("blur", this.#letGo);
    document.addEventListener("visibilitychange", this.#letGo);
  }

  close(): void {
    this.#zone.removeEventListener("pointerdown", this.#start);
    this.#zone.removeEventListener("pointermove", this.#follow);
    for (const ending of ENDINGS) this.#zone.removeEventListener(ending, this.#end);
    removeEventListener("blur", this.#letGo);
    document.removeEventListener("visibilitychange", this.#letGo);
    this.#letGo();
  }

  readonly #start = (event: PointerEvent): void => {
    if (this.#finger !== undefined) return;
    event.preventDefault();
    this.#finger = event.pointerId;
    this.#zone.setPointerCapture(event.pointerId);
    this.#originX = event.clientX;
    this.#originY = event.clientY;
    const box = this.#zone.getBoundingClientRect();
    const place = `left:${event.clientX - box.left}px;top:${event.clientY - box.top}px`;
    this.#base.style.cssText = `${place};right:auto;bottom:auto`;
    this.#base.dataset.held = "";
  };

  readonly #follow = (event: PointerEvent): void => {
    if (event.pointerId !== this.#finger) return;
    this.#steer((event.clientX - this.#originX) / REACH_PIXELS, (event.clientY - this.#originY) / REACH_PIXELS);
  };

  readonly #end = (event: PointerEvent): void => {
    if (event.pointerId === this.#finger) this.#letGo();
  };

  readonly #letGo = (): void => {
    this.#finger = undefined;
    this.#base.style.cssText = "";
    delete this.#base.dataset.held;
    this.#steer(0, 0);
  };

  #steer(x: number, y: number): void {
    this.#moved(x, y);
    const length = Math.max(1, Math.hypot(x, y));
    this.#knob.style.translate = `${(x / length) * REACH_PIXELS}px ${(y / length) * REACH_PIXELS}px`;
  }
}
