import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import { Controls } from "@starwake/client/game/controls.ts";
import type { TouchValues } from "@starwake/client/game/interface/touch-controls.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import { isInRange } from "@starwake/shared/engine/schema.ts";
import { commandSchema, NEUTRAL_COMMAND, thrustTowards } from "@starwake/shared/game/command.ts";
import { Trigger } from "@starwake/shared/game/weapons.ts";
import { describe, expect, test } from "vitest";

const [RIGHT, DOWN, LEFT, UP] = [0, 1, 2, 3].map((quarter) => (quarter * TURN) / 4);
const BUTTONS = { a: 0, b: 1, leftShoulder: 4, rightShoulder: 5, leftTrigger: 6, rightTrigger: 7 };

type Pad = NonNullable<ReturnType<DeviceInput["gamepad"]>>;

function devices(held: { keys?: readonly string[]; mouseButtons?: number; pad?: Pad } = {}): DeviceInput {
  const { keys = [], mouseButtons = 0, pad } = held;
  return { keys: new Set(keys), mouseButtons, pointer: undefined, gamepad: () => pad, close: () => {} };
}

function touch(values: Partial<TouchValues> = {}): TouchValues {
  const none = { isInUse: false, thrustX: 0, thrustY: 0, aimX: 0, aimY: 0, fire: false, rail: false, boost: false };
  return { ...none, ...values };
}

function pad(axes: readonly number[], ...pressed: readonly number[]): Pad {
  return { axes, buttons: Array.from({ length: 17 }, (_, button) => pressed.includes(button)) };
}

const withKeys = (...keys: string[]) => new Controls().command(devices({ keys }), touch(), undefined);
const withPad = (held: Pad) => new Controls().command(devices({ pad: held }), touch(), undefined);
const withTouch = (values: Partial<TouchValues>) =>
  new Controls().command(devices(), touch({ isInUse: true, ...values }), undefined);

test("nothing held gives no thrust, no boost and no trigger", () => {
  expect(new Controls().command(devices(), touch(), undefined)).toEqual(NEUTRAL_COMMAND);
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
    const withButtons = (mouseButtons: number) => new Controls().command(devices({ mouseButtons }), touch(), undefined);
    expect([1, 2, 3].map((buttons) => withButtons(buttons).triggers)).toEqual([1, 2, 3]);
  });

  test("the ship aims at the mouse", () => {
    const controls = new Controls();
    const at = (x: number, y: number) => controls.command(devices(), touch(), { x, y }).aim;
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
    const held = devices({ pad: pad([0.1, -0.1, 0.15, 0]), keys: ["KeyD"] });
    expect(new Controls().command(held, touch(), { x: 0, y: 5 })).toMatchObject({
      thrust: thrustTowards(RIGHT),
      aim: DOWN,
      triggers: 0,
    });
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

  test("goes before gamepad, keyboard and mouse while it is in use", () => {
    const others = devices({ keys: ["KeyD", "KeyJ"], pad: pad([1, 0, 0, 0]) });
    const command = new Controls().command(others, touch({ isInUse: true, thrustY: 1 }), { x: 1, y: 0 });
    expect(command).toMatchObject({ thrust: thrustTowards(DOWN), triggers: 0 });
  });
});

test("the aim is kept while nothing aims", () => {
  const controls = new Controls();
  controls.command(devices({ pad: pad([0, 0, 0, 1]) }), touch(), undefined);
  expect(controls.command(devices(), touch(), undefined).aim).toBe(DOWN);
  expect(controls.command(devices(), touch({ isInUse: true, thrustX: 1 }), undefined).aim).toBe(DOWN);
});

test("any direction of stick or mouse gives a command in range", () => {
  const controls = new Controls();
  for (let degree = -360; degree <= 360; degree++) {
    const [x, y] = [Math.cos((degree / 180) * Math.PI), Math.sin((degree / 180) * Math.PI)];
    const command = controls.command(devices({ pad: pad([x, y, 0, 0]) }), touch(), undefined);
    const aimed = controls.command(devices(), touch(), { x, y });
    expect(isInRange(commandSchema, command) && isInRange(commandSchema, aimed)).toBe(true);
  }
});
