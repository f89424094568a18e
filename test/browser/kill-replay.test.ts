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

/** What a page showed of its player's death, and how much of the death was left when the replay was gone. */
type Death = { head: string; viewer: string | undefined; secondsLeft: number; isSkipped: boolean };

/** Of the death, in seconds, when a replay ends by itself; or less. */
const LEFT_BY_ITSELF = 0.2;

/**
 * Has the page itself press a key whenever a kill replay comes, and write down what it shows: one from outside might come when a
 * slow machine has it over. Where even the page was so slow that the replay may have ended by itself, the next death counts.
 */
async function skipReplay({ page }: GamePage): Promise<() => Promise<Death>> {
  await page.evaluate((leftByItself) => {
    const death: Death = { head: "", viewer: undefined, secondsLeft: 0, isSkipped: false };
    Object.assign(window, { death });
    const watching = setInterval(() => {
      const scene = window.starwake.scene();
      const head = document.querySelector(".kill-replay-head")?.textContent ?? "";
      if (head !== "") {
        if (death.head === "") death.viewer = scene?.ships.find(({ isOwn }) => isOwn)?.name;
        death.head = head;
        dispatchEvent(new KeyboardEvent("keydown", { code: "KeyX", key: "x" }));
      } else if (death.head !== "" && scene?.own.state === "dead") {
        death.secondsLeft = Math.max(death.secondsLeft, scene.own.respawnInSeconds);
        death.isSkipped = death.secondsLeft > leftByItself;
      }
      if (death.isSkipped) clearInterval(watching);
    }, 15);
  }, LEFT_BY_ITSELF);
  return () => page.evaluate(() => (window as unknown as { death: Death }).death);
}

test("a death is shown again from the killer's ship, a key skips it, and then the ship flies again", async () => {
  const { ace, bee, beeId } = await startDuel();
  const death = await skipReplay(bee);
  await ace.fireAt(beeId, async () => (await death()).isSkipped);
  expect(await death()).toMatchObject({ head: expect.stringMatching(/Kill replay: Ace.*pulse/), viewer: "Ace" });
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
