/**
 * Controls ②: makes the player's command of what the devices hold. Touch goes before gamepad, gamepad before keyboard
 * and mouse, each only while it is in use.
 *
 * Next: shared/game/command.ts, the command itself; client/engine/command-sender.ts (③), which stamps it.
 */
import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { type Command, thrustTowards } from "@starwake/shared/game/command.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import type { TouchValues } from "./interface/touch-controls.ts";

/** A direction held, −1 to 1 each; (0, 0) is none. */
type Stick = { readonly x: number; readonly y: number };
type Held = { readonly thrust: Stick; readonly aim: Stick; readonly boost: boolean; readonly triggers: number };

const DEAD_ZONE = 0.2;
const FIRE_ZONE = 0.6;
const REST: Stick = { x: 0, y: 0 };

const KEYS = {
  left: ["KeyA", "ArrowLeft"],
  right: ["KeyD", "ArrowRight"],
  up: ["KeyW", "ArrowUp"],
  down: ["KeyS", "ArrowDown"],
  boost: ["ShiftLeft", "ShiftRight", "Space"],
  primary: ["KeyJ"],
  secondary: ["KeyE", "KeyK"],
} as const;

export class Controls {
  private aim = 0;

  /**
   * The command for now.
   * @param pointer from the own ship to the mouse, in any unit; undefined before the mouse has moved
   */
  command(devices: DeviceInput, touch: TouchValues, pointer: Stick | undefined): Command {
    const held = readTouch(touch) ?? readGamepad(devices) ?? readKeyboard(devices, pointer);
    if (held.aim.x !== 0 || held.aim.y !== 0) this.aim = exactAngle(held.aim);
    const isThrusting = Math.hypot(held.thrust.x, held.thrust.y) > DEAD_ZONE;
    return {
      thrust: isThrusting ? thrustTowards(exactAngle(held.thrust)) : 0,
      boost: held.boost ? 1 : 0,
      triggers: held.triggers,
      aim: this.aim,
    };
  }
}

function exactAngle({ x, y }: Stick): number {
  return Math.round((Math.atan2(y, x) / (2 * Math.PI)) * TURN) & (TURN - 1);
}

function readTouch(touch: TouchValues): Held | undefined {
  if (!touch.isInUse) return undefined;
  return {
    thrust: { x: touch.thrustX, y: touch.thrustY },
    aim: { x: touch.aimX, y: touch.aimY },
    boost: touch.boost,
    triggers: (touch.fire && !touch.rail ? Trigger.Primary : 0) | (touch.rail ? Trigger.Secondary : 0),
  };
}

function readGamepad(devices: DeviceInput): Held | undefined {
  const pad = devices.gamepad();
  if (pad === undefined) return undefined;
  const [moveX = 0, moveY = 0, aimX = 0, aimY = 0] = pad.axes;
  const isIdle = pad.axes.every((axis) => Math.abs(axis) < DEAD_ZONE) && !pad.buttons.includes(true);
  if (isIdle) return undefined;
  const aimed = Math.hypot(aimX, aimY);
  const [a, b, , , leftShoulder, rightShoulder, leftTrigger, rightTrigger] = pad.buttons;
  const fires = rightTrigger || a || (aimed > FIRE_ZONE && !leftTrigger);
  return {
    thrust: { x: moveX, y: moveY },
    aim: aimed > DEAD_ZONE ? { x: aimX, y: aimY } : REST,
    boost: leftShoulder || rightShoulder,
    triggers: (fires ? Trigger.Primary : 0) | (leftTrigger || b ? Trigger.Secondary : 0),
  };
}

function readKeyboard({ keys, mouseButtons }: DeviceInput, pointer: Stick | undefined): Held {
  const isHeld = (codes: readonly string[]) => codes.some((code) => keys.has(code));
  const axis = (low: readonly string[], high: readonly string[]) => Number(isHeld(high)) - Number(isHeld(low));
  const fires = (mouseButtons & 1) !== 0 || isHeld(KEYS.primary);
  const charges = (mouseButtons & 2) !== 0 || isHeld(KEYS.secondary);
  return {
    thrust: { x: axis(KEYS.left, KEYS.right), y: axis(KEYS.up, KEYS.down) },
    aim: pointer ?? REST,
    boost: isHeld(KEYS.boost),
    triggers: (fires ? Trigger.Primary : 0) | (charges ? Trigger.Secondary : 0),
  };
}
