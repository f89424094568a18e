/**
 * The game's page in a browser, played as a person does: by its buttons, the keyboard and the mouse, and seen by what
 * it shows. Where ships are drawn is read from the newest scene.
 */
import { fitScale } from "@starwake/shared/game/sight.ts";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import type { Scene, ShipView } from "../../client/game/scene.ts";

/** Small, since software draws it. */
const VIEWPORT = { width: 640, height: 360 };
/** What the page does not show by then it never will: as long as a poll waits. */
const HANGING_MS = 240_000;
/** The mouse is put so far from the own ship: the direction is all that counts. */
const AIM_PIXELS = 90;

type State = "menu" | "connecting" | "playing" | "dead" | "reconnecting" | "refused";
type HealthSeen = { readonly inScene: readonly number[]; readonly inHud: readonly number[] };
type Place = { readonly x: number; readonly y: number };

export class GamePage {
  readonly page: Page;
  readonly context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** An empty page of a browser that remembers nothing, closed with the test. Errors of the page fail the test. */
  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<GamePage> {
    const context = await browser.newContext({ viewport: VIEWPORT, ...options });
    const page = await context.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    page.setDefaultTimeout(HANGING_MS);
    onTestFinished(async () => {
      await context.close();
      expect(errors).toEqual([]);
    });
    return new GamePage(context, page);
  }

  /** From the menu into a match. @param button the name of the one to press */
  async enter(url: string, name: string, button: string | RegExp): Promise<void> {
    await this.page.goto(url);
    await this.reaches("menu");
    await this.page.getByLabel("Pilot name").fill(name);
    await this.page.getByRole("button", { name: button, exact: true }).click();
    await this.reaches("playing");
    await expect.poll(() => this.own()).toBeDefined();
  }

  /** Waits until the page's root element says that this is where the player is. */
  async reaches(state: State): Promise<void> {
    await this.page.locator(`html[data-state="${state}"]`).waitFor();
  }

  scene(): Promise<Scene | undefined> {
    return this.page.evaluate(() => window.starwake.scene());
  }

  async ship(id: number): Promise<ShipView | undefined> {
    return (await this.scene())?.ships.find((ship) => ship.id === id);
  }

  async shipNamed(name: string): Promise<ShipView | undefined> {
    return (await this.scene())?.ships.find((ship) => ship.name === name);
  }

  async own(): Promise<ShipView | undefined> {
    return (await this.scene())?.ships.find((ship) => ship.isOwn);
  }

  /**
   * From now on the page itself writes down every health of a ship that its scene and its HUD have: it comes back, so that two
   * looks from outside may find it the same in neither page.
   */
  async watchHealth(id: number): Promise<() => Promise<HealthSeen>> {
    await this.page.evaluate((ship) => {
      const [inScene, inHud] = [new Set<number>(), new Set<number>()];
      setInterval(() => {
        const health = window.starwake.scene()?.ships.find((one) => one.id === ship)?.health;
        if (health !== undefined) inScene.add(health);
        const bars = document.querySelector(".bars");
        if (bars !== null) inHud.add(Number(getComputedStyle(bars).getPropertyValue("--health")));
        Object.assign(window, { healthSeen: { inScene: [...inScene], inHud: [...inHud] } });
      }, 15);
    }, id);
    return () =>
      this.page.evaluate(() => (window as { healthSeen?: HealthSeen }).healthSeen ?? { inScene: [], inHud: [] });
  }

  async shownScore(): Promise<string | null> {
    return this.page.locator(".score-value").textContent();
  }

  /** Points the mouse from the own ship towards a place in the world. */
  async aimAt(target: Place): Promise<void> {
    const scene = await this.scene();
    const own = scene?.ships.find((ship) => ship.isOwn);
    if (scene === undefined || own === undefined) return;
    const scale = fitScale(VIEWPORT.width, VIEWPORT.height);
    const angle = Math.atan2(target.y - own.y, target.x - own.x);
    const x = VIEWPORT.width / 2 + (own.x - scene.camera.x) * scale + Math.cos(angle) * AIM_PIXELS;
    const y = VIEWPORT.height / 2 + (own.y - scene.camera.y) * scale + Math.sin(angle) * AIM_PIXELS;
    await this.page.mouse.move(x, y);
  }

  /** Holds the keys that lead towards a place until `isThere` says so. */
  async flyTowards(target: Place, isThere: () => boolean | Promise<boolean>): Promise<void> {
    const own = await this.own();
    if (own === undefined) throw new Error("who is dead does not fly");
    const [dx, dy] = [target.x - own.x, target.y - own.y];
    const keys = [
      ...(Math.abs(dx) > Math.abs(dy) / 2 ? [dx > 0 ? "KeyD" : "KeyA"] : []),
      ...(Math.abs(dy) > Math.abs(dx) / 2 ? [dy > 0 ? "KeyS" : "KeyW"] : []),
    ];
    for (const key of keys) await this.page.keyboard.down(key);
    await expect.poll(isThere, { interval: 50 }).toBe(true);
    for (const key of keys) await this.page.keyboard.up(key);
  }

  /** Keeps the gun on another's ship until `isDone`, firing; the ship may be out of sight meanwhile. */
  async fireAt(id: number, isDone: () => boolean | Promise<boolean>): Promise<void> {
    const aim = async () => {
      const target = await this.ship(id);
      if (target !== undefined) await this.aimAt(target);
    };
    await aim();
    await this.page.mouse.down();
    await expect
      .poll(
        async () => {
          await aim();
          return isDone();
        },
        { interval: 50 },
      )
      .toBe(true);
    await this.page.mouse.up();
  }
}

export function distanceBetween(one: Place, other: Place): number {
  return Math.hypot(other.x - one.x, other.y - one.y);
}
