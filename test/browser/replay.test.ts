/** Replays in the page: every way to open one, and what its buttons and keys do. */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
import type { GamePage } from "../support/game-page.ts";
import { recordMatch } from "../support/recorded-match.ts";
import { replayBytes } from "../support/replay-bytes.ts";
import { startServer } from "../support/server-process.ts";

const SECONDS = 30;
const PLAYERS = 6;
const game = starwake as GameDefinition;

const recorded = recordMatch({ ticks: SECONDS * 60, pilots: PLAYERS, seed: 7 });
const head = { ...recorded.head, protocol: protocolHash(game) };
const BYTES = Buffer.from(replayBytes(game, { ...recorded, head }));
const FILE = { name: "match.replay", mimeType: "application/octet-stream", buffer: BYTES };

const openPage = shareBrowser();

/** A page with the menu of a server. */
async function openMenu() {
  const server = await startServer(duelOptions());
  const viewer = await openPage();
  await viewer.page.goto(server.url);
  await viewer.reaches("menu");
  return { viewer, url: server.url };
}

/** A page whose server has these bytes at /match.replay. */
async function openAddress(bytes: Buffer, address = "/match.replay") {
  const server = await startServer(duelOptions());
  const viewer = await openPage();
  await viewer.page.route("**/match.replay", (route) => route.fulfill({ body: bytes }));
  await viewer.page.goto(`${server.url}/#replay=${encodeURIComponent(address)}`);
  return viewer;
}

const choose = ({ page }: GamePage, file: typeof FILE) => page.getByLabel("Watch a replay").setInputFiles(file);

/** Waits until the replay is drawn. */
async function isShown(viewer: GamePage): Promise<void> {
  await viewer.page.locator('html[data-state="replay"]').waitFor();
  await expect.poll(async () => (await viewer.scene())?.ships.length).toBeGreaterThan(0);
}

/** Where the time line says it is, in seconds. */
const playedSeconds = async ({ page }: GamePage) =>
  Number(await page.getByRole("slider", { name: "Time line" }).getAttribute("aria-valuenow"));

const passFrames = ({ page }: GamePage, count: number) =>
  page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
  }, count);

const places = async (viewer: GamePage) => (await viewer.scene())!.ships.map(({ x, y }) => [x, y]);
const ownName = async (viewer: GamePage) => (await viewer.own())?.name;

test("a chosen file plays, pauses, jumps, changes speed and player, and is left for the menu", async () => {
  const { viewer } = await openMenu();
  const { keyboard } = viewer.page;
  await choose(viewer, FILE);
  await isShown(viewer);
  await expect.poll(() => playedSeconds(viewer)).toBeGreaterThan(0);

  await keyboard.press("Space");
  await viewer.page.getByRole("button", { name: "Play (Space)" }).waitFor();
  const still = await places(viewer);
  await passFrames(viewer, 6);
  expect(await places(viewer)).toEqual(still);
  await keyboard.press("Period");
  await expect.poll(() => places(viewer)).not.toEqual(still);
  await keyboard.press("Comma");
  await expect.poll(() => places(viewer)).not.toEqual(still);

  await keyboard.press("End");
  await expect.poll(() => playedSeconds(viewer)).toBe(SECONDS);
  await keyboard.press("ArrowLeft");
  await expect.poll(() => playedSeconds(viewer)).toBe(SECONDS - 5);
  const line = (await viewer.page.locator(".time-line").boundingBox())!;
  await viewer.page.mouse.click(line.x + line.width / 3, line.y + line.height / 2);
  await expect.poll(() => playedSeconds(viewer)).toBe(SECONDS / 3);

  expect(await ownName(viewer)).toBe("Pilot 1");
  await keyboard.press("Tab");
  await expect.poll(() => ownName(viewer)).toBe("Pilot 2");
  await viewer.page.getByRole("button", { name: "Pilot 2" }).click();
  await viewer.page.getByRole("button", { name: "Pilot 4", exact: true }).click();
  await expect.poll(() => ownName(viewer)).toBe("Pilot 4");
  await keyboard.press("f");
  await viewer.page.getByText("Free camera").waitFor();
  const { camera } = (await viewer.scene())!;
  await viewer.page.mouse.move(300, 100);
  await viewer.page.mouse.down();
  await viewer.page.mouse.move(200, 60);
  await viewer.page.mouse.up();
  await expect.poll(async () => (await viewer.scene())!.camera.x).toBeGreaterThan(camera.x + 100);

  await keyboard.press("ArrowUp");
  await viewer.page.getByText("2×", { exact: true }).waitFor();
  await keyboard.press("Escape");
  await viewer.reaches("menu");
  await viewer.page.locator("canvas").waitFor({ state: "detached" });
});

test("a file dropped on the page opens, with a hint while it is dragged", async () => {
  const { viewer } = await openMenu();
  const drag = (type: string) =>
    viewer.page.evaluate(
      ([type, text]) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], "match.replay"));
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      },
      [type, BYTES.toString("base64")] as const,
    );
  await drag("dragenter");
  await viewer.page.getByText("Drop a replay to watch it").waitFor();
  await drag("drop");
  await isShown(viewer);
  expect(await viewer.page.locator(".drop-hint").count()).toBe(0);
});

test("an address opens it; the menu that follows stays the menu after a reload", async () => {
  const viewer = await openAddress(BYTES);
  await isShown(viewer);
  await viewer.page.keyboard.press("Escape");
  await viewer.reaches("menu");
  await viewer.page.reload();
  await viewer.reaches("menu");
});

test("a recording that was cut short plays up to there, and says so", async () => {
  const viewer = await openAddress(BYTES.subarray(0, BYTES.length / 2));
  await isShown(viewer);
  await viewer.page.getByText("This recording was cut short").waitFor();
  await viewer.page.keyboard.press("End");
  await expect.poll(() => playedSeconds(viewer)).toBeGreaterThan(SECONDS / 4);
  expect(await playedSeconds(viewer)).toBeLessThan(SECONDS);
});

test.for([
  ["/nothing.replay", "There is no replay at /nothing.replay (the server said 404)."],
  ["https://example.com/match.replay", "Only replays of this site can be opened by their address."],
])("the address %s is refused in words", async ([address, words]) => {
  const viewer = await openAddress(BYTES, address);
  await viewer.page.getByText(words).waitFor();
  await viewer.page.getByRole("button", { name: "Back to the menu" }).click();
  await viewer.reaches("menu");
});

test("a file that is no replay is refused in words, and another one can be chosen", async () => {
  const { viewer } = await openMenu();
  await choose(viewer, { ...FILE, buffer: Buffer.from("Dear diary") });
  await viewer.page.getByText("This is not a replay file.").waitFor();
  await viewer.page.getByRole("button", { name: "Back to the menu" }).click();
  await choose(viewer, FILE);
  await isShown(viewer);
});
