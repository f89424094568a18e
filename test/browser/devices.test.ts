/** A match flown by keyboard and mouse, gamepad and touch: whatever moved last steers, and odd gamepads harm nothing. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
import type { GamePage } from "../support/game-page.ts";
import { giveGamepads, type MadeGamepad } from "../support/made-gamepads.ts";
import { startServer } from "../support/server-process.ts";

const openPage = shareBrowser();

const [RIGHT, DOWN, LEFT, UP] = [0, Math.PI / 2, Math.PI, -Math.PI / 2];
/** Where a thumb comes down on each side of the screen, in CSS pixels. */
const LEFT_THUMB = { x: 150, y: 250 };
const RIGHT_THUMB = { x: 480, y: 250 };

async function enterWith(game: GamePage): Promise<void> {
  const server = await startServer(duelOptions());
  await game.enter(server.url, "Ace", "Play");
}

/** Waits until the own ship thrusts that way; undefined: not at all. */
async function thrusts(game: GamePage, radians: number | undefined): Promise<void> {
  await expect.poll(async () => wholeDegrees((await game.own())?.thrust)).toBe(wholeDegrees(radians));
}

async function aims(game: GamePage, radians: number): Promise<void> {
  await expect.poll(async () => wholeDegrees((await game.own())?.aim)).toBe(wholeDegrees(radians));
}

function wholeDegrees(radians: number | undefined): number | undefined {
  return radians === undefined ? undefined : (Math.round((radians * 180) / Math.PI) + 360) % 360;
}

/** A finger on the page's screen, which comes down, moves and goes. */
async function giveFinger(page: Page) {
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: readonly { x: number; y: number }[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: [...points] });
  return {
    drag: async (from: { x: number; y: number }, way: { x: number; y: number }) => {
      await touch("touchStart", [from]);
      await touch("touchMove", [{ x: from.x + way.x, y: from.y + way.y }]);
    },
    lift: () => touch("touchEnd", []),
  };
}

test("a match is flown by keyboard and mouse, by gamepad, by touch, and by all three in turns", async () => {
  const game = await openPage({ hasTouch: true });
  const { page } = game;
  const setPads = await giveGamepads(page, [{}]);
  await enterWith(game);
  const finger = await giveFinger(page);

  await page.keyboard.down("KeyD");
  await thrusts(game, RIGHT);
  await page.keyboard.up("KeyD");
  await thrusts(game, undefined);

  await setPads([{ axes: [0, 1, 0, 0] }]);
  await thrusts(game, DOWN);
  await setPads([{}]);
  await thrusts(game, undefined);

  await finger.drag(LEFT_THUMB, { x: -50, y: 0 });
  await thrusts(game, LEFT);
  // Held meanwhile: the thumb stays where it is, and what moves after it steers.
  await page.keyboard.down("KeyW");
  await thrusts(game, UP);
  await setPads([{ axes: [1, 0, 0, 0] }]);
  await thrusts(game, RIGHT);
  await setPads([{}]);
  await page.keyboard.up("KeyW");
  await finger.lift();
  await thrusts(game, undefined);

  await setPads([{ axes: [0, 0, 0, -0.5] }]);
  await aims(game, UP);
  await finger.drag(RIGHT_THUMB, { x: 50, y: 0 });
  await aims(game, RIGHT);
  await finger.lift();
  await setPads([{ axes: [0, 0, 0, 0] }]);
  await page.keyboard.down("KeyS");
  await thrusts(game, DOWN);
  await page.keyboard.up("KeyS");
});

const ODD: [string, readonly (MadeGamepad | null)[]][] = [
  ["that drifts", [{ axes: [0.25, 0, 0.3, 0] }]],
  ["with more axes, which are stuck", [{ axes: [0, 0, 0, 0, -1, -1] }]],
  ["with a stuck stick and a stuck button", [{ axes: [-1, -1, 0, 0], down: [7] }]],
  ["without axes", [{ axes: [] }]],
  ["of an unknown layout", [{ mapping: "", axes: [1, 1, 1, 1], down: [0] }]],
];

test("who has a gamepad alone enters a match, opens and closes the menu, and leaves", async () => {
  const game = await openPage();
  const { page } = game;
  const setPads = await giveGamepads(page, [{}]);
  const frames = (count: number) =>
    page.evaluate(async (times) => {
      for (let frame = 0; frame < times; frame++) await new Promise(requestAnimationFrame);
    }, count);
  const press = async (...buttons: readonly number[]) => {
    await setPads([{ down: buttons }]);
    await frames(2);
    await setPads([{}]);
    await frames(2);
  };
  const [A, B, START, DOWN_PAD] = [0, 1, 9, 13];
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const server = await startServer(duelOptions());
  await page.goto(server.url);
  await page.getByText("hold to charge the rail gun").waitFor();
  await page.getByText("Left stick").waitFor();
  await frames(2);
  await press(DOWN_PAD);
  expect(await focused()).toBe("Play");
  await press(A);
  await game.reaches("playing");
  await expect.poll(() => game.own()).toBeDefined();
  const menu = page.getByRole("dialog", { name: "Menu" });
  for (const closes of [B, START]) {
    await press(START);
    await menu.waitFor();
    await press(closes);
    await menu.waitFor({ state: "detached" });
  }
  await setPads([{ axes: [0, 1, 0, 0] }]);
  await thrusts(game, DOWN);
  await setPads([{}]);
  await press(START);
  await press(DOWN_PAD);
  await press(DOWN_PAD);
  expect(await focused()).toBe("Leave the room");
  await press(A);
  await game.reaches("menu");
});

test.each(ODD)("a gamepad %s leaves the ship to the keyboard", async (_, pads) => {
  const game = await openPage();
  await giveGamepads(game.page, pads);
  await enterWith(game);
  await thrusts(game, undefined);
  await game.page.keyboard.down("KeyW");
  await thrusts(game, UP);
  await game.page.keyboard.up("KeyW");
  await thrusts(game, undefined);
});

test("a second gamepad flies beside one that lies idle, and one that nobody can fly with is told of", async () => {
  const game = await openPage();
  const setPads = await giveGamepads(game.page, [{}, null, {}, { mapping: "" }]);
  await enterWith(game);
  await setPads([{}, null, { axes: [0, 1, 0, 0] }, { mapping: "" }]);
  await thrusts(game, DOWN);
  await setPads([{}, null, {}, { mapping: "", down: [1] }]);
  await game.page.getByText("This browser does not know that gamepad's buttons.").waitFor();
});

test.each([
  ["has no gamepads", "delete Navigator.prototype.getGamepads"],
  ["refuses to tell of gamepads", "navigator.getGamepads = () => { throw new Error('not in this frame'); }"],
])("a browser that %s plays", async (_, script) => {
  const game = await openPage();
  await game.page.addInitScript(script);
  await enterWith(game);
  await game.page.keyboard.down("KeyW");
  await thrusts(game, UP);
});

test("on a device with mouse and touch screen the sticks come with the first touch", async () => {
  const game = await openPage({ hasTouch: true });
  await enterWith(game);
  const stick = game.page.getByRole("application", { name: "Thrust" });
  if (!(await game.page.evaluate(() => matchMedia("(pointer: coarse)").matches))) expect(await stick.count()).toBe(0);
  await game.page.touchscreen.tap(320, 60);
  await stick.waitFor();
});

test("the menu keeps the focus while it is open, and gives it back to the game: keys fly again", async () => {
  const game = await openPage();
  const { page } = game;
  await enterWith(game);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("Escape");
  const menu = page.getByRole("dialog", { name: "Menu" });
  await menu.waitFor();
  expect(await focused()).toBe("Back to the battle");
  const walked = new Set<string>();
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press("Tab");
    walked.add(await focused());
  }
  // Between the last and the first the browser's own buttons have the focus: the page as a whole.
  const inMenu = ["Back to the battle", "Kill replays: on", "Leave the room"];
  expect([...walked].filter((text) => text.length < 30).sort()).toEqual(inMenu);
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  await page.keyboard.down("KeyW");
  await thrusts(game, UP);
  await page.keyboard.up("KeyW");
  await page.getByRole("button", { name: "Mute (M)" }).click();
  await page.keyboard.down("Space");
  await page.keyboard.down("KeyD");
  await expect.poll(async () => (await game.own())?.isBoosting).toBe(true);
  await page.getByRole("button", { name: "Sound on (M)" }).waitFor();
});

test("while the room's link is shown, to be copied by hand, nothing flies the ship", async () => {
  const game = await openPage();
  const { page } = game;
  const setPads = await giveGamepads(page, [{}]);
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not in this frame"));
  });
  await enterWith(game);
  await setPads([{ axes: [0, -1, 0, 0] }]);
  await thrusts(game, UP);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("textbox", { name: "Link" }).waitFor();
  await thrusts(game, undefined);
  await page.getByRole("button", { name: "Back to the battle" }).click();
  await thrusts(game, UP);
});

test("the mouse's button for back stays in the match", async () => {
  const game = await openPage();
  await game.page.goto("about:blank");
  await enterWith(game);
  const session = await game.context.newCDPSession(game.page);
  for (const button of ["back", "forward"] as const)
    for (const type of ["mousePressed", "mouseReleased"] as const)
      await session.send("Input.dispatchMouseEvent", { type, button, x: 320, y: 180, clickCount: 1 });
  await game.page.keyboard.down("KeyW");
  await thrusts(game, UP);
});
