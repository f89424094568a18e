/** What a trial of the page needs: Chromium, the page as it is built, and a server on the measured core whose pilots play. */
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { ensurePageBuilt } from "../../server/page-build.ts";
import { launchChromium } from "../support/chromium.ts";
import { Core, PinnedProcess } from "./pinned-process.ts";
import { portOf } from "./server-port.ts";
import { starwakeArguments } from "./systems.ts";
import type { Lack } from "./trials.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs `measure`, and ends the browser and the server after it.
 * @param brawl pilots, the map's side in units, and what both follow from
 */
export async function withPageServer<Figures>(
  brawl: { readonly players: number; readonly mapSize: number; readonly seed: number },
  measure: (browser: Browser, url: string) => Promise<Figures>,
): Promise<Figures | Lack> {
  const browser = await launchChromium().catch((error: Error) => error);
  if (browser instanceof Error) return { lacking: `no Chromium: ${browser.message.split(". ")[0]}` };
  let server: PinnedProcess | undefined;
  try {
    const quiet = () => {};
    await ensurePageBuilt(ROOT, { debug: quiet, info: quiet, warn: quiet, error: quiet });
    server = new PinnedProcess("the brawl's server", Core.Measured, starwakeArguments(brawl, brawl.players));
    return await measure(browser, `http://127.0.0.1:${await portOf("starwake", server)}/`);
  } finally {
    server?.end();
    await browser.close();
  }
}
