/** Gamepads as they come out of a drawer: worn, stuck, unknown, several, missing or throwing. */
import { type GamepadState, Gamepads } from "@starwake/client/engine/gamepads.ts";
import { describe, expect, test } from "vitest";

type Made = { axes?: unknown; buttons?: unknown; mapping?: string; connected?: boolean; index?: number; id?: string };

const REST = { x: 0, y: 0 };

function pad(made: Made = {}): Gamepad {
  const whole = { axes: [0, 0, 0, 0], buttons: buttons(), mapping: "standard", connected: true, index: 0, id: "pad" };
  return { ...whole, ...made } as unknown as Gamepad;
}

function buttons(...pressed: readonly number[]): { pressed: boolean; value: number }[] {
  return Array.from({ length: 17 }, (_, number) => ({
    pressed: pressed.includes(number),
    value: pressed.includes(number) ? 1 : 0,
  }));
}

/** A browser whose gamepads are what a test puts there, and a clock that a test moves. */
function makeBrowser() {
  const held = { pads: [] as (Gamepad | null)[] };
  const gamepads = new Gamepads({ getGamepads: () => held.pads });
  let nowMs = 0;
  const read = (pads: readonly (Made | null)[], afterMs = 16): readonly GamepadState[] => {
    nowMs += afterMs;
    held.pads = pads.map((made) => made && pad(made));
    return gamepads.read(nowMs);
  };
  return { gamepads, read };
}

/** A browser that has one gamepad. */
function makePad() {
  const { read } = makeBrowser();
  return (made: Made, afterMs = 16): GamepadState => read([made], afterMs)[0];
}

describe("a stick", () => {
  test("counts by its way from the middle", () => {
    const read = makePad();
    read({});
    expect(read({ axes: [1, 0, 0, -0.5] })).toMatchObject({ left: { x: 1, y: 0 }, right: { x: 0, y: -0.5 } });
  });

  test.each([
    ["drifts", 0.25],
    ["is stuck at its end", -1],
  ])("that %s when it is first seen is at rest there", (_, x) => {
    const read = makePad();
    expect(read({ axes: [x, 0, 0, 0] }).left).toEqual(REST);
    expect(read({ axes: [x, 0, 0, 0] }, 60_000).left).toEqual(REST);
  });

  test("that was held when it was first seen is at rest when it is let go", () => {
    const read = makePad();
    read({ axes: [0, -1, 0, 0] });
    expect(read({ axes: [0, 0, 0, 0] }).left).toEqual(REST);
    expect(read({ axes: [1, 0, 0, 0] }).left).toEqual({ x: 1, y: 0 });
  });

  test("that comes back to another place rests there after a second", () => {
    const read = makePad();
    read({});
    read({ axes: [1, 0, 0, 0] });
    expect(read({ axes: [0.3, 0, 0, 0] }).left.x).toBeCloseTo(0.3);
    expect(read({ axes: [0.31, 0.01, 0, 0] }, 1_000).left.x).toBeCloseTo(0.01);
  });

  test("that is held all the way for a minute stays held", () => {
    const read = makePad();
    read({});
    for (let second = 0; second < 60; second++) read({ axes: [0, 1, 0, 0] }, 1_000);
    expect(read({ axes: [0, 1, 0, 0] }).left).toEqual({ x: 0, y: 1 });
  });

  test.each([
    ["not there", undefined],
    ["too few", [0.5]],
    ["no numbers", [Number.NaN, "1", null, Number.POSITIVE_INFINITY]],
  ])("whose axes are %s is at rest", (_, axes) => {
    const read = makePad();
    read({});
    const { right } = read({ axes });
    expect(right).toEqual(REST);
  });

  test("has four axes: what comes after them steers nothing", () => {
    const read = makePad();
    read({ axes: [0, 0, 0, 0, -1, -1] });
    expect(read({ axes: [0, 0, 0, 0, 1, 1] })).toMatchObject({ left: REST, right: REST });
  });
});

describe("a button", () => {
  test("is down while it is pressed", () => {
    const read = makePad();
    read({});
    expect(read({ buttons: buttons(7) }).buttons[7]).toBe(true);
    expect(read({}).buttons[7]).toBe(false);
  });

  test("that was never seen up is not down", () => {
    const read = makePad();
    expect(read({ buttons: buttons(7) }).buttons[7]).toBe(false);
    expect(read({ buttons: buttons(7) }, 60_000).buttons[7]).toBe(false);
  });

  test("that is pressed a little, as a worn trigger is at rest, is not down", () => {
    const read = makePad();
    read({});
    const worn = buttons();
    worn[7] = { pressed: true, value: 0.13 };
    expect(read({ buttons: worn }).buttons[7]).toBe(false);
  });

  test("may be a plain number, or nothing at all", () => {
    const read = makePad();
    read({ buttons: [0, 0, null, undefined] });
    expect(read({ buttons: [1, 0, null, undefined] }).buttons).toEqual([true, false, false, false]);
    expect(read({ buttons: undefined }).buttons).toEqual([]);
  });
});

describe("of several gamepads", () => {
  test("all are read, whatever stands in the slots between", () => {
    const { read } = makeBrowser();
    const two = (x: number) => [null, { index: 1 }, null, { index: 3, axes: [x, 0, 0, 0] }];
    read(two(0));
    const states = read(two(1));
    expect(states.map(({ slot, left }) => [slot, left.x])).toEqual([
      [1, 0],
      [3, 1],
    ]);
  });

  test("one that took the place of another is known anew", () => {
    const { read } = makeBrowser();
    read([{ id: "worn", axes: [0.4, 0, 0, 0] }]);
    expect(read([{ id: "new", axes: [0, 0, 0, 0] }])[0].left).toEqual(REST);
    read([]);
    expect(read([{ id: "new", axes: [-0.2, 0, 0, 0] }])[0].left).toEqual(REST);
  });

  test("one that is not connected is none", () => {
    expect(makeBrowser().read([{ connected: false }])).toEqual([]);
  });

  test("one of an unknown layout flies nothing, and is told of for a while when somebody presses a button", () => {
    const { gamepads, read } = makeBrowser();
    const odd = (...pressed: number[]) => [{ mapping: "", axes: [1, 1, 1, 1], buttons: buttons(...pressed) }];
    expect(read(odd())).toEqual([]);
    expect(gamepads.isUnknownTried).toBe(false);
    expect(read(odd(0))).toEqual([]);
    expect(gamepads.isUnknownTried).toBe(true);
    read(odd(), 10_000);
    expect(gamepads.isUnknownTried).toBe(false);
  });
});

describe("a browser", () => {
  const throwing = () => {
    throw new Error("not in this frame");
  };
  const throwingPad = new Proxy({} as Gamepad, { get: throwing });

  test.each([
    ["without gamepads", {}],
    ["that throws", { getGamepads: throwing }],
    ["that gives nothing", { getGamepads: () => null as unknown as Gamepad[] }],
    ["that gives what throws", { getGamepads: () => [throwingPad] }],
  ])("%s has none", (_, browser) => {
    expect(new Gamepads(browser).read(0)).toEqual([]);
  });
});
