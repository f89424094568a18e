/** What a gamepad says to a menu: a button is one step, a held direction many. */
import type { GamepadState } from "@starwake/client/engine/gamepads.ts";
import { expect, test } from "vitest";
import { GamepadSteps, gamepadUseIn } from "../../client/game/interface/gamepad-steps.ts";

const REST = { x: 0, y: 0 };
const holding = (down: readonly number[], left = REST): GamepadState => ({
  slot: 0,
  left,
  right: REST,
  buttons: Array.from({ length: 17 }, (_, button) => down.includes(button)),
});

test("a button is one step, however long it is held, and another when it is pressed again", () => {
  const steps = new GamepadSteps();
  expect(steps.take([holding([0])], 0)).toEqual(["press"]);
  expect(steps.take([holding([0])], 5_000)).toEqual([]);
  expect(steps.take([holding([])], 5_016)).toEqual([]);
  expect(steps.take([holding([0])], 5_032)).toEqual(["press"]);
});

test("each button has its step, and others have none", () => {
  const each = Array.from({ length: 17 }, (_, button) => new GamepadSteps().take([holding([button])], 0));
  const none: string[] = [];
  expect(each).toEqual([
    ["press"],
    ["back"],
    none,
    ["replay"],
    ...[none, none, none, none, none],
    ["menu"],
    ...[none, none],
    ["up"],
    ["down"],
    ["left"],
    ["right"],
    none,
  ]);
});

test.each([
  [{ x: 0.1, y: -1 }, ["up"]],
  [{ x: -0.2, y: 0.7 }, ["down"]],
  [{ x: -0.9, y: 0.5 }, ["left"]],
  [{ x: 0.7, y: 0 }, ["right"]],
  [{ x: 0.4, y: 0.4 }, []],
])("the left stick at %o points %o", (left, expected) => {
  expect(new GamepadSteps().take([holding([], left)], 0)).toEqual(expected);
});

test("a direction that is held is taken again, after a while and then more often", () => {
  const steps = new GamepadSteps();
  const takenMs = Array.from({ length: 61 }, (_, frame) => frame * 16).filter(
    (ms) => steps.take([holding([13])], ms).length > 0,
  );
  expect(takenMs).toEqual([0, 400, 544, 688, 832]);
});

test("a page that stood still takes no direction twice that was pressed once", () => {
  const steps = new GamepadSteps();
  expect([0, 700, 1_400].map((ms) => steps.take([holding([13])], ms))).toEqual([["down"], [], []]);
});

test("two gamepads that hold the same make one step of it", () => {
  const steps = new GamepadSteps();
  expect(steps.take([holding([13]), holding([], { x: 0, y: 1 })], 0)).toEqual(["down"]);
});

test("whoever fires while the connection is lost does not press Leave", () => {
  expect(gamepadUseIn("reconnecting")).toBe("flying");
  expect((["playing", "dead", "menu", "connecting", "refused"] as const).map(gamepadUseIn)).toEqual([
    "flying",
    "dead",
    ...["menus", "menus", "menus"],
  ]);
});
