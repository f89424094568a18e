/** The game as people play it: real pages, a real server, and what goes wrong between them. */
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { freePort } from "../support/free-port.ts";
import { shareBrowser } from "../support/game-browser.ts";
import { distanceBetween } from "../support/game-page.ts";
import { runServerToItsEnd, startServer } from "../support/server-process.ts";
import { seatStillPlayer } from "../support/still-player.ts";

/** Of the map, in units: there is way to it from everywhere. */
const MIDDLE = { x: 640, y: 640 };

const openPage = shareBrowser();

/** The keys that a page tells with its joins, as it tells them. */
function keysToldBy(page: Page): (string | undefined)[] {
  const keys: (string | undefined)[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      // It rides with the hello.
      if (typeof payload === "string" && payload.includes('"join":')) keys.push(/"key":"([^"]*)"/.exec(payload)?.[1]);
    }),
  );
  return keys;
}

/** A server on whose first room a target sits still, and a page that plays there. */
async function startDuel() {
  const server = await startServer(duelOptions());
  const target = await seatStillPlayer(server.url, "Target");
  const ace = await openPage();
  await ace.enter(server.url, "Ace", "Play");
  const own = (await ace.own())!;
  return { server, target, ace, own };
}

test("from the menu a player plays, flies, shoots and hits", async () => {
  const { target, ace, own } = await startDuel();
  expect(target.names().get(own.id)).toBe("Ace");
  const start = target.ship(own.id)!;
  await expect.poll(() => ace.ship(target.player)).toBeDefined();
  // Each is seen at some moment: on a slow machine the target may be dead, or well again, when the next one is looked for.
  const seen = { shot: false, hit: false, hurt: false };
  await ace.fireAt(target.player, async () => {
    seen.shot ||= (await ace.scene())!.shots.some(({ isOwn }) => isOwn);
    seen.hit ||= target.own().health < 100;
    seen.hurt ||= ((await ace.ship(target.player))?.health ?? 1) < 1;
    return seen.shot && seen.hit && seen.hurt;
  });

  // Afterwards: on a slow machine it flies so far that a rock may lie between the two.
  await ace.flyTowards(MIDDLE, () => {
    const now = target.ship(own.id);
    return now !== undefined && distanceBetween(start, now) > 60 * QUANTA_PER_UNIT;
  });
  expect(distanceBetween(own, (await ace.own())!)).toBeGreaterThan(40);
});

test("a name that is not taken is told beside its field, and play goes on when it is mended", async () => {
  const server = await startServer(duelOptions());
  const ace = await openPage();
  await ace.page.goto(server.url);
  const field = ace.page.getByLabel("Pilot name");
  const problem = ace.page.getByText("Letter 3, U+3164, cannot be seen.");
  await field.fill("Ac\u3164e");
  await problem.waitFor();
  // The server says the same: it is asked, and its word brings the menu back.
  await ace.page.getByRole("button", { name: "Play", exact: true }).click();
  await ace.reaches("menu");
  await problem.waitFor();
  expect(await field.inputValue()).toBe("Ac\u3164e");
  await field.fill("می\u200cرود");
  await problem.waitFor({ state: "detached" });
  await ace.page.getByRole("button", { name: "Play", exact: true }).click();
  await ace.reaches("playing");
  await expect.poll(async () => (await ace.own())?.name).toBe("می\u200cرود");
});

test("two browsers in one private room see each other, and a hit lowers the health that both see", async () => {
  const server = await startServer(duelOptions());
  const [ace, bee] = [await openPage(), await openPage()];
  await ace.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await ace.enter(server.url, "Ace", "Private room");
  await ace.page.getByRole("button", { name: "Copy link" }).click();
  await ace.page.getByText("Copied").waitFor();
  const link = await ace.page.evaluate(() => navigator.clipboard.readText());
  const code = /^http:\/\/127\.0\.0\.1:\d+\/r\/(\w+)$/.exec(link)?.[1];
  expect(code).toBeDefined();

  await bee.enter(link, "Bee", `Join room ${code}`);
  await expect.poll(() => ace.shipNamed("Bee")).toBeDefined();
  await expect.poll(() => bee.shipNamed("Ace")).toBeDefined();
  const beeId = (await bee.own())!.id;
  const aceBefore = (await bee.shipNamed("Ace"))!;
  const [byAce, byBee] = [await ace.watchHealth(beeId), await bee.watchHealth(beeId)];
  // A hit and no more: who is killed comes back elsewhere, behind a rock perhaps. Health does not mend at once.
  await ace.fireAt(beeId, async () => (await byBee()).inHud.some((health) => health < 1));
  const seenByBoth = async () => {
    const shown = await byBee();
    return (await byAce()).inScene.some((health) => health < 1 && shown.inHud.includes(health));
  };
  await expect.poll(seenByBoth).toBe(true);
  // Afterwards: on a slow machine it flies so far that a rock may lie between the two.
  await ace.flyTowards(MIDDLE, async () => {
    const now = await bee.shipNamed("Ace");
    return now !== undefined && distanceBetween(aceBefore, now) > 40;
  });
});

test("a reload in the middle of a match returns to the same ship, place and score", async () => {
  const { target, ace, own } = await startDuel();
  await ace.fireAt(target.player, async () => (await ace.shownScore()) === "100");
  const room = await ace.page.locator(".room-code").textContent();
  const before = (await ace.own())!;

  await ace.page.reload();
  await ace.reaches("playing");
  await expect.poll(() => ace.own()).toBeDefined();
  await expect.poll(() => ace.shownScore()).toBe("100");
  const after = (await ace.own())!;
  expect(after.id).toBe(own.id);
  expect(distanceBetween(before, after)).toBeLessThan(5);
  expect(await ace.page.locator(".room-code").textContent()).toBe(room);
  expect([...target.names().values()].sort()).toEqual(["Ace", "Target"]);
});

test("a browser joins under one secret of its own, from another tab too", async () => {
  const server = await startServer(duelOptions());
  const ace = await openPage();
  const keys: (string | undefined)[] = [];
  const join = async (page: Page) => {
    const told = keysToldBy(page);
    await page.goto(server.url);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(() => told.length).toBeGreaterThan(0);
    await page.close();
    keys.push(...told);
  };
  await join(ace.page);
  await join(await ace.context.newPage());
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(keys).size).toBe(1);
});

test("a killed server shows that the page reconnects, and play goes on when it is back", async () => {
  const server = await startServer(duelOptions(), await freePort());
  const ace = await openPage();
  await ace.enter(server.url, "Ace", "Play");
  await server.end("SIGKILL");
  await ace.reaches("reconnecting");
  await ace.page.getByText("Connection lost").waitFor();

  await startServer(duelOptions(), server.port);
  await ace.reaches("playing");
  const start = (await ace.own())!;
  await ace.flyTowards(MIDDLE, async () => distanceBetween(start, (await ace.own()) ?? start) > 40);
});

test("a server that is told to end tells the players, and exits with 0", async () => {
  const server = await startServer(duelOptions());
  const ace = await openPage();
  await ace.enter(server.url, "Ace", "Play");
  const [code] = await Promise.all([
    server.end("SIGTERM"),
    ace.page.getByText("The server closed", { exact: true }).waitFor(),
  ]);
  expect(code).toBe(0);
  await ace.reaches("reconnecting");
});

test("a page of another version is refused, and its button reloads it", async () => {
  const server = await startServer(duelOptions());
  const ace = await openPage();
  let isOld = true;
  await ace.page.routeWebSocket(/\/socket\.io\//, (socket) => {
    const upstream = socket.connectToServer();
    socket.onMessage((message) =>
      upstream.send(isOld && typeof message === "string" ? message.replace(/("protocol":")\w+/, "$1old") : message),
    );
  });
  await ace.page.goto(server.url);
  await ace.page.getByRole("button", { name: "Play", exact: true }).click();
  await ace.reaches("refused");
  await ace.page.getByText("A newer Starwake is here").waitFor();

  isOld = false;
  await Promise.all([
    ace.page.waitForEvent("load"),
    ace.page.getByRole("button", { name: "Reload", exact: true }).click(),
  ]);
  await ace.reaches("menu");
  await ace.page.getByRole("button", { name: "Play", exact: true }).click();
  await ace.reaches("playing");
});

test("a port in use is a one-line error and exit code 1", async () => {
  const { port } = await startServer(duelOptions());
  const { code, errors, output } = await runServerToItsEnd(["--port", `${port}`]);
  expect(code).toBe(1);
  expect(errors.trimEnd()).toBe(`port ${port} is in use: end what listens there, or choose another with --port`);
  expect(output).toBe("");
});
