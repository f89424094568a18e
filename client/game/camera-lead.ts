/**
 * The camera's lead: it looks ahead of a ship, towards its aim, and comes there little by little. How far it may lead is
 * part of the rule of what a player sees, shared/game/sight.ts.
 *
 * Next: scene-builder.ts and point-of-view.ts, which look through it.
 */
import { fitScale, LEAD_PART } from "@starwake/shared/game/sight.ts";

const LEAD_HALF_LIFE_MS = 140;

export type ScreenSize = { readonly width: number; readonly height: number };
type Place = { readonly x: number; readonly y: number };

export class CameraLead {
  private x = 0;
  private y = 0;
  private lastMs: number | undefined;

  /**
   * Where to look.
   * @param aim radians; undefined: the ship leads nowhere, and the camera comes to rest on it
   * @param screen size of the screen, in any unit
   */
  look(ship: Place, aim: number | undefined, screen: ScreenSize, nowMs: number): Place {
    const kept = 0.5 ** ((nowMs - (this.lastMs ?? nowMs)) / LEAD_HALF_LIFE_MS);
    this.lastMs = nowMs;
    const wanted = aim === undefined ? { x: 0, y: 0 } : leadTowards(aim, screen);
    this.x = wanted.x + (this.x - wanted.x) * kept;
    this.y = wanted.y + (this.y - wanted.y) * kept;
    return { x: ship.x + this.x, y: ship.y + this.y };
  }

  /** Leads there at once, as after a cut to another ship. */
  cut(aim: number | undefined, screen: ScreenSize): void {
    const { x, y } = aim === undefined ? { x: 0, y: 0 } : leadTowards(aim, screen);
    this.x = x;
    this.y = y;
  }
}

function leadTowards(aim: number, screen: ScreenSize): Place {
  const scale = fitScale(screen.width, screen.height);
  return {
    x: Math.cos(aim) * (screen.width / scale) * LEAD_PART,
    y: Math.sin(aim) * (screen.height / scale) * LEAD_PART,
  };
}
