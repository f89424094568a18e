/** Gamepads in a page that have no hardware: what a test says that they hold. */
import type { Page } from "playwright-core";

export type MadeGamepad = {
  readonly axes?: readonly number[];
  /** Numbers of the buttons that are down. */
  readonly down?: readonly number[];
  readonly mapping?: "standard" | "";
};

/** To be called before the page is opened. @returns what changes all gamepads of the page */
export async function giveGamepads(
  page: Page,
  first: readonly (MadeGamepad | null)[],
): Promise<(pads: readonly (MadeGamepad | null)[]) => Promise<void>> {
  await page.addInitScript((pads) => {
    const made = { pads };
    Object.assign(window, { madeGamepads: made });
    const whole = (pad: MadeGamepad | null, index: number) =>
      pad && {
        index,
        id: `Made ${index}`,
        connected: true,
        mapping: pad.mapping ?? "standard",
        axes: pad.axes ?? [0, 0, 0, 0],
        buttons: Array.from({ length: 17 }, (_, button) => {
          const pressed = pad.down?.includes(button) ?? false;
          return { pressed, touched: pressed, value: pressed ? 1 : 0 };
        }),
      };
    navigator.getGamepads = () => made.pads.map(whole) as unknown as Gamepad[];
  }, first);
  return (pads) =>
    page.evaluate((next) => {
      (window as unknown as { madeGamepads: { pads: typeof next } }).madeGamepads.pads = next;
    }, pads);
}
