/** What keyboard, mouse and pen hold, as a browser tells of them: nothing sticks, and nothing else is the ship's. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as deviceInput from "../../client/engine/device-input.ts";
import { launchChromium } from "../support/chromium.ts";
import { bundleForPage } from "../support/page-script.ts";

type Made = { readonly at?: string; readonly [field: string]: unknown };
type Kind = "KeyboardEvent" | "PointerEvent" | "MouseEvent" | "Event";
type ListeningPage = Window & {
  deviceInput: typeof deviceInput;
  devices: deviceInput.DeviceInput;
  isPlaying: boolean;
};

const CONTENT = `<input id="field"><button id="button">Press</button><div id="sea" style="height: 300px"></div>`;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  await page.setContent(CONTENT);
  await page.addScriptTag({ content: await bundleForPage("client/engine/device-input.ts", "deviceInput") });
});

afterAll(() => browser?.close());

beforeEach(() =>
  page.evaluate(() => {
    const here = window as unknown as ListeningPage;
    here.devices?.close();
    here.isPlaying = true;
    here.devices = here.deviceInput.listenToDevices(window, () => here.isPlaying);
  }),
);

/** Sends an event as made, to an element or the window. @returns whether the browser's own use of it was prevented */
function send(kind: Kind, name: string, { at, ...made }: Made = {}): Promise<boolean> {
  return page.evaluate(
    ([className, type, fields, selector]) => {
      const target = selector === undefined ? document.body : document.querySelector(selector)!;
      const event = new window[className](type, { bubbles: true, cancelable: true, ...(fields as EventInit) });
      const isForWindow = className === "Event";
      (isForWindow ? window : target).dispatchEvent(event);
      return event.defaultPrevented;
    },
    [kind, name, made, at] as const,
  );
}

const key = (name: "keydown" | "keyup", code: string, more: Made = {}) =>
  send("KeyboardEvent", name, { code, key: code.replace("Key", "").toLowerCase(), ...more });
const pointer = (name: string, more: Made = {}) => send("PointerEvent", name, { pointerType: "mouse", ...more });

const heldKeys = () => page.evaluate(() => [...(window as unknown as ListeningPage).devices.keys].sort());
const heldButtons = () => page.evaluate(() => (window as unknown as ListeningPage).devices.mouseButtons);
const pointerPlace = () => page.evaluate(() => (window as unknown as ListeningPage).devices.pointer);

describe("keys", () => {
  test("are held from their press to their end", async () => {
    await page.keyboard.down("w");
    await page.keyboard.down("ArrowLeft");
    expect(await heldKeys()).toEqual(["ArrowLeft", "KeyW"]);
    await page.keyboard.up("w");
    expect(await heldKeys()).toEqual(["ArrowLeft"]);
    await page.keyboard.up("ArrowLeft");
    expect(await heldKeys()).toEqual([]);
  });

  test.each(["MetaLeft", "MetaRight", "ContextMenu"])("whose end %s may hide are let go with it", async (system) => {
    await key("keydown", "KeyW");
    await key("keydown", system);
    expect(await heldKeys()).toEqual([]);
    await key("keydown", "KeyD", { metaKey: system !== "ContextMenu" });
    await key("keyup", system);
    expect(await heldKeys()).toEqual([]);
  });

  test("may come up under another code: the letter tells which it was", async () => {
    await key("keydown", "KeyD");
    await key("keyup", "KeyE", { key: "D" });
    expect(await heldKeys()).toEqual([]);
  });

  test("of a pair of shift keys, both end when the system tells that none is down", async () => {
    await key("keydown", "ShiftLeft", { key: "Shift", shiftKey: true });
    await key("keydown", "ShiftRight", { key: "Shift", shiftKey: true });
    await key("keyup", "ShiftRight", { key: "Shift", shiftKey: true });
    expect(await heldKeys()).toEqual(["ShiftLeft"]);
    await pointer("pointermove", { button: -1 });
    expect(await heldKeys()).toEqual([]);
  });

  test.each(["blur", "pagehide"])("are let go at %s", async (name) => {
    await key("keydown", "KeyW");
    await pointer("pointerdown", { button: 0, buttons: 1 });
    await send("Event", name);
    expect([await heldKeys(), await heldButtons()]).toEqual([[], 0]);
  });

  test("that are typed into a field are not the ship's", async () => {
    await key("keydown", "KeyW", { at: "#field" });
    expect(await heldKeys()).toEqual([]);
  });

  test("of a focused button are the ship's, but for those that press it", async () => {
    await key("keydown", "Space", { at: "#button", key: " " });
    await key("keydown", "Enter", { at: "#button", key: "Enter" });
    expect(await heldKeys()).toEqual([]);
    await key("keydown", "KeyW", { at: "#button" });
    expect(await heldKeys()).toEqual(["KeyW"]);
  });

  test("that scroll, search or leave the page do so only while there is nothing to steer", async () => {
    const uses: [string, Made][] = [
      ["ArrowLeft", { altKey: true, key: "ArrowLeft" }],
      ["Space", { key: " " }],
      ["Backspace", { key: "Backspace" }],
      ["Slash", { key: "/" }],
    ];
    const prevented = async () => {
      const all: boolean[] = [];
      for (const [code, more] of uses) all.push(await key("keydown", code, more));
      return all;
    };
    expect(await prevented()).toEqual([true, true, true, true]);
    expect(await key("keydown", "F5", { key: "F5" })).toBe(false);
    expect(await key("keydown", "KeyR", { ctrlKey: true })).toBe(false);
    await page.evaluate(() => Object.assign(window, { isPlaying: false }));
    expect(await prevented()).toEqual([false, false, false, false]);
  });
});

describe("the mouse", () => {
  test("tells where it is and which buttons it holds, also a second one beside the first", async () => {
    await page.mouse.move(120, 200);
    expect(await pointerPlace()).toEqual({ x: 120, y: 200 });
    await page.mouse.down();
    await page.mouse.down({ button: "right" });
    expect(await heldButtons()).toBe(3);
    await page.mouse.up();
    expect(await heldButtons()).toBe(2);
    await page.mouse.up({ button: "right" });
    expect(await heldButtons()).toBe(0);
  });

  test("does not fire by what it presses in the page", async () => {
    await pointer("pointerdown", { at: "#button", button: 0, buttons: 1 });
    await pointer("pointermove", { at: "#sea", button: -1, buttons: 1 });
    expect(await heldButtons()).toBe(0);
  });

  test("that comes back without a button, or loses its pointer, holds none", async () => {
    await pointer("pointerdown", { button: 0, buttons: 1 });
    await pointer("pointermove", { button: -1, buttons: 0 });
    expect(await heldButtons()).toBe(0);
    await pointer("pointerdown", { button: 0, buttons: 1 });
    await pointer("pointercancel");
    expect(await heldButtons()).toBe(0);
  });

  test("is no finger", async () => {
    await page.mouse.move(50, 60);
    await pointer("pointerdown", { pointerType: "touch", button: 0, buttons: 1, clientX: 300, clientY: 10 });
    expect([await heldButtons(), await pointerPlace()]).toEqual([0, { x: 50, y: 60 }]);
  });

  test.each(["mousedown", "mouseup", "auxclick"])(
    "does not leave the match by its side buttons, at %s",
    async (name) => {
      const sides = async () => [
        await send("MouseEvent", name, { button: 3 }),
        await send("MouseEvent", name, { button: 4 }),
      ];
      expect(await sides()).toEqual([true, true]);
      expect(await send("MouseEvent", name, { button: 0 })).toBe(false);
      await page.evaluate(() => Object.assign(window, { isPlaying: false }));
      expect(await sides()).toEqual([false, false]);
    },
  );
});
