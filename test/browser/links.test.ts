/** Links to rooms, as people pass them on and open them; and the address, which never leads back to what was left. */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { describe, expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
import type { GamePage } from "../support/game-page.ts";
import { recordMatch } from "../support/recorded-match.ts";
import { replayBytes } from "../support/replay-bytes.ts";
import { startServer } from "../support/server-process.ts";

const game = starwake as GameDefinition;
const protocol = protocolHash(game);
const openPage = shareBrowser();

const codeIn = (url: string) => /\/r\/([A-Z0-9]+)$/.exec(url)?.[1];
const room = ({ page }: GamePage) => page.locator(".room-code b").textContent();
/** Opens a link in a tab that has the page already. */
const follow = ({ page }: GamePage, link: string) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, link);
const button = ({ page }: GamePage, name: string) => page.getByRole("button", { name, exact: true });

/** Somebody in a private room of theirs. */
async function openRoom() {
  const server = await startServer(duelOptions());
  const ace = await openPage();
  await ace.enter(server.url, "Ace", "Private room");
  return { server, ace, code: codeIn(ace.page.url())! };
}

test("a private room is in the address while it is played in, and a public one is not", async () => {
  const { server, ace, code } = await openRoom();
  expect(code).toBe(await room(ace));
  const bee = await openPage();
  await bee.enter(server.url, "Bee", "Play");
  expect(bee.page.url()).toBe(`${server.url}/`);
});

describe("a link", () => {
  test("leads to its room, however it is written", async () => {
    const { server, ace, code } = await openRoom();
    const bee = await openPage();
    const halves = `${code.slice(0, 3)}-${code.slice(3)}`;
    const written = [`/r/${code}`, `/r/${halves.toLowerCase()}.`, `/#room=${code}`, `/%23room=${code})`];
    for (const path of written) {
      await bee.page.goto("about:blank");
      await bee.page.goto(`${server.url}${path}`);
      await button(bee, `Join room ${code}`).waitFor();
    }
    await bee.enter(`${server.url}/?room=${code}&utm_source=chat`, "Bee", `Join room ${code}`);
    await expect.poll(() => ace.shipNamed("Bee")).toBeDefined();
    expect(bee.page.url()).toBe(`${server.url}/r/${code}?utm_source=chat`);
  });

  test("tells in the page's title where it leads", async () => {
    const { server, code } = await openRoom();
    const bee = await openPage();
    await bee.page.goto(`${server.url}/r/${code}`);
    expect(await bee.page.title()).toBe(`Room ${code} · Starwake`);
  });

  test("that is damaged says so, and anybody can be played with all the same", async () => {
    const { url } = await startServer(duelOptions());
    const game = await openPage();
    for (const path of ["/r/AB", "/#room=", "/?room=%C3%84BCDEF"]) {
      await game.page.goto("about:blank");
      await game.page.goto(`${url}${path}`);
      await game.page.getByText("This link is damaged").waitFor();
    }
    await button(game, "Play").click();
    await game.reaches("playing");
    expect(game.page.url()).toBe(`${url}/`);
  });

  test("leaves quick play one press away", async () => {
    const { server, code } = await openRoom();
    const bee = await openPage();
    await bee.enter(`${server.url}/r/${code}`, "Bee", "Play with anyone");
    expect(await room(bee)).not.toBe(code);
    expect(bee.page.url()).toBe(`${server.url}/`);
  });

  test("to a room that is full leads back to a menu without it", async () => {
    const server = await startServer(["--seed", "1", "--pilots", "0", "--capacity", "1"]);
    const ace = await openPage();
    await ace.enter(server.url, "Ace", "Private room");
    const bee = await openPage();
    await bee.page.goto(ace.page.url());
    await bee.page.getByRole("button", { name: /^Join room/ }).click();
    await bee.page.getByRole("heading", { name: "This room is full" }).waitFor();
    await button(bee, "Back to the menu").click();
    await button(bee, "Play").click();
    await bee.reaches("playing");
  });

  test("typed in or pasted as people write it is understood; nonsense is told of, and changes nothing", async () => {
    const { server, code } = await openRoom();
    const bee = await openPage();
    await bee.page.goto(`${server.url}/r/OTHERS`);
    const field = bee.page.getByLabel("Room code");
    await field.fill("a-b");
    await button(bee, "Join").click();
    await bee.page.getByText("A room's code has 4 to 12 letters and digits").waitFor();
    // The link that led here is still good.
    await button(bee, "Join room OTHERS").waitFor();
    expect(codeIn(bee.page.url())).toBe("OTHERS");
    await field.fill(`Play with us: ${server.url}/r/${code.slice(0, 3).toLowerCase()}-${code.slice(3)}`);
    await button(bee, "Join").click();
    await bee.reaches("playing");
    expect(await room(bee)).toBe(code);
  });
});

test("a room that was left is not in the address, and a reload does not lead back to it", async () => {
  const { server, ace } = await openRoom();
  await ace.page.keyboard.press("Escape");
  await button(ace, "Leave the room").click();
  await ace.reaches("menu");
  expect(ace.page.url()).toBe(`${server.url}/`);
  await ace.page.reload();
  await button(ace, "Play").waitFor();
});

describe("another room's link in a tab that plays", () => {
  const openOther = async () => {
    const { server, ace, code } = await openRoom();
    const bee = await openPage();
    await bee.enter(server.url, "Bee", "Private room");
    return { server, ace, code, bee, other: codeIn(bee.page.url())! };
  };

  test("asks, and leads there when it is followed", async () => {
    const { ace, bee, code } = await openOther();
    await follow(bee, `room=${code.toLowerCase()}`);
    await bee.page.getByRole("dialog", { name: "Another room" }).waitFor();
    await button(bee, `Go to room ${code}`).click();
    await expect.poll(() => ace.shipNamed("Bee")).toBeDefined();
    expect(codeIn(bee.page.url())).toBe(code);
  });

  test("asks, and leaves all as it was when it is declined", async () => {
    const { bee, code, other } = await openOther();
    const own = (await bee.own())!;
    await follow(bee, `room=${code}`);
    await button(bee, "Stay here").click();
    await bee.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(codeIn(bee.page.url())).toBe(other);
    await bee.page.reload();
    await bee.reaches("playing");
    expect([await room(bee), (await bee.own())?.id]).toEqual([other, own.id]);
  });

  test("asks, and is answered by keyboard: Tab goes through the answers, Escape stays", async () => {
    const { bee, code, other } = await openOther();
    const focused = () => bee.page.evaluate(() => document.activeElement?.textContent);
    const dialog = bee.page.getByRole("dialog", { name: "Another room" });
    for (let times = 0; times < 2; times++) {
      await follow(bee, `room=${code}`);
      await dialog.waitFor();
      expect(await focused()).toBe(`Go to room ${code}`);
      await bee.page.keyboard.press("Tab");
      expect(await focused()).toBe("Stay here");
      await bee.page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect([await room(bee), codeIn(bee.page.url())]).toEqual([other, other]);
    }
    await bee.page.keyboard.press("Escape");
    await bee.page.getByRole("dialog", { name: "Menu" }).waitFor();
    await bee.page.keyboard.press("Escape");
    await bee.page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("that is damaged is said to be, and the address stays the room's", async () => {
    const { bee, other } = await openOther();
    await follow(bee, "room=");
    await bee.page.getByText("That link is damaged").waitFor();
    expect([await room(bee), codeIn(bee.page.url())]).toEqual([other, other]);
  });

  test("is followed at once while it waits for a room, also back to the room that it left", async () => {
    const server = await startServer(["--seed", "1", "--pilots", "0", "--capacity", "1"]);
    const [ace, bee] = [await openPage(), await openPage()];
    await ace.enter(server.url, "Ace", "Private room");
    await bee.enter(server.url, "Bee", "Private room");
    const [full, left] = [codeIn(ace.page.url())!, codeIn(bee.page.url())!];
    await follow(bee, `room=${full}`);
    await button(bee, `Go to room ${full}`).click();
    await bee.page.getByRole("heading", { name: "This room is full" }).waitFor();
    expect(await bee.page.evaluate(() => sessionStorage.getItem("starwake.seat"))).toBe("");
    for (const code of [left, "OTHERS"]) {
      await follow(bee, `room=${code}`);
      await bee.reaches("playing");
      expect([await room(bee), codeIn(bee.page.url())]).toEqual([code, code]);
      await follow(bee, `room=${full}`);
      await button(bee, `Go to room ${full}`).click();
      await bee.page.getByRole("heading", { name: "This room is full" }).waitFor();
    }
  });

  test("is followed by a tab that shows a replay", async () => {
    const server = await startServer(duelOptions());
    const viewer = await openPage();
    const recorded = recordMatch({ ticks: 60, pilots: 2, seed: 7 });
    const body = Buffer.from(replayBytes(game, { ...recorded, head: { ...recorded.head, protocol } }));
    await viewer.page.route("**/match.replay", (route) => route.fulfill({ body }));
    await viewer.page.goto(`${server.url}/#replay=/match.replay`);
    await viewer.page.locator('html[data-state="replay"]').waitFor();
    await follow(viewer, "room=OTHERS");
    await button(viewer, "Join room OTHERS").waitFor();
  });

  test("that is loaded in it beats the seat that the tab had", async () => {
    const { server, bee, code } = await openOther();
    await bee.page.goto(`${server.url}/r/${code}`);
    await button(bee, `Join room ${code}`).waitFor();
  });
});

test("the way back leads out of a match to the menu over it, and from the menu out of the page", async () => {
  const game = await openPage();
  const { url } = await startServer(duelOptions());
  await game.page.goto("about:blank");
  await game.enter(url, "Ace", "Private room");
  const address = game.page.url();
  await game.page.evaluate(() => history.back());
  await game.page.getByRole("dialog", { name: "Menu" }).waitFor();
  expect(game.page.url()).toBe(address);
  await button(game, "Back to the battle").click();
  await game.page.evaluate(() => history.back());
  await button(game, "Leave the room").click();
  await game.reaches("menu");
  // The answer of a page that is left is lost with it.
  const goBack = () => game.page.evaluate(() => history.back()).catch(() => undefined);
  await goBack();
  await goBack();
  await expect.poll(() => game.page.url()).toBe("about:blank");
});

test("the way back out of a match that is not on the screen leads to the menu", async () => {
  const game = await openPage();
  const server = await startServer(duelOptions());
  await game.enter(server.url, "Ace", "Private room");
  await server.end("SIGKILL");
  await game.reaches("reconnecting");
  await game.page.evaluate(() => history.back());
  await game.reaches("menu");
  expect(game.page.url()).toBe(`${server.url}/`);
});

test("a name that is written from right to left turns no line round", async () => {
  const server = await startServer(duelOptions());
  const [ace, bee] = [await openPage(), await openPage()];
  await ace.enter(server.url, "می رود 7", "Private room");
  await bee.enter(ace.page.url(), "Bee", /^Join room/);
  await bee.page.keyboard.down("Tab");
  const row = bee.page.locator("tr", { hasText: "می رود 7" });
  await row.waitFor();
  const lefts = (line: typeof row) =>
    line.locator("td, th").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
  const latin = bee.page.locator("tr.own");
  expect(await lefts(row)).toEqual(await lefts(latin));
  // The number of a place, a name and its mark stand in this order from the left.
  const isInOrder = await row.evaluate((line) => {
    const places = [...line.querySelectorAll("td:first-child, .pilot i, .pilot-name")].map(
      (part) => part.getBoundingClientRect().left,
    );
    return places.every((left, index) => index === 0 || left >= places[index - 1]);
  });
  expect(isInOrder).toBe(true);
});
