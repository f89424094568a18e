/**
 * Controls ②: makes the player's command of what the devices hold. Whatever moved last steers, and aims: touch, any
 * gamepad, keyboard or mouse. Buttons count on all of them.
 *
 * Next: shared/game/command.ts, the command itself; client/engine/command-sender.ts (③), which stamps it.
 */
import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import type { GamepadState, Stick } from "@starwake/client/engine/gamepads.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { type Command, thrustTowards } from "@starwake/shared/game/command.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import type { TouchValues } from "./interface/touch-controls.ts";
import { LastMoved } from "./last-moved.ts";

/** What one device holds; (0, 0) is no direction. */
type Held = {
  readonly device: string;
  readonly thrust: Stick;
  readonly aim: Stick;
  /** By which it is seen that the aim was moved, if not by the aim itself. */
  readonly aimPlace?: Stick;
  readonly boost: boolean;
  readonly triggers: number;
};

const DEAD_ZONE = 0.2;
const FIRE_ZONE = 0.6;
const REST: Stick = { x: 0, y: 0 };
/** LastMoved takes a quarter of a unit for a move: 16 pixels. Less is a knock against the desk. */
const MOUSE_UNIT_PIXELS = 64;

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
  private readonly thrustMoved = new LastMoved();
  private readonly aimMoved = new LastMoved();
  private aim = 0;

  /**
   * The command for now; to be asked about once a frame.
   * @param pointer from the own ship to the mouse, in any unit; undefined before the mouse has moved
   */
  command(devices: DeviceInput, touch: TouchValues, pointer: Stick | undefined): Command {
    const held = [
      readKeyboard(devices),
      readMouse(devices, pointer),
      ...devices.gamepads().map(readGamepad),
      readTouch(touch),
    ];
    const thrust = this.thrustOf(held);
    const aim = this.aimOf(held);
    if (!isAtRest(aim)) this.aim = exactAngle(aim);
    return {
      thrust: isAtRest(thrust) ? 0 : thrustTowards(exactAngle(thrust)),
      boost: held.some(({ boost }) => boost) ? 1 : 0,
      triggers: held.reduce((all, { triggers }) => all | triggers, 0),
      aim: this.aim,
    };
  }

  /** A device that was let go leaves the ship to one that is still held. */
  private thrustOf(held: readonly Held[]): Stick {
    const last = this.thrustMoved.note(new Map(held.map(({ device, thrust }) => [device, thrust])));
    const first = held.find(({ device }) => device === last)?.thrust ?? REST;
    return isAtRest(first) ? (held.find(({ thrust }) => !isAtRest(thrust))?.thrust ?? REST) : first;
  }

  /** A stick that was let go aims where it did; another device is to be moved to aim elsewhere. */
  private aimOf(held: readonly Held[]): Stick {
    const last = this.aimMoved.note(new Map(held.map(({ device, aim, aimPlace }) => [device, aimPlace ?? aim])));
    return held.find(({ device }) => device === last)?.aim ?? REST;
  }
}

function isAtRest({ x, y }: Stick): boolean {
  return x === 0 && y === 0;
}

/** A stick near its middle is at rest. */
function beyondDeadZone(stick: Stick): Stick {
  return Math.hypot(stick.x, stick.y) > DEAD_ZONE ? stick : REST;
}

function exactAngle({ x, y }: Stick): number {
  return Math.round((Math.atan2(y, x) / (2 * Math.PI)) * TURN) & (TURN - 1);
}

function readTouch(touch: TouchValues): Held {
  return {
    device: "touch",
    thrust: beyondDeadZone({ x: touch.thrustX, y: touch.thrustY }),
    aim: { x: touch.aimX, y: touch.aimY },
    boost: touch.boost,
    triggers: (touch.fire && !touch.rail ? Trigger.Primary : 0) | (touch.rail ? Trigger.Secondary : 0),
  };
}

function readGamepad({ slot, left, right, buttons }: GamepadState): Held {
  const aimed = Math.hypot(right.x, right.y);
  const [a, b, , , leftShoulder, rightShoulder, leftTrigger, rightTrigger] = buttons;
  const fires = rightTrigger || a || (aimed > FIRE_ZONE && !leftTrigger);
  return {
    device: `gamepad ${slot}`,
    thrust: beyondDeadZone(left),
    aim: beyondDeadZone(right),
    boost: leftShoulder || rightShoulder || false,
    triggers: (fires ? Trigger.Primary : 0) | (leftTrigger || b ? Trigger.Secondary : 0),
  };
}

function readKeyboard({ keys }: DeviceInput): Held {
  const isHeld = (codes: readonly string[]) => codes.some((code) => keys.has(code));
  const axis = (low: readonly string[], high: readonly string[]) => Number(isHeld(high)) - Number(isHeld(low));
  return {
    device: "keyboard",
    thrust: { x: axis(KEYS.left, KEYS.right), y: axis(KEYS.up, KEYS.down) },
    aim: REST,
    boost: isHeld(KEYS.boost),
    triggers: (isHeld(KEYS.primary) ? Trigger.Primary : 0) | (isHeld(KEYS.secondary) ? Trigger.Secondary : 0),
  };
}

/** Whether it was moved is told by where it is on the screen, and by its buttons: its direction changes as the ship flies. */
function readMouse({ mouseButtons, pointer: place }: DeviceInput, pointer: Stick | undefined): Held {
  return {
    device: "mouse",
    thrust: REST,
    aim: pointer ?? REST,
    aimPlace: { x: (place?.x ?? 0) / MOUSE_UNIT_PIXELS + mouseButtons, y: (place?.y ?? 0) / MOUSE_UNIT_PIXELS },
    boost: false,
    triggers: (mouseButtons & 1 ? Trigger.Primary : 0) | (mouseButtons & 2 ? Trigger.Secondary : 0),
  };
}
