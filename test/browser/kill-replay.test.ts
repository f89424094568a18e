/** The kill replay in a real match: one page shoots the ship of another. */
import { expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
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

const isReplayed = () => document.querySelector(".kill-replay") !== null;

test("a death is shown again from the killer's ship, a key skips it, and then the ship flies again", async () => {
  const { ace, bee, beeId } = await startDuel();
  await ace.fireAt(beeId, () => bee.page.evaluate(isReplayed));
  const head = bee.page.locator(".kill-replay-head");
  expect(await head.textContent()).toMatch(/Kill replay: Ace.*pulse/);
  const scene = (await bee.scene())!;
  expect(scene.own.state).toBe("dead");
  expect(scene.ships.find(({ isOwn }) => isOwn)?.name).toBe("Ace");
  await bee.page.keyboard.press("KeyX");
  await head.waitFor({ state: "detached" });
  // It would have lasted nearly until then.
  expect((await bee.scene())!.own).toMatchObject({ state: "dead", respawnInSeconds: expect.closeTo(1.5, 0) });
  await bee.reaches("playing");
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
