/**
 * Gamepad steps: what a gamepad says to a menu, as single steps. A button is one step when it goes down; a direction that
 * is held is taken again and again.
 *
 * Next: gamepad-menus.ts, which takes them.
 */
import type { GamepadState } from "@starwake/client/engine/gamepads.ts";
import type { InterfaceState } from "./interface-state.ts";

export type Step = "up" | "down" | "left" | "right" | "press" | "back" | "replay" | "menu";

/** What a gamepad's buttons are for: a ship flies, or is dead meanwhile, or neither. */
export type GamepadUse = "flying" | "dead" | "menus";

/** Who is cut off still holds what flies the ship: no press of that may give the seat up. */
export function gamepadUseIn(state: InterfaceState["state"] | undefined): GamepadUse {
  if (state === "playing" || state === "reconnecting") return "flying";
  return state === "dead" ? "dead" : "menus";
}

/** In the standard layout, https://w3c.github.io/gamepad/#remapping. */
const BUTTONS: readonly (readonly [number, Step])[] = [
  [0, "press"],
  [1, "back"],
  [3, "replay"],
  [9, "menu"],
  [12, "up"],
  [13, "down"],
  [14, "left"],
  [15, "right"],
];
const DIRECTIONS: ReadonlySet<Step> = new Set(["up", "down", "left", "right"]);
/** A stick that is this far out points somewhere. */
const POINTING = 0.6;
const REPEAT_FIRST_MS = 400;
const REPEAT_MS = 130;
/** A page that stands still has not been told that anything is held: no more than this counts of the time between two looks. */
const MOST_BETWEEN_MS = 50;

export class GamepadSteps {
  /** What is held, with when it is taken again. */
  private readonly againMs = new Map<Step, number>();
  private lookedMs = 0;
  /** The time that was seen to pass. */
  private seenMs = 0;

  /** Takes what all gamepads hold now. @returns the steps that this makes */
  take(states: readonly GamepadState[], nowMs: number): Step[] {
    const held = new Set(states.flatMap(heldBy));
    this.seenMs += Math.min(MOST_BETWEEN_MS, nowMs - this.lookedMs);
    this.lookedMs = nowMs;
    for (const step of this.againMs.keys()) if (!held.has(step)) this.againMs.delete(step);
    const steps: Step[] = [];
    for (const step of held) {
      const againMs = this.againMs.get(step);
      if (againMs !== undefined && this.seenMs < againMs) continue;
      steps.push(step);
      const waitMs = againMs === undefined ? REPEAT_FIRST_MS : REPEAT_MS;
      this.againMs.set(step, DIRECTIONS.has(step) ? this.seenMs + waitMs : Number.POSITIVE_INFINITY);
    }
    return steps;
  }
}

function heldBy({ left: { x, y }, buttons }: GamepadState): Step[] {
  const held = BUTTONS.filter(([number]) => buttons[number]).map(([, step]) => step);
  if (Math.hypot(x, y) < POINTING) return held;
  if (Math.abs(x) > Math.abs(y)) held.push(x < 0 ? "left" : "right");
  else held.push(y < 0 ? "up" : "down");
  return held;
}
