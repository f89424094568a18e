/**
 * Gamepads: what the sticks and buttons of every gamepad hold now. A gamepad can be worn, odd or wrongly described, and
 * none of that may fly a ship: a stick counts by its way from where it rests, a button only after it was seen up.
 *
 * Next: client/game/controls.ts (②).
 */

/** −1 to 1 each, y downwards; (0, 0) is at rest. */
export type Stick = { readonly x: number; readonly y: number };

export type GamepadState = {
  /** The browser's number for it, the same as long as it is plugged in. */
  readonly slot: number;
  readonly left: Stick;
  readonly right: Stick;
  /** In the order of the standard layout, https://w3c.github.io/gamepad/#remapping. */
  readonly buttons: readonly boolean[];
};

/** A stick that rests farther out than this is held, or broken; worn sticks rest up to 0.3 from their middle. */
const FARTHEST_REST = 0.5;
/** A stick that stays within this for REST_MS rests there: no thumb is so steady. */
const STEADY = 0.04;
const REST_MS = 1_000;
/** From its first place on, a stick that has left it by so much was moved. */
const LEFT_PLACE = 0.15;
/** A trigger that is pressed less than this is not pressed: worn ones do not come back all the way. */
const PRESSED = 0.3;

/** Long enough to read what is said of it. */
const TRIED_MS = 6_000;

/** Reads the gamepads of a browser; those that it does not have, or that throw, are none. */
export class Gamepads {
  private readonly browser: { getGamepads?: () => readonly (Gamepad | null)[] };
  private readonly known = new Map<number, KnownGamepad>();
  private readMs = 0;
  private unknownPressedMs = Number.NEGATIVE_INFINITY;

  /** @param browser the page's navigator */
  constructor(browser: { getGamepads?: () => readonly (Gamepad | null)[] }) {
    this.browser = browser;
  }

  /** All that are plugged in and have the standard layout. To be called about once a frame. */
  read(nowMs: number): readonly GamepadState[] {
    this.readMs = nowMs;
    try {
      return this.readAll(nowMs);
    } catch {
      // Some browsers refuse the call in frames without leave; some extensions put a broken one in its place.
      return [];
    }
  }

  /** Whether a button was pressed of late on a gamepad whose layout the browser does not know. */
  get isUnknownTried(): boolean {
    return this.readMs - this.unknownPressedMs < TRIED_MS;
  }

  private readAll(nowMs: number): GamepadState[] {
    const states: GamepadState[] = [];
    const slots = new Set<number>();
    for (const pad of Array.from(this.browser.getGamepads?.() ?? [])) {
      if (!pad?.connected) continue;
      const slot = pad.index ?? 0;
      slots.add(slot);
      let known = this.known.get(slot);
      if (known?.id !== pad.id) {
        known = new KnownGamepad(pad.id);
        this.known.set(slot, known);
      }
      const state = known.read(slot, pad, nowMs);
      if (pad.mapping === "standard") states.push(state);
      else if (state.buttons.includes(true)) this.unknownPressedMs = nowMs;
    }
    for (const slot of this.known.keys()) if (!slots.has(slot)) this.known.delete(slot);
    return states;
  }
}

class KnownGamepad {
  readonly id: string;
  private readonly left = new StickRest();
  private readonly right = new StickRest();
  private readonly wasUp: boolean[] = [];

  constructor(id: string) {
    this.id = id;
  }

  read(slot: number, { axes, buttons }: Gamepad, nowMs: number): GamepadState {
    const [leftX, leftY, rightX, rightY] = Array.from({ length: 4 }, (_, axis) => axisValue(axes?.[axis]));
    return {
      slot,
      left: this.left.read(leftX, leftY, nowMs),
      right: this.right.read(rightX, rightY, nowMs),
      buttons: Array.from(buttons ?? [], (button, number) => this.readButton(isPressed(button), number)),
    };
  }

  private readButton(isDown: boolean, number: number): boolean {
    if (!isDown) this.wasUp[number] = true;
    return isDown && this.wasUp[number] === true;
  }
}

/** Where a stick stands when nobody holds it, which is seen from where it stays. */
class StickRest {
  private rest: Stick | undefined;
  private isAtFirstPlace = true;
  private steady: Stick = { x: 0, y: 0 };
  private steadySinceMs = 0;

  /** Gives the way from rest. */
  read(x: number, y: number, nowMs: number): Stick {
    const place = { x, y };
    this.rest ??= place;
    this.leaveFirstPlace(place, this.rest);
    this.learn(place, nowMs);
    return { x: x - this.rest.x, y: y - this.rest.y };
  }

  /** A stick may be held, or stuck, when it is first seen. Wherever that is, it moves nothing until it leaves it. */
  private leaveFirstPlace(place: Stick, rest: Stick): void {
    if (!this.isAtFirstPlace || distanceBetween(place, rest) < LEFT_PLACE) return;
    this.isAtFirstPlace = false;
    if (Math.hypot(rest.x, rest.y) > FARTHEST_REST) this.rest = { x: 0, y: 0 };
  }

  private learn(place: Stick, nowMs: number): void {
    if (distanceBetween(place, this.steady) > STEADY) {
      this.steady = place;
      this.steadySinceMs = nowMs;
    } else if (nowMs - this.steadySinceMs >= REST_MS && Math.hypot(place.x, place.y) <= FARTHEST_REST) {
      this.rest = this.steady;
    }
  }
}

function distanceBetween(one: Stick, other: Stick): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function axisValue(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
}

/** Buttons were plain numbers in older browsers, and still are in some that imitate them. */
function isPressed(button: unknown): boolean {
  if (typeof button === "number") return button > PRESSED;
  const { pressed, value } = (button ?? {}) as Partial<GamepadButton>;
  return pressed === true && (value === undefined || value > PRESSED);
}
