/**
 * The keys of the HUD: scores while Tab is held, net graph, menu, mute, full screen. The keys that fly the ship belong
 * to the device input, not here.
 *
 * Next: mount-interface.tsx.
 */

import { isModalShown } from "./modal.tsx";

/** What the player has opened over the match. */
export type Panels = {
  readonly isScoreboardOpen: boolean;
  readonly isNetGraphOpen: boolean;
  readonly isMenuOpen: boolean;
};

export const NO_PANELS: Panels = { isScoreboardOpen: false, isNetGraphOpen: false, isMenuOpen: false };

export type HudKeyActions = {
  /** Whether a match is on the screen: only then the keys mean anything. */
  isInMatch(): boolean;
  panels(): Panels;
  setPanels(change: Partial<Panels>): void;
  toggleMuted(): void;
  toggleFullScreen(): void;
};

/** Gives the function that lets go of the keys. */
export function listenToHudKeys(actions: HudKeyActions): () => void {
  const down = (event: KeyboardEvent): void => {
    if (!actions.isInMatch() || isTyping(event)) return;
    if (pressKey(actions, event)) event.preventDefault();
  };
  const up = (event: KeyboardEvent): void => {
    if (event.code === "Tab" && actions.isInMatch()) actions.setPanels({ isScoreboardOpen: false });
  };
  const blur = (): void => {
    if (actions.isInMatch()) actions.setPanels({ isScoreboardOpen: false });
  };
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", blur);
  return () => {
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
    removeEventListener("blur", blur);
  };
}

/** Whether the key was one of ours, so that the browser does nothing else with it. */
function pressKey(actions: HudKeyActions, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const panels = actions.panels();
  const isFirst = !event.repeat;
  // A dialog's own keys: the browser moves the focus inside it, and closes it. The press that opened it does not.
  if (event.code === "Tab" && isModalShown()) return false;
  if (event.code === "Escape" && isModalShown()) return !isFirst;
  switch (event.code) {
    case "Tab":
      if (isFirst) actions.setPanels({ isScoreboardOpen: true });
      return true;
    case "F3":
      if (isFirst) actions.setPanels({ isNetGraphOpen: !panels.isNetGraphOpen });
      return true;
    case "Escape":
      if (isFirst) actions.setPanels({ isMenuOpen: true });
      return true;
    case "KeyM":
      if (isFirst) actions.toggleMuted();
      return true;
    case "KeyF":
      if (isFirst) actions.toggleFullScreen();
      return true;
    default:
      return false;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLInputElement;
}
