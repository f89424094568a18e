import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import type { GamepadState } from "@starwake/client/engine/gamepads.ts";
import { Controls } from "@starwake/client/game/controls.ts";
import type { TouchValues } from "@starwake/client/game/interface/touch-controls.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { isInRange } from "@starwake/shared/engine/schema.ts";
import { commandSchema, NEUTRAL_COMMAND, thrustTowards } from "@starwake/shared/game/command.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import { describe, expect, test } from "vitest";

const [RIGHT, DOWN, LEFT, UP] = [0, 1, 2, 3].map((quarter) => (quarter * TURN) / 4);
const BUTTONS = { a: 0, b: 1, leftShoulder: 4, rightShoulder: 5, leftTrigger: 6, rightTrigger: 7 };

type HeldOn = {
  keys?: readonly string[];
  mouseButtons?: number;
  /** Where the mouse is in the page. */
  pointer?: { x: number; y: number };
  pads?: readonly GamepadState[];
};

function devices({ keys = [], mouseButtons = 0, pointer, pads = [] }: HeldOn = {}): DeviceInput {
  const held = { keys: new Set(keys), mouseButtons, pointer, isUnknownGamepadTried: false };
  return { ...held, gamepads: () => pads, close: () => {} };
}

function touch(values: Partial<TouchValues> = {}): TouchValues {
  const none = { isInUse: false, thrustX: 0, thrustY: 0, aimX: 0, aimY: 0, fire: false, rail: false, boost: false };
  return { ...none, ...values };
}

function pad(axes: readonly number[], ...pressed: readonly number[]): GamepadState {
  const [leftX, leftY, rightX, rightY] = axes;
  const buttons = Array.from({ length: 17 }, (_, button) => pressed.includes(button));
  return { slot: 0, left: { x: leftX, y: leftY }, right: { x: rightX, y: rightY }, buttons };
}

/** Somebody with every device at hand, who has moved none yet. */
function makePlayer() {
  const controls = new Controls();
  const hold = (held: HeldOn, touched: Partial<TouchValues> = {}) =>
    controls.command(devices(held), touch(touched), held.pointer);
  return { hold };
}

const withKeys = (...keys: string[]) => makePlayer().hold({ keys });
const withPad = (held: GamepadState) => makePlayer().hold({ pads: [held] });
const withTouch = (values: Partial<TouchValues>) => makePlayer().hold({}, { isInUse: true, ...values });

test("nothing held gives no thrust, no boost and no trigger", () => {
  expect(makePlayer().hold({})).toEqual(NEUTRAL_COMMAND);
});

describe("keyboard and mouse", () => {
  test.each([
    ["KeyD", RIGHT],
    ["ArrowDown", DOWN],
    ["KeyA", LEFT],
    ["ArrowUp", UP],
  ])("%s thrusts its way", (key, angle) => {
    expect(withKeys(key).thrust).toBe(thrustTowards(angle));
  });

  test("two keys thrust between their ways, and opposite keys cancel each other", () => {
    expect(withKeys("KeyW", "KeyD").thrust).toBe(thrustTowards(TURN - TURN / 8));
    expect(withKeys("KeyA", "KeyD").thrust).toBe(0);
  });

  test("shift boosts; J and the left button fire; K and the right button charge", () => {
    expect(withKeys("ShiftLeft").boost).toBe(1);
    expect([withKeys("KeyJ").triggers, withKeys("KeyK").triggers]).toEqual([Trigger.Primary, Trigger.Secondary]);
    const withButtons = (mouseButtons: number) => makePlayer().hold({ mouseButtons });
    expect([1, 2, 3].map((buttons) => withButtons(buttons).triggers)).toEqual([1, 2, 3]);
  });

  test("the ship aims at the mouse", () => {
    const { hold } = makePlayer();
    const at = (x: number, y: number) => hold({ pointer: { x, y } }).aim;
    expect([at(90, 0), at(0, 5), at(-3, 0), at(0, -700)]).toEqual([RIGHT, DOWN, LEFT, UP]);
  });
});

describe("a gamepad", () => {
  test("thrusts by the left stick and aims by the right", () => {
    expect(withPad(pad([0, 1, -0.5, 0]))).toMatchObject({ thrust: thrustTowards(DOWN), aim: LEFT });
  });

  test("fires by the right trigger, or by a right stick held far out; charges by the left trigger", () => {
    expect(withPad(pad([0, 0, 0, 0], BUTTONS.rightTrigger)).triggers).toBe(Trigger.Primary);
    expect(withPad(pad([0, 0, 0.9, 0])).triggers).toBe(Trigger.Primary);
    expect(withPad(pad([0, 0, 0.4, 0])).triggers).toBe(0);
    expect(withPad(pad([0, 0, 0.9, 0], BUTTONS.leftTrigger)).triggers).toBe(Trigger.Secondary);
    expect(withPad(pad([0, 1, 0, 0], BUTTONS.leftShoulder)).boost).toBe(1);
  });

  test("whose sticks do not quite rest leaves the ship to keyboard and mouse", () => {
    const held = { pads: [pad([0.1, -0.1, 0.15, 0])], keys: ["KeyD"], pointer: { x: 0, y: 500 } };
    expect(makePlayer().hold(held)).toMatchObject({ thrust: thrustTowards(RIGHT), aim: DOWN, triggers: 0 });
  });
});

describe("touch", () => {
  test("thrusts by the left stick, aims and fires by the right", () => {
    const command = withTouch({ thrustX: -1, aimY: -1, fire: true, boost: true });
    expect(command).toEqual({ thrust: thrustTowards(LEFT), aim: UP, boost: 1, triggers: Trigger.Primary });
  });

  test("charges the rail instead of firing while its button is held", () => {
    expect(withTouch({ aimX: 1, fire: true, rail: true }).triggers).toBe(Trigger.Secondary);
  });
});

describe("of several devices, what moved last steers:", () => {
  const STICK = pad([0, 1, 0, 0]);
  const LET_GO = pad([0, 0, 0, 0]);

  test("a key after a stick, a thumb after the key, the stick again after the thumb", () => {
    const { hold } = makePlayer();
    const thumb = { isInUse: true, thrustX: -1 };
    const steps = [
      hold({ pads: [STICK] }),
      hold({ pads: [STICK], keys: ["KeyD"] }),
      hold({ pads: [STICK], keys: ["KeyD"] }, thumb),
      hold({ pads: [pad([0, -1, 0, 0])], keys: ["KeyD"] }, thumb),
    ];
    expect(steps.map(({ thrust }) => thrust)).toEqual([DOWN, RIGHT, LEFT, UP].map(thrustTowards));
  });

  test("one that is let go leaves the ship to another that is still held", () => {
    const { hold } = makePlayer();
    hold({ keys: ["KeyD"], pads: [LET_GO] });
    hold({ keys: ["KeyD"], pads: [STICK] });
    expect(hold({ keys: ["KeyD"], pads: [LET_GO] }).thrust).toBe(thrustTowards(RIGHT));
    expect(hold({ pads: [LET_GO] }).thrust).toBe(0);
  });

  test("touch that was used once does not keep the keyboard out", () => {
    const { hold } = makePlayer();
    hold({}, { isInUse: true, thrustX: 1 });
    expect(hold({}, { isInUse: true }).thrust).toBe(0);
    const keys = hold({ keys: ["KeyW", "ShiftLeft", "KeyJ"] }, { isInUse: true });
    expect(keys).toMatchObject({ thrust: thrustTowards(UP), boost: 1, triggers: Trigger.Primary });
  });

  test("a second gamepad beside one that rests", () => {
    const { hold } = makePlayer();
    const both = (one: GamepadState, two: GamepadState) => ({ pads: [one, { ...two, slot: 1 }] });
    expect(hold(both(LET_GO, STICK)).thrust).toBe(thrustTowards(DOWN));
    expect(hold(both(pad([1, 0, 0, 0]), STICK)).thrust).toBe(thrustTowards(RIGHT));
  });

  test("a stick that wanders slowly while keys are pressed never steers", () => {
    const { hold } = makePlayer();
    for (let step = 0; step <= 40; step++) {
      const wandering = { pads: [pad([0, step / 50, 0, 0])] };
      expect(hold({ ...wandering, keys: ["KeyD"] }).thrust).toBe(thrustTowards(RIGHT));
      expect(hold({ ...wandering, keys: ["KeyA"] }).thrust).toBe(thrustTowards(LEFT));
    }
  });

  test("a stick aims until the mouse is moved, or pressed; a knock against the desk is neither", () => {
    const { hold } = makePlayer();
    const aiming = (mouse: HeldOn) => hold({ pads: [pad([0, 0, 0, -1])], ...mouse }).aim;
    hold({ pointer: { x: 400, y: 0 } });
    expect(aiming({ pointer: { x: 400, y: 0 } })).toBe(UP);
    expect(aiming({ pointer: { x: 404, y: 3 } })).toBe(UP);
    expect(aiming({ pointer: { x: 440, y: 0 } })).toBe(RIGHT);
    hold({ pads: [pad([0, 0, 0, 0])], pointer: { x: 440, y: 0 } });
    expect(aiming({ pointer: { x: 440, y: 0 } })).toBe(UP);
    expect(aiming({ pointer: { x: 440, y: 0 }, mouseButtons: 1 })).toBe(RIGHT);
  });

  test("thrust and aim may come from different devices, and buttons count on all", () => {
    const { hold } = makePlayer();
    const command = hold({ keys: ["KeyD"], pads: [pad([0, 0, 0, 0.5], BUTTONS.leftTrigger)], mouseButtons: 1 });
    const both = Trigger.Primary | Trigger.Secondary;
    expect(command).toMatchObject({ thrust: thrustTowards(RIGHT), aim: DOWN, triggers: both });
  });
});

test("the aim is kept while nothing aims", () => {
  const { hold } = makePlayer();
  hold({ pads: [pad([0, 0, 0, 1])] });
  expect(hold({}).aim).toBe(DOWN);
  expect(hold({}, { isInUse: true, thrustX: 1 }).aim).toBe(DOWN);
});

test("any direction of stick or mouse gives a command in range", () => {
  const { hold } = makePlayer();
  for (let degree = -360; degree <= 360; degree++) {
    const [x, y] = [Math.cos((degree / 180) * Math.PI), Math.sin((degree / 180) * Math.PI)];
    const command = hold({ pads: [pad([x, y, 0, 0])] });
    const aimed = hold({ pointer: { x: x * 300, y: y * 300 } });
    expect(isInRange(commandSchema, command) && isInRange(commandSchema, aimed)).toBe(true);
  }
});
