/** Which of several devices moved last: that one steers, whatever the others rest at. */
import type { Stick } from "@starwake/client/engine/gamepads.ts";

/** A device has moved when its place changed by so much: a key or a thumb does, a worn stick that wanders does not. */
const MOVED = 0.25;
const NOWHERE: Stick = { x: 0, y: 0 };

export class LastMoved {
  /** Where each device was when one of them moved last. */
  private readonly places = new Map<string, Stick>();
  private device: string | undefined;

  /**
   * Takes where each device is now, in any unit of which MOVED is a clear move.
   * @returns the one that moved last; undefined while none has moved
   */
  note(places: ReadonlyMap<string, Stick>): string | undefined {
    let moved: string | undefined;
    for (const [device, place] of places) {
      const before = this.places.get(device) ?? NOWHERE;
      if (Math.hypot(place.x - before.x, place.y - before.y) > MOVED) moved = device;
    }
    if (moved !== undefined) {
      this.device = moved;
      this.places.clear();
      for (const [device, place] of places) this.places.set(device, place);
    }
    return this.device;
  }
}
