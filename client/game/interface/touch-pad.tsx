/**
 * The touch pad: a stick under each thumb, and a button above each. A stick stands where the thumb comes down.
 *
 * Next: touch-controls.ts, which holds the values.
 */

import { useEffect, useRef } from "preact/hooks";
import {
  moveStick,
  pressButton,
  releaseAll,
  type StickSide,
  type TouchButton,
  type TouchControls,
} from "./touch-controls.ts";

const STICK_REACH_PIXELS = 56;

export function TouchPad({ controls }: { controls: TouchControls }) {
  useEffect(() => {
    const release = (): void => releaseAll(controls);
    addEventListener("blur", release);
    addEventListener("pagehide", release);
    document.addEventListener("visibilitychange", release);
    return () => {
      removeEventListener("blur", release);
      removeEventListener("pagehide", release);
      document.removeEventListener("visibilitychange", release);
      release();
    };
  }, [controls]);
  return (
    <div class="touch">
      <Stick controls={controls} side="thrust" label="Thrust" />
      <Stick controls={controls} side="aim" label="Aim and fire" />
      <HeldButton controls={controls} button="boost" label="Boost" />
      <HeldButton controls={controls} button="rail" label="Rail" />
    </div>
  );
}

function Stick({ controls, side, label }: { controls: TouchControls; side: StickSide; label: string }) {
  const zone = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLDivElement>(null);
  const knob = useRef<HTMLDivElement>(null);
  useEffect(() => followFinger(zone.current!, base.current!, knob.current!, controls, side), [controls, side]);
  return (
    <div class={`touch-zone touch-${side}`} ref={zone} role="application" aria-label={label}>
      <div class="stick" ref={base}>
        <div class="stick-knob" ref={knob} />
      </div>
    </div>
  );
}

/** One finger at a time; gives the function that ends it all. */
function followFinger(
  zone: HTMLElement,
  base: HTMLElement,
  knob: HTMLElement,
  controls: TouchControls,
  side: StickSide,
): () => void {
  let finger: number | undefined;
  let originX = 0;
  let originY = 0;
  const steer = (x: number, y: number): void => {
    moveStick(controls, side, x, y);
    const length = Math.max(1, Math.hypot(x, y));
    knob.style.translate = `${(x / length) * STICK_REACH_PIXELS}px ${(y / length) * STICK_REACH_PIXELS}px`;
  };
  const end = (event?: PointerEvent): void => {
    if (event !== undefined && event.pointerId !== finger) return;
    finger = undefined;
    steer(0, 0);
    base.style.cssText = "";
    delete base.dataset.held;
  };
  const start = (event: PointerEvent): void => {
    if (finger !== undefined) return;
    finger = event.pointerId;
    zone.setPointerCapture(finger);
    originX = event.clientX;
    originY = event.clientY;
    const box = zone.getBoundingClientRect();
    base.style.cssText = `left:${originX - box.left}px;top:${originY - box.top}px;right:auto;bottom:auto`;
    base.dataset.held = "";
    event.preventDefault();
  };
  const move = (event: PointerEvent): void => {
    if (event.pointerId !== finger) return;
    steer((event.clientX - originX) / STICK_REACH_PIXELS, (event.clientY - originY) / STICK_REACH_PIXELS);
  };
  const endAll = (): void => end();
  zone.addEventListener("pointerdown", start);
  zone.addEventListener("pointermove", move);
  for (const ending of ["pointerup", "pointercancel", "lostpointercapture"] as const)
    zone.addEventListener(ending, end);
  addEventListener("blur", endAll);
  document.addEventListener("visibilitychange", endAll);
  return () => {
    removeEventListener("blur", endAll);
    document.removeEventListener("visibilitychange", endAll);
    end();
  };
}

function HeldButton({ controls, button, label }: { controls: TouchControls; button: TouchButton; label: string }) {
  const press = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    pressButton(controls, button, true);
  };
  const release = (): void => pressButton(controls, button, false);
  return (
    <button
      type="button"
      class={`touch-button touch-button-${button}`}
      onPointerDown={press}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onContextMenu={(event) => event.preventDefault()}
    >
      {label}
    </button>
  );
}
