/**
 * The interface: menus and HUD in the page, over the canvas, driven by one plain state.
 *
 * `show` may be called in every frame. What changes in every frame goes to the instruments at once; the component tree
 * is rendered only when something else changed, and in a match at most ten times a second.
 *
 * Next: match-screen.tsx, menu-screen.tsx, overlays.tsx.
 */

import { render } from "preact";
import { listenToHudKeys, NO_PANELS, type Panels } from "./hud-keys.ts";
import { InstrumentPanel } from "./instruments.ts";
import type { InterfaceActions, InterfaceState, MatchInstruments } from "./interface-state.ts";
import { MatchScreen, toggleFullScreen } from "./match-screen.tsx";
import { MenuScreen } from "./menu-screen.tsx";
import { ConnectingOverlay, DeathOverlay, ReconnectingOverlay, RefusedOverlay } from "./overlays.tsx";
import { looksSame } from "./state-change.ts";
import { createTouchControls, type TouchValues } from "./touch-controls.ts";

const MATCH_RENDER_INTERVAL_MS = 100;

export type Interface = {
  show(state: InterfaceState): void;
  /** What the thumbs hold now. */
  touch(): TouchValues;
  /** Whether the menu lies over the match: then keys and mouse should not fly the ship. */
  isMenuOpen(): boolean;
  close(): void;
};

export function mountInterface(root: HTMLElement, actions: InterfaceActions): Interface {
  const instruments = new InstrumentPanel();
  const controls = createTouchControls();
  let panels = NO_PANELS;
  let shown: InterfaceState | undefined;
  let newest: InterfaceState | undefined;
  let renderedMs = 0;

  const renderNow = (): void => {
    if (newest === undefined) return;
    shown = newest;
    renderedMs = performance.now();
    render(<Screen state={newest} {...{ actions, instruments, controls, panels, setPanels }} />, root);
  };
  const setPanels = (change: Partial<Panels>): void => {
    panels = { ...panels, ...change };
    renderNow();
  };
  const matchNow = (): MatchInstruments | undefined => (newest === undefined ? undefined : matchOf(newest));

  const letGoOfKeys = listenToHudKeys({
    isInMatch: () => matchNow() !== undefined,
    panels: () => panels,
    setPanels,
    toggleMuted: () => actions.setMuted(matchNow()?.isMuted === false),
    toggleFullScreen,
  });

  return {
    show(state) {
      const nowMs = performance.now();
      const match = matchOf(state);
      newest = state;
      root.dataset.state = state.state;
      if (match === undefined) panels = NO_PANELS;
      else instruments.read(match, nowMs);
      if (shown !== undefined && looksSame(shown, state)) return;
      const isNewKind = shown?.state !== state.state;
      if (isNewKind || match === undefined || nowMs - renderedMs >= MATCH_RENDER_INTERVAL_MS) renderNow();
    },
    touch: () => controls.values,
    isMenuOpen: () => panels.isMenuOpen,
    close() {
      letGoOfKeys();
      render(null, root);
    },
  };
}

function matchOf(state: InterfaceState): MatchInstruments | undefined {
  return state.state === "playing" || state.state === "dead" ? state.match : undefined;
}

type ScreenProps = {
  state: InterfaceState;
  actions: InterfaceActions;
  instruments: InstrumentPanel;
  controls: ReturnType<typeof createTouchControls>;
  panels: Panels;
  setPanels: (change: Partial<Panels>) => void;
};

function Screen({ state, ...tools }: ScreenProps) {
  switch (state.state) {
    case "menu":
      return <MenuScreen menu={state} actions={tools.actions} />;
    case "connecting":
      return <ConnectingOverlay connecting={state} actions={tools.actions} />;
    case "playing":
    case "dead":
      // One shape for both, so that a death does not take a held stick from under the thumb.
      return (
        <>
          <MatchScreen match={state.match} {...tools} />
          {state.state === "dead" && <DeathOverlay dead={state} />}
        </>
      );
    case "reconnecting":
      return <ReconnectingOverlay reconnecting={state} actions={tools.actions} />;
    case "refused":
      return <RefusedOverlay refused={state} actions={tools.actions} />;
  }
}
