/**
 * Touch controls: what the fingers hold, as plain values that anybody may read in each frame.
 *
 * A finger that the browser takes away without a word (a system gesture, a call, another tab) must not leave a ship
 * thrusting: every way for a touch to end, and every way for the page to lose the screen, sets the values back.
 *
 * Next: touch-pad.tsx, which draws them.
 */

/** Sticks are -1 to 1 with y downwards; the aim is (0, 0) while the right stick rests. */
export type TouchValues = {
  readonly isInUse: boolean;
  readonly thrustX: number;
  readonly thrustY: number;
  readonly aimX: number;
  readonly aimY: number;
  readonly fire: boolean;
  readonly rail: boolean;
  readonly boost: boolean;
};

export type TouchControls = { values: TouchValues };

export type StickSide = "thrust" | "aim";
export type TouchButton = "rail" | "boost";

const REST: TouchValues = {
  isInUse: false,
  thrustX: 0,
  thrustY: 0,
  aimX: 0,
  aimY: 0,
  fire: false,
  rail: false,
  boost: false,
};
/** A thumb at rest wanders by about this much of the stick's reach. */
const DEAD_ZONE = 0.14;
/** The right stick fires from here on; nearer to the middle it only aims. */
const FIRE_ZONE = 0.45;

export function createTouchControls(): TouchControls {
  return { values: REST };
}

/** Everything back to rest; `isInUse` stays, since the player still plays by touch. */
export function releaseAll(controls: TouchControls): void {
  controls.values = { ...REST, isInUse: controls.values.isInUse };
}

/** @param x, y -1 to 1, or beyond: they are shortened to a length of 1. */
export function moveStick(controls: TouchControls, side: StickSide, x: number, y: number): void {
  const length = Math.hypot(x, y);
  const shorten = length > 1 ? 1 / length : 1;
  const isHeld = length > DEAD_ZONE;
  const stickX = isHeld ? x * shorten : 0;
  const stickY = isHeld ? y * shorten : 0;
  controls.values =
    side === "thrust"
      ? { ...controls.values, isInUse: true, thrustX: stickX, thrustY: stickY }
      : { ...controls.values, isInUse: true, aimX: stickX, aimY: stickY, fire: length > FIRE_ZONE };
}

export function pressButton(controls: TouchControls, button: TouchButton, isDown: boolean): void {
  controls.values = { ...controls.values, isInUse: true, [button]: isDown };
}

export function isTouchDevice(): boolean {
  return matchMedia("(pointer: coarse)").matches && navigator.maxTouchPoints > 0;
}

/** Some devices have a mouse and a touch screen: they are touched at some time, or never. Gives what lets go of it. */
export function listenToFirstTouch(touched: () => void): () => void {
  const listening = new AbortController();
  const hear = ({ pointerType }: PointerEvent): void => {
    if (pointerType !== "touch") return;
    listening.abort();
    touched();
  };
  addEventListener("pointerdown", hear, { signal: listening.signal });
  return () => listening.abort();
}
