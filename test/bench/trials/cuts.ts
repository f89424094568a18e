/**
 * The trial `cuts`: the game's page in Chromium, in a match of pilots, whose connection is cut again and again. What is
 * judged is the time from the socket's end to the next picture of the match as it then is: until it, the page shows the
 * one before, at rest.
 */
import type { Browser } from "playwright-core";
import { type RecordingWindow, recordSockets } from "../../support/cut-sockets.ts";
import type { Spread } from "../orders.ts";
import { withPageServer } from "../page-server.ts";
import { spreadOf } from "../spread.ts";
import type { Lack, TrialOrder } from "../trials.ts";

export type CutFigures = {
  readonly cuts: number;
  /** Milliseconds from a socket's end to the picture. */
  readonly backMs: Spread;
};

const PLACE = { players: 20, mapSize: 2_000 };
/** Small, since software draws it. */
const VIEWPORT = { width: 320, height: 180 };
const SLOW_MS = 60_000;
/** Between two cuts: play goes on, and the next cut falls elsewhere between two frames. */
const CALM_MS = 700;
const LATER_MS = 7;

export function runCuts({ seed, seconds }: TrialOrder): Promise<CutFigures | Lack> {
  return withPageServer({ ...PLACE, seed }, (browser, url) => measureCuts(browser, url, seconds));
}

async function measureCuts(browser: Browser, url: string, seconds: number): Promise<CutFigures> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  page.setDefaultTimeout(SLOW_MS);
  await recordSockets(page);
  await page.goto(url);
  await page.getByLabel("Pilot name").fill("Bench");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForFunction(() => window.starwake.scene() !== undefined);
  const backMs: number[] = [];
  for (const endMs = performance.now() + seconds * 1000; performance.now() < endMs; ) {
    await page.waitForTimeout(CALM_MS + backMs.length * LATER_MS);
    backMs.push(await page.evaluate(cutUntilPicture));
  }
  return { cuts: backMs.length, backMs: spreadOf(backMs) };
}

/** Runs in the page. @returns milliseconds from a socket's end to the first picture after it; a page at rest has no new ones */
function cutUntilPicture(): Promise<number> {
  return new Promise((resolve) => {
    let endMs: number | undefined;
    let last: unknown;
    const look = () => {
      const scene = window.starwake.scene();
      if (endMs !== undefined && scene !== undefined && scene !== last) resolve(performance.now() - endMs);
      else requestAnimationFrame(look);
    };
    for (const socket of (window as unknown as RecordingWindow).madeSockets.splice(0)) {
      socket.addEventListener("close", () => {
        endMs = performance.now();
        last = window.starwake.scene();
      });
      socket.close();
    }
    look();
  });
}
