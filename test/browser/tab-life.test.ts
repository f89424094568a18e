/** What happens to a tab while it plays: play goes on, or the page says what is wrong and what to do. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { recordSockets } from "../support/cut-sockets.ts";
import { duelOptions } from "../support/duel.ts";
import { shareBrowser } from "../support/game-browser.ts";
import type { GamePage } from "../support/game-page.ts";
import { startServer } from "../support/server-process.ts";

const openPage = shareBrowser();
const UP = 270;

async function enter(game: GamePage, address = ""): Promise<string> {
  const { url } = await startServer(duelOptions());
  await game.enter(`${url}${address}`, "Ace", "Play");
  return url;
}

/** Waits until a key flies the own ship. */
async function flies(game: GamePage): Promise<void> {
  await game.page.keyboard.down("KeyW");
  await expect.poll(async () => degrees((await game.own())?.thrust)).toBe(UP);
  await game.page.keyboard.up("KeyW");
  await expect.poll(async () => degrees((await game.own())?.thrust)).toBeUndefined();
}

function degrees(radians: number | undefined): number | undefined {
  return radians === undefined ? undefined : (Math.round((radians * 180) / Math.PI) + 360) % 360;
}

/** Has the page's window do what it does not do by itself; `made.on` says when. */
const makeFault = (page: Page, isOn: boolean) => page.evaluate((on) => Object.assign(window, { isFaultOn: on }), isOn);

describe("a tab that is duplicated", () => {
  test("leaves the first one playing, shows the menu, and says why", async () => {
    const game = await openPage();
    await enter(game);
    const own = (await game.own())!;
    const [copy] = await Promise.all([
      game.page.waitForEvent("popup"),
      game.page.evaluate(() => {
        window.open(location.href);
      }),
    ]);
    await copy.getByText("You are playing in another tab.").waitFor();
    expect(await copy.locator("html").getAttribute("data-state")).toBe("menu");
    await game.page.bringToFront();
    await flies(game);
    expect((await game.own())?.id).toBe(own.id);
  });
});

test("a reload while another tab's lock is in doubt shows the way back, and who cancels it stays in the menu", async () => {
  const game = await openPage();
  await game.page.addInitScript(() => {
    // The seat's lock is held by a tab that does not answer: a frozen one.
    let freeAnswers = 0;
    const { token } = JSON.parse(sessionStorage.getItem("starwake.seat") || "{}") as { token?: string };
    navigator.locks.query = async () => {
      if ((window as { isFaultOn?: boolean }).isFaultOn) return { held: [{ name: `starwake.seat ${token}` }] };
      freeAnswers++;
      return { held: [] };
    };
    Object.assign(window, { isFaultOn: true, freeAnswers: () => freeAnswers });
  });
  await enter(game);
  await game.page.reload();
  await game.reaches("connecting");
  await game.page.getByRole("button", { name: "Cancel", exact: true }).click();
  await game.reaches("menu");
  await makeFault(game.page, false);
  await expect
    .poll(() => game.page.evaluate(() => (window as unknown as { freeAnswers(): number }).freeAnswers()))
    .toBe(1);
  await game.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(await game.page.locator("html").getAttribute("data-state")).toBe("menu");
});

test("what a tab keeps of its seat is renewed while it plays: a crash says no goodbye", async () => {
  const game = await openPage();
  await enter(game);
  const keptMs = () =>
    game.page.evaluate(() => (JSON.parse(sessionStorage.getItem("starwake.seat") ?? "{}") as { atMs?: number }).atMs);
  const firstMs = (await keptMs())!;
  await expect.poll(keptMs).toBeGreaterThan(firstMs);
});

test("without animation frames the server is answered all the same, and play goes on when they are back", async () => {
  const game = await openPage();
  const sockets = await recordSockets(game.page);
  await game.page.addInitScript(() => {
    const real = window.requestAnimationFrame.bind(window);
    const waiting: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (callback) => {
      if (!(window as { isFaultOn?: boolean }).isFaultOn) return real(callback);
      return waiting.push(callback);
    };
    Object.assign(window, { paintAgain: () => waiting.splice(0).map((callback) => real(callback)) });
  });
  await enter(game);
  await makeFault(game.page, true);
  const { sent } = await sockets.counts();
  await expect.poll(async () => (await sockets.counts()).sent).toBeGreaterThan(sent + 20);
  await makeFault(game.page, false);
  await game.page.evaluate(() => (window as unknown as { paintAgain(): void }).paintAgain());
  await flies(game);
});

describe("frames that throw", () => {
  /** Asked for in each frame. */
  const throwAtWidth = () => {
    Object.defineProperty(window, "innerWidth", {
      get: () => {
        if ((window as { isFaultOn?: boolean }).isFaultOn) throw new Error("made");
        return document.documentElement.clientWidth;
      },
    });
  };

  test("do not end those after them", async () => {
    const game = await openPage();
    await game.page.addInitScript(throwAtWidth);
    await enter(game);
    await makeFault(game.page, true);
    await game.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await makeFault(game.page, false);
    await flies(game);
  });

  test("and never stop are told of, with a way out", async () => {
    const game = await openPage();
    await game.page.addInitScript(throwAtWidth);
    await enter(game);
    await makeFault(game.page, true);
    await game.page.getByRole("heading", { name: "The picture broke" }).waitFor();
    await Promise.all([
      game.page.waitForEvent("load"),
      game.page.getByRole("button", { name: "Reload", exact: true }).click(),
    ]);
    await game.reaches("playing");
  });
});

describe("a graphics card that is taken away", () => {
  const CARD_LOST = "The graphics card was taken from this page.";
  type Lossy = HTMLCanvasElement & { taker?: WEBGL_lose_context };
  const takeCard = (page: Page) =>
    page.evaluate(() => {
      const canvas = document.querySelector<Lossy>("#game canvas")!;
      const card = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
      canvas.taker = card!.getExtension("WEBGL_lose_context")!;
      canvas.taker.loseContext();
      Object.assign(window, { lostCanvas: canvas });
    });
  const isSameCanvas = (page: Page) =>
    page.evaluate(() => document.querySelector("canvas") === (window as { lostCanvas?: Element }).lostCanvas);

  test("is told of while it lasts, and when it is given back the picture is, too", async () => {
    const game = await openPage();
    await enter(game);
    await takeCard(game.page);
    await game.page.getByText(CARD_LOST).waitFor();
    await game.page.evaluate(() => document.querySelector<Lossy>("#game canvas")!.taker!.restoreContext());
    await game.page.getByText(CARD_LOST).waitFor({ state: "detached" });
    await flies(game);
  });

  test("for good is asked for anew", async () => {
    const game = await openPage();
    await enter(game);
    await takeCard(game.page);
    await game.page.getByText(CARD_LOST).waitFor();
    await game.page.getByText(CARD_LOST).waitFor({ state: "detached" });
    await expect.poll(() => isSameCanvas(game.page)).toBe(false);
    await flies(game);
  });

  test("and not given again is said", async () => {
    const game = await openPage();
    await enter(game);
    await takeCard(game.page);
    await game.page.evaluate(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await game.page.getByRole("heading", { name: "The graphics card is gone" }).waitFor();
  });
});

test("a picture that cannot be made is told of, and leaves no canvas behind", async () => {
  const game = await openPage();
  await game.page.addInitScript(() => {
    CanvasRenderingContext2D.prototype.createRadialGradient = () => {
      throw new Error("made");
    };
  });
  const { url } = await startServer(duelOptions());
  await game.page.goto(url);
  await game.page.getByRole("button", { name: "Play", exact: true }).click();
  await game.page.getByRole("heading", { name: "The picture broke" }).waitFor();
  await game.page.locator("#game canvas").waitFor({ state: "detached" });
});

test("another density of the screen is drawn at, as often as it changes", async () => {
  const game = await openPage();
  await enter(game, "/?quality=best");
  const session = await game.context.newCDPSession(game.page);
  const width = () => game.page.evaluate(() => document.querySelector("canvas")!.width);
  const before = await width();
  for (const deviceScaleFactor of [2, 1.5, 1]) {
    await session.send("Emulation.setDeviceMetricsOverride", {
      width: 640,
      height: 360,
      deviceScaleFactor,
      mobile: false,
    });
    await expect.poll(width).toBe(before * deviceScaleFactor);
  }
});

describe("sound", () => {
  const recordSound = (page: Page) =>
    page.addInitScript(() => {
      const contexts: AudioContext[] = [];
      Object.assign(window, { madeContexts: contexts });
      window.AudioContext = class extends AudioContext {
        constructor(...told: ConstructorParameters<typeof AudioContext>) {
          super(...told);
          contexts.push(this);
        }
      };
    });
  type Sounding = Window & { madeContexts: AudioContext[] };
  const states = (page: Page) =>
    page.evaluate(() => (window as unknown as Sounding).madeContexts.map(({ state }) => state));

  test("that was interrupted goes on with the next gesture, and a device that is gone is replaced", async () => {
    const game = await openPage();
    await recordSound(game.page);
    await enter(game);
    await expect.poll(() => states(game.page)).toEqual(["running"]);
    await game.page.evaluate(() => (window as unknown as Sounding).madeContexts[0].suspend());
    expect(await states(game.page)).toEqual(["suspended"]);
    await game.page.mouse.click(300, 100);
    await expect.poll(() => states(game.page)).toEqual(["running"]);
    await game.page.evaluate(() => (window as unknown as Sounding).madeContexts[0].close());
    await game.page.keyboard.press("KeyJ");
    await expect.poll(() => states(game.page)).toEqual(["closed", "running"]);
  });
});

describe("a part of the page that does not come", () => {
  const PART = /phaser-match/;

  test("at first is asked for again", async () => {
    const game = await openPage();
    let times = 0;
    await game.page.route(PART, (route) => (times++ < 2 ? route.abort() : route.continue()));
    await enter(game);
    await flies(game);
  });

  test("at all is told of, and a reload is the way out", async () => {
    const game = await openPage();
    const { url } = await startServer(duelOptions());
    await game.page.route(PART, (route) => route.fulfill({ status: 404 }));
    await game.page.goto(url);
    await game.page.getByRole("button", { name: "Play", exact: true }).click();
    await game.page.getByRole("heading", { name: "Not all of it came" }).waitFor();
    await game.page.unroute(PART);
    await Promise.all([
      game.page.waitForEvent("load"),
      game.page.getByRole("button", { name: "Reload", exact: true }).click(),
    ]);
    await game.reaches("menu");
    await game.page.getByRole("button", { name: "Play", exact: true }).click();
    await game.reaches("playing");
  });

  test("yet takes no seat: nobody's ship waits for a download", async () => {
    const game = await openPage();
    const sockets = await recordSockets(game.page);
    const { url } = await startServer(duelOptions());
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await game.page.route(PART, async (route) => {
      await held;
      await route.continue();
    });
    await game.page.goto(url);
    await game.page.getByRole("button", { name: "Play", exact: true }).click();
    await game.page.getByRole("heading", { name: "Loading the game" }).waitFor();
    expect((await sockets.counts()).opened).toBe(0);
    letGo();
    await game.reaches("playing");
  });
});

test("a cut connection keeps the picture and the ship, however often", async () => {
  const game = await openPage();
  const sockets = await recordSockets(game.page);
  await enter(game);
  const own = (await game.own())!;
  const canvas = await game.page.locator("#game canvas").elementHandle();
  for (let times = 0; times < 5; times++) {
    const { opened } = await sockets.counts();
    await sockets.cut();
    await expect.poll(async () => (await sockets.counts()).opened).toBeGreaterThan(opened);
    await flies(game);
  }
  expect((await game.own())?.id).toBe(own.id);
  expect(await game.page.evaluate((one) => document.querySelector("canvas") === one, canvas)).toBe(true);
});

test("a clock that goes in steps of 100 ms moves the ship in every frame", async () => {
  const game = await openPage();
  await game.page.addInitScript(() => {
    const coarse = (ms: number) => Math.floor(ms / 100) * 100;
    const real = performance.now.bind(performance);
    performance.now = () => coarse(real());
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => frame((ms) => callback(coarse(ms)));
  });
  await enter(game);
  /** Of that many frames, those in which the own ship was elsewhere than in the one before. */
  const moved = (frames: number) =>
    game.page.evaluate(async (times) => {
      let count = 0;
      let before = Number.NaN;
      for (let frame = 0; frame < times; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const x = window.starwake.scene()?.ships.find(({ isOwn }) => isOwn)?.x ?? before;
        if (x !== before) count++;
        before = x;
      }
      return count;
    }, frames);
  // To and fro: at the border a ship stands still.
  let key = "KeyD";
  const flyOn = async () => {
    await game.page.keyboard.up(key);
    key = key === "KeyD" ? "KeyA" : "KeyD";
    await game.page.keyboard.down(key);
    return moved(20);
  };
  await expect.poll(flyOn).toBeGreaterThan(17);
  await game.page.keyboard.up(key);
});

test("a browser that denies storage plays, and so does one without URL.parse", async () => {
  const game = await openPage();
  await game.page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage", "BroadcastChannel"])
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException("denied", "SecurityError");
        },
      });
    Object.assign(URL, { parse: undefined });
  });
  const url = await enter(game);
  await flies(game);
  const other = await openPage();
  await other.page.addInitScript(() => Object.assign(URL, { parse: undefined }));
  await other.page.goto(`${url}/#replay=/recordings/none.starwake`);
  await other.page.getByText("There is no replay at /recordings/none.starwake").waitFor();
});
