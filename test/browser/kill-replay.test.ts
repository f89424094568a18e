/** The kill replay in a real match: one page shoots the ship of another. */
import { expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
import type { GamePage } from "../support/game-page.ts";
import { startServer } from "../support/server-process.ts";

const openPage = shareBrowser();

/** Two pages in each other's sight; the second one touches nothing. */
async function startDuel() {
  const server = await startServer(duelOptions());
  const [ace, bee] = [await openPage(), await openPage()];
  await ace.enter(server.url, "Ace", "Play");
  await bee.enter(server.url, "Bee", "Play");
  return { ace, bee, beeId: (await bee.own())!.id };
}

/** What the page shows at one moment: seen in parts, the death could be over between two of them. */
const seenOf = ({ page }: GamePage) =>
  page.evaluate(() => ({
    head: document.querySelector(".kill-replay-head")?.textContent ?? "",
    own: window.starwake.scene()?.own,
    viewer: window.starwake.scene()?.ships.find(({ isOwn }) => isOwn)?.name,
  }));

test("a death is shown again from the killer's ship, a key skips it, and then the ship flies again", async () => {
  const { ace, bee, beeId } = await startDuel();
  let skipped: Awaited<ReturnType<typeof seenOf>>;
  do {
    // A death lasts 2.5 s, and its replay nearly as long: on a machine that is too slow for one, the next may do.
    await ace.fireAt(beeId, async () => {
      const { head, own, viewer } = await seenOf(bee);
      return /Kill replay: Ace.*pulse/.test(head) && own?.state === "dead" && viewer === "Ace";
    });
    await bee.page.keyboard.press("KeyX");
    await bee.page.locator(".kill-replay-head").waitFor({ state: "detached" });
    skipped = await seenOf(bee);
    await bee.reaches("playing");
    // It would have lasted until little is left of the death.
  } while (skipped.own?.state !== "dead" || skipped.own.respawnInSeconds < 1);
  expect((await bee.own())?.id).toBe(beeId);
});

test("turned off in the menu, a death is not shown again, and the browser remembers it", async () => {
  const { ace, bee, beeId } = await startDuel();
  await bee.page.keyboard.press("Escape");
  await bee.page.getByRole("button", { name: "Kill replays: on" }).click();
  await bee.page.getByRole("button", { name: "Back to the battle" }).click();
  // Seen by every change of the page, so that none is missed.
  await bee.page.evaluate(() => {
    new MutationObserver(() => {
      if (document.querySelector(".kill-replay") !== null) document.title = "replayed";
    }).observe(document.body, { childList: true, subtree: true });
  });
  await ace.fireAt(beeId, async () => (await bee.scene())?.own.state === "dead");
  await bee.reaches("playing");
  expect(await bee.page.title()).toBe("Starwake");
  await bee.page.reload();
  await bee.reaches("playing");
  await bee.page.keyboard.press("Escape");
  await bee.page.getByRole("button", { name: "Kill replays: off" }).waitFor();
});
