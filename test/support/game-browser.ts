/** The browser that the tests of one file share, started when the game's page has been built. */
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchChromium } from "./chromium.ts";
import { GamePage } from "./game-page.ts";
import { buildPage } from "./server-process.ts";

/** To be called once, at the top of a test file. @returns what opens an empty page for one test */
export function shareBrowser(): (options?: BrowserContextOptions) => Promise<GamePage> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    await buildPage();
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  return (options) => GamePage.open(browser!, options);
}
