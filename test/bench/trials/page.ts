/**
 * The trial `page`: the game's page in Chromium, at its best quality, in a brawl of pilots so crowded that 200 ships and
 * more stand in its scene. What is judged is the processor time of its main thread in script for each rendered frame.
 * Drawing is software here: it takes place elsewhere, and shows in the rate of frames. The slower that is, the more of
 * the network's 20 frames a second fall to each rendered one.
 */
import { SCREEN_SHAPES } from "@starwake/shared/game/sight.ts";
import type { Browser, Page } from "playwright-core";
import { withPageServer } from "../page-server.ts";
import { scriptTimeDuring } from "../script-time.ts";
import type { Lack, TrialOrder } from "../trials.ts";

export type PageFigures = {
  /** In the page's scene, and among them those on the screen, on average. */
  readonly ships: number;
  readonly shipsOnScreen: number;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** For each rendered frame: all, and the part that is spent when the browser asks for it. */
  readonly scriptMs: number;
  readonly pictureMs: number;
};

/** Counted by the page itself: rendered frames, and the ships in them. */
type Shown = { frames: number; ships: number; shipsOnScreen: number };

declare global {
  interface Window {
    shown: Shown;
  }
}

const LEAST_SHIPS = 200;
/** On the smallest map, whose middle sees all of it, about 220 of these live at any time. */
const CROWDED = { players: 300, mapSize: 1280 };
const MIDDLE_UNITS = CROWDED.mapSize / 2;
/** The page's ship is steered back when it is so far from the middle, and looked after so often. */
const ASTRAY_UNITS = 80;
const STEERING_MS = 200;
/** Small, since software draws it: what is drawn into it is the same. */
const VIEWPORT = { width: 320, height: 180 };
const SLOW_MS = 60_000;
/** In this time the page has compiled its code and knows everybody. */
const WARM_UP_MS = 5_000;
/** Who has just come to life is on the way, and sees fewer. */
const ATTEMPTS = 3;

export function runPage({ seed, seconds }: TrialOrder): Promise<PageFigures | Lack> {
  return withPageServer({ ...CROWDED, seed }, (browser, url) => measurePage(browser, url, seconds));
}

async function measurePage(browser: Browser, url: string, seconds: number): Promise<PageFigures> {
  const page = await enter(browser, url);
  await playFor(page, WARM_UP_MS);
  for (let attempt = 1; ; attempt++) {
    const figures = await watch(page, seconds);
    if (figures.ships >= LEAST_SHIPS) return figures;
    if (attempt === ATTEMPTS) throw new Error(`only ${figures.ships.toFixed(0)} ships were in the page's scene`);
  }
}

async function watch(page: Page, seconds: number): Promise<PageFigures> {
  const session = await page.context().newCDPSession(page);
  // The trace holds a little more than what is counted, never less.
  let shown: Shown = { frames: 0, ships: 0, shipsOnScreen: 0 };
  const { totalMs, pictureMs } = await scriptTimeDuring(session, async () => {
    await page.evaluate(countFrames, { width: SCREEN_SHAPES[0].widthUnits, height: SCREEN_SHAPES[0].heightUnits });
    await playFor(page, seconds * 1000);
    shown = await page.evaluate(() => window.shown);
  });
  await session.detach();
  const { frames } = shown;
  return {
    ships: shown.ships / frames,
    shipsOnScreen: shown.shipsOnScreen / frames,
    frames,
    framesPerSecond: frames / seconds,
    scriptMs: totalMs / frames,
    pictureMs: pictureMs / frames,
  };
}

/** From the menu into the brawl, with the trigger held. */
async function enter(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  page.setDefaultTimeout(SLOW_MS);
  await page.goto(`${url}?quality=best`);
  await page.getByLabel("Pilot name").fill("Bench");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForFunction(() => window.starwake.scene() !== undefined);
  await page.mouse.move(VIEWPORT.width * 0.7, VIEWPORT.height * 0.3);
  await page.mouse.down();
  return page;
}

/** Flies to the middle of the map and stays there. */
async function playFor(page: Page, ms: number): Promise<void> {
  for (const endMs = performance.now() + ms; performance.now() < endMs; await page.waitForTimeout(STEERING_MS)) {
    const own = await page.evaluate(() => window.starwake.scene()?.ships.find(({ isOwn }) => isOwn));
    if (own === undefined) continue;
    for (const [forth, back, at] of [
      ["KeyD", "KeyA", own.x],
      ["KeyS", "KeyW", own.y],
    ] as const) {
      await page.keyboard[at < MIDDLE_UNITS - ASTRAY_UNITS ? "down" : "up"](forth);
      await page.keyboard[at > MIDDLE_UNITS + ASTRAY_UNITS ? "down" : "up"](back);
    }
  }
}

/** Runs in the page: from now on `window.shown` counts. Each scene is one rendered frame's. */
function countFrames(screen: { readonly width: number; readonly height: number }): void {
  const shown: Shown = { frames: 0, ships: 0, shipsOnScreen: 0 };
  window.shown = shown;
  let last = window.starwake.scene();
  const look = () => {
    if (window.shown !== shown) return;
    requestAnimationFrame(look);
    const scene = window.starwake.scene();
    if (scene === undefined || scene === last) return;
    last = scene;
    const { camera, ships } = scene;
    shown.frames++;
    shown.ships += ships.length;
    for (const { x, y } of ships)
      if (Math.abs(x - camera.x) <= screen.width / 2 && Math.abs(y - camera.y) <= screen.height / 2)
        shown.shipsOnScreen++;
  };
  look();
}
