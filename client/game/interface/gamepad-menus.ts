/**
 * Gamepads in menus: direction pad or left stick move the focus, A presses what has it, B takes a dialog away, Start opens
 * and closes the menu over a match, and Y shows a kill again or no more. While a ship flies, all but Start is the ship's.
 *
 * Next: mount-interface.tsx.
 */
import { Gamepads } from "@starwake/client/engine/gamepads.ts";
import { GamepadSteps, type GamepadUse, type Step } from "./gamepad-steps.ts";
import { shownModal } from "./modal.tsx";

export type GamepadMenuActions = {
  use(): GamepadUse;
  openMenu(): void;
};

/** No file is chosen by gamepad: browsers open that dialog for mouse and keyboard alone. */
const PRESSABLE = "button:enabled, input:enabled:not([type=file]), a[href]";

/** Gives the function that lets go of them. */
export function listenToGamepads(actions: GamepadMenuActions): () => void {
  const gamepads = new Gamepads(navigator);
  const steps = new GamepadSteps();
  const listening = new AbortController();
  let polling: number | undefined;
  const poll = (): void => {
    const nowMs = performance.now();
    const states = gamepads.read(nowMs);
    // Whoever plugs one in, or presses a button of one for the first time, is told of.
    polling = states.length === 0 ? undefined : requestAnimationFrame(poll);
    for (const step of steps.take(states, nowMs)) takeStep(step, actions);
  };
  const connected = (): void => {
    polling ??= requestAnimationFrame(poll);
  };
  const another = (): void => showFocusFor("another");
  addEventListener("gamepadconnected", connected, { signal: listening.signal });
  for (const name of ["keydown", "pointerdown"] as const)
    addEventListener(name, another, { signal: listening.signal, capture: true });
  connected();
  return () => {
    listening.abort();
    if (polling !== undefined) cancelAnimationFrame(polling);
  };
}

function takeStep(step: Step, { use, openMenu }: GamepadMenuActions): void {
  const modal = shownModal();
  const isMenus = modal !== undefined || use() === "menus";
  if (step === "menu") {
    if (modal !== undefined) takeAway(modal);
    else openMenu();
  } else if (!isMenus) {
    // Over a death there is one button at most: to see it again, or to see no more of it.
    if (use() === "dead" && step === "replay")
      document.querySelector<HTMLElement>(".overlay-death button, .kill-replay button")?.click();
  } else {
    showFocusFor("gamepad");
    if (step === "press") press();
    else if (step === "up" || step === "left") moveFocus(-1);
    else if (step === "down" || step === "right") moveFocus(1);
    else if (step === "back" && modal !== undefined) takeAway(modal);
  }
}

/** As Escape does. */
function takeAway(modal: HTMLDialogElement): void {
  modal.dispatchEvent(new Event("cancel", { cancelable: true }));
}

/** Presses what has the focus, and a form from its fields; with the focus nowhere, it is the main button's first. */
function press(): void {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !pressable().includes(focused)) moveFocus(0);
  else if (focused instanceof HTMLInputElement) focused.form?.requestSubmit();
  else focused.click();
}

function moveFocus(way: -1 | 0 | 1): void {
  const all = pressable();
  const at = all.indexOf(document.activeElement as HTMLElement);
  const main = Math.max(
    0,
    all.findIndex(({ classList }) => classList.contains("button-main")),
  );
  all.at(at === -1 ? main : (at + way) % all.length)?.focus();
}

function pressable(): HTMLElement[] {
  const all = (shownModal() ?? document).querySelectorAll<HTMLElement>(PRESSABLE);
  return Array.from(all).filter((one) => one.tabIndex >= 0 && one.getClientRects().length > 0);
}

/** Browsers show where the focus is to whom they take for a keyboard's user. */
function showFocusFor(device: "gamepad" | "another"): void {
  document.documentElement.dataset.device = device;
}
