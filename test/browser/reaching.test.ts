/** The page wherever it lies, and whatever stands between it and its server: it plays, or says why it does not. */
import { describe, expect, test } from "vitest";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
import type { GamePage } from "../support/game-page.ts";
import { startFaultyProxy, startStaticHost } from "../support/page-hosts.ts";
import { programOf, startProxy } from "../support/proxies.ts";
import { startServer } from "../support/server-process.ts";

const openPage = shareBrowser();
const ORIGIN = (port: number) => `http://127.0.0.1:${port}`;

/** Presses Play, and waits until the page says this. */
async function isTold({ page }: GamePage, url: string, text: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByText(text).waitFor();
  // It says so, and tries on.
  await page.getByText("Still trying.").waitFor();
}

test.skipIf(programOf("nginx-below-path") === undefined)(
  "below a path behind nginx a match is played, a private room has its link there, and a friend comes by it",
  async () => {
    const server = await startServer([...duelOptions(), "--trusted-proxy", "127.0.0.1"]);
    const port = await startProxy("nginx-below-path", server.port);
    const [ace, bee] = [await openPage(), await openPage()];
    await ace.enter(`${ORIGIN(port)}/games/starwake`, "Ace", "Private room");
    const link = ace.page.url();
    expect(link).toMatch(new RegExp(`^${ORIGIN(port)}/games/starwake/r/[A-Z0-9]{6}$`));
    await bee.enter(link, "Bee", /^Join room/);
    await expect.poll(() => ace.shipNamed("Bee")).toBeDefined();
    expect(await bee.page.locator('meta[property="og:url"]').getAttribute("content")).toBe(link);
    await ace.page.reload();
    await ace.reaches("playing");
  },
);

describe("a page on another host", () => {
  test("plays on the server that its address names, if that allows it, and keeps what it knows of it apart", async () => {
    const host = await startStaticHost();
    const allowed = [...duelOptions(), "--allow-origin", ORIGIN(host)];
    const [one, two] = [await startServer(allowed), await startServer(allowed)];
    const game = await openPage();
    await game.enter(`${ORIGIN(host)}/?server=127.0.0.1:${one.port}`, "Ace", "Play");
    await game.page.reload();
    await game.reaches("playing");
    await game.page.goto(`${ORIGIN(host)}/?server=127.0.0.1:${two.port}`);
    await game.reaches("menu");
    expect(await game.page.getByLabel("Pilot name").inputValue()).toBe("");
    await game.enter(`${ORIGIN(host)}/?server=ws%3A%2F%2F127.0.0.1:${two.port}%2F`, "Bee", "Private room");
    expect(game.page.url()).toMatch(/#room=[A-Z0-9]{6}$/);
    const link = await game.page.getByRole("button", { name: "Copy link" }).getAttribute("title");
    expect(link).toMatch(new RegExp(`^${two.url}/r/[A-Z0-9]{6}$`));
  });

  test("is told when it names no server, and when there is none at all", async () => {
    const host = await startStaticHost();
    const game = await openPage();
    await isTold(game, ORIGIN(host), "There is no game server at this address.");
    await game.page.goto(`${ORIGIN(host)}/?server=%20`);
    await game.page.getByText("names its server by what is no address").waitFor();
  });

  test("is told when the server does not take its players", async () => {
    const host = await startStaticHost();
    const server = await startServer(duelOptions());
    const game = await openPage();
    const url = `${ORIGIN(host)}/?server=127.0.0.1:${server.port}`;
    await isTold(game, url, "The server does not take players from this page's address.");
  });

  test("may have the page in a frame, where it is played, if the server allows it, and not otherwise", async () => {
    const pages: Record<string, string> = {};
    const host = await startStaticHost(pages);
    const frame = (url: string) =>
      `<iframe src="${url}" allow="gamepad; fullscreen" width="620" height="340"></iframe>`;
    const open = await startServer([...duelOptions(), "--allow-origin", ORIGIN(host)]);
    const shut = await startServer(duelOptions());
    Object.assign(pages, { "/open": frame(open.url), "/shut": frame(shut.url) });
    const { page } = await openPage();
    await page.goto(`${ORIGIN(host)}/open`);
    const inFrame = page.frameLocator("iframe");
    await inFrame.getByRole("button", { name: "Play", exact: true }).click();
    await inFrame.locator('html[data-state="playing"]').waitFor();
    await page.goto(`${ORIGIN(host)}/shut`);
    await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
  });
});

test("a page of a server that may talk to no other says so", async () => {
  const [own, other] = [await startServer(duelOptions()), await startServer(duelOptions())];
  const game = await openPage();
  await isTold(game, `${own.url}/?server=127.0.0.1:${other.port}`, "This page may talk to no server but its own.");
});

describe("behind a proxy", () => {
  test("that changes the Host, the page says whose page the server does not know, and the host's log what was compared", async () => {
    const server = await startServer(duelOptions());
    const port = await startFaultyProxy(server.port, { host: "backend.internal" });
    await isTold(await openPage(), ORIGIN(port), "The server does not take players from this page's address.");
    await expect.poll(() => server.output()).toMatch(/backend\.internal/);
    expect(server.output()).toContain(ORIGIN(port));
  });

  test("that changes the Host and says so, a trusted one, the page plays", async () => {
    const server = await startServer([...duelOptions(), "--trusted-proxy", "127.0.0.1"]);
    const port = await startFaultyProxy(server.port, { host: "backend.internal", tellsHost: true });
    const game = await openPage();
    await game.enter(ORIGIN(port), "Ace", "Play");
  });

  test.each(["refused", "unanswered"] as const)(
    "where upgrades are %s, the page says that WebSockets do not get through",
    async (upgrades) => {
      const server = await startServer(duelOptions());
      const port = await startFaultyProxy(server.port, { upgrades });
      await isTold(await openPage(), ORIGIN(port), "WebSockets do not get through to it.");
    },
  );
});

test("a server that is gone is told of as such, and play goes on when it is back", async () => {
  const server = await startServer(duelOptions());
  const game = await openPage();
  await game.page.goto(server.url);
  await game.reaches("menu");
  await game.page.waitForLoadState("networkidle");
  await server.end("SIGKILL");
  await game.page.getByRole("button", { name: "Play", exact: true }).click();
  await game.page.getByText("The server does not answer.").waitFor();
  await startServer(duelOptions(), server.port);
  await game.reaches("playing");
});
