/** The page while a limit of the server keeps its player out: says what it waits for, and comes in by itself. */
import { expect, onTestFinished, test } from "vitest";
import { Bot } from "../bots/bot.ts";
import { shareBrowser } from "../support/game-browser.ts";
import { startServer } from "../support/server-process.ts";

const openPage = shareBrowser();
const TICK_MS = 15;
/** Ends what hangs. */
const PATIENCE = {};

/** Somebody who plays from this machine's address, until told to leave. */
function openBot(url: string): Bot {
  const bot = new Bot({ url, name: "Early", room: { kind: "quick" }, seed: 1 });
  const updating = setInterval(() => bot.update(), TICK_MS);
  onTestFinished(() => {
    clearInterval(updating);
    bot.client.leave();
  });
  return bot;
}

test("who meets a limit that passes is told which, may go back to the menu, and comes in as soon as it has passed", {
  timeout: 300_000,
}, async () => {
  const { url } = await startServer(["--seed", "1", "--pilots", "0", "--max-seats-per-address", "1"]);
  const early = openBot(url);
  await expect.poll(() => early.match, PATIENCE).toBeDefined();
  const game = await openPage();
  const { page } = game;
  const play = async () => {
    await page.getByLabel("Pilot name").fill("Late");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("heading", { name: "Your network is full" }).waitFor();
  };
  await page.goto(url);
  await play();
  await page.getByRole("button", { name: "Back to the menu" }).click();
  await game.reaches("menu");
  await play();
  early.client.leave();
  await game.reaches("playing");
});
