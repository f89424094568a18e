/**
 * The touch pad: a stick under each thumb, and a button above each. A stick stands where the thumb comes down.
 *
 * Next: touch-stick.ts, which follows a finger; touch-controls.ts, which holds the values.
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
import { TouchStick } from "./touch-stick.ts";

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
  useEffect(() => {
    const stick = new TouchStick(zone.current!, base.current!, knob.current!, (x, y) =>
      moveStick(controls, side, x, y),
    );
    return () => stick.close();
  }, [controls, side]);
  return (
    <div class={`touch-zone touch-${side}`} ref={zone} role="application" aria-label={label}>
      <div class="stick" ref={base}>
        <div class="stick-knob" ref={knob} />
      </div>
    </div>
  );
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
