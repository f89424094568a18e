/** The simulation gives the same bits in a browser as in Node. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as exactRun from "../game/exact-run.ts";
import { launchChromium } from "../support/chromium.ts";
import { bundleForPage } from "../support/page-script.ts";

const TICKS = 10_000;
const PILOTS = 16;
const SEED = 2_024;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const script = await bundleForPage("test/game/exact-run.ts", "exactRun");
  browser = await launchChromium();
  page = await browser.newPage();
  await page.addScriptTag({ content: script });
});

afterAll(() => browser?.close());

type Step = "step" | "stepWithLastBitError";

function runInPage(ticks: number, step: Step = "step"): Promise<number> {
  return page.evaluate(
    ([ticksToRun, pilots, seed, name]) => {
      const { exactRun: run } = window as unknown as { exactRun: typeof exactRun };
      return run.runWorld(ticksToRun, pilots, seed, name === "step" ? undefined : run[name]);
    },
    [ticks, PILOTS, SEED, step] as const,
  );
}

test("10,000 ticks with 16 pilots from one seed give the same hash in Chromium as in Node", async () => {
  expect(await runInPage(TICKS)).toBe(exactRun.runWorld(TICKS, PILOTS, SEED));
});

test("a step that is off by a last bit in Chromium alone does not pass for exact", async () => {
  expect(await runInPage(TICKS, "stepWithLastBitError")).not.toBe(exactRun.runWorld(TICKS, PILOTS, SEED));
});
