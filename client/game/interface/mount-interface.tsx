/**
 * The interface: menus and HUD in the page, over the canvas, driven by one plain state.
 *
 * `show` may be called in every frame. What changes in every frame goes to the instruments at once; the component tree
 * is rendered only when something else changed, and in a match at most ten times a second.
 *
 * Next: match-screen.tsx, menu-screen.tsx, overlays.tsx.
 */

import { render } from "preact";
import { DropHint, listenToDrops } from "./drop-target.tsx";
import { toggleFullScreen } from "./full-screen.ts";
import { listenToGamepads } from "./gamepad-menus.ts";
import { gamepadUseIn } from "./gamepad-steps.ts";
import { listenToHudKeys, NO_PANELS, type Panels } from "./hud-keys.ts";
import { InstrumentPanel } from "./instruments.ts";
import type { InterfaceActions, InterfaceState, MatchInstruments, ReplayInstruments } from "./interface-state.ts";
import { MatchScreen } from "./match-screen.tsx";
import { MenuScreen } from "./menu-screen.tsx";
import { isModalShown } from "./modal.tsx";
import {
  ConnectingOverlay,
  DeathOverlay,
  OpeningOverlay,
  ReconnectingOverlay,
  RefusedOverlay,
  UnreadableOverlay,
} from "./overlays.tsx";
import { ReplayScreen } from "./replay-screen.tsx";
import { looksSame } from "./state-change.ts";
import { createTouchControls, isTouchDevice, listenToFirstTouch, type TouchValues } from "./touch-controls.ts";

const MATCH_RENDER_INTERVAL_MS = 100;

export type Interface = {
  show(state: InterfaceState): void;
  /** What the thumbs hold now. */
  touch(): TouchValues;
  /** Whether the menu, a question or another dialog lies over the match: then nothing should fly the ship. */
  isModalShown(): boolean;
  /** Whether a match is on the screen: on the way to one, or back to it, none is. */
  isMatchShown(): boolean;
  /** Opens the menu over the match. False: no match is shown. */
  openMenu(): boolean;
  close(): void;
};

export function mountInterface(root: HTMLElement, actions: InterfaceActions): Interface {
  const mounted = new MountedInterface(root, actions);
  return {
    show: (state) => mounted.show(state),
    touch: () => mounted.controls.values,
    isModalShown,
    isMatchShown: () => mounted.isMatchShown,
    openMenu: () => mounted.openMenu(),
    close: () => mounted.close(),
  };
}

class MountedInterface {
  readonly controls = createTouchControls();
  panels = NO_PANELS;
  readonly #root: HTMLElement;
  readonly #actions: InterfaceActions;
  readonly #instruments = new InstrumentPanel<MatchInstruments>();
  readonly #replayInstruments = new InstrumentPanel<ReplayInstruments>();
  readonly #letGo: readonly (() => void)[];
  #isFileOver = false;
  #hasTouch = isTouchDevice();
  /** What the component tree shows; older than #newest while a render waits. */
  #shown: InterfaceState | undefined;
  #newest: InterfaceState | undefined;
  #renderedMs = 0;

  constructor(root: HTMLElement, actions: InterfaceActions) {
    this.#root = root;
    this.#actions = actions;
    const letGoOfKeys = listenToHudKeys({
      isInMatch: () => this.#match() !== undefined,
      panels: () => this.panels,
      setPanels: this.#setPanels,
      toggleMuted: () => actions.setMuted(this.#match()?.isMuted === false),
      toggleFullScreen,
    });
    const letGoOfDrops = listenToDrops({
      dragged: (isOver) => this.#setFileOver(isOver),
      dropped: (file) => !this.#isSeated() && actions.openReplay(file),
    });
    const letGoOfTouch = listenToFirstTouch(() => {
      this.#hasTouch = true;
      if (this.#newest !== undefined) this.#render(this.#newest);
    });
    const letGoOfGamepads = listenToGamepads({
      use: () => gamepadUseIn(this.#newest?.state),
      openMenu: () => this.openMenu(),
    });
    this.#letGo = [letGoOfKeys, letGoOfDrops, letGoOfTouch, letGoOfGamepads];
  }

  show(state: InterfaceState): void {
    const nowMs = performance.now();
    this.#newest = state;
    const match = this.#match();
    if (match === undefined) this.panels = NO_PANELS;
    else this.#instruments.read(match, nowMs);
    if (state.state === "replay") this.#replayInstruments.read(state.replay, nowMs);
    if (this.#shown !== undefined && looksSame(this.#shown, state)) return;
    const isMoving = match !== undefined || state.state === "replay";
    const mayWait = isMoving && this.#shown?.state === state.state;
    if (!mayWait || nowMs - this.#renderedMs >= MATCH_RENDER_INTERVAL_MS) this.#render(state);
  }

  close(): void {
    for (const letGo of this.#letGo) letGo();
    render(null, this.#root);
  }

  #render(state: InterfaceState): void {
    this.#shown = state;
    this.#renderedMs = performance.now();
    this.#root.dataset.state = state.state;
    document.documentElement.dataset.state = state.state;
    const tools = {
      actions: this.#actions,
      instruments: this.#instruments,
      replayInstruments: this.#replayInstruments,
      controls: this.controls,
      hasTouch: this.#hasTouch,
      panels: this.panels,
      setPanels: this.#setPanels,
    };
    render(
      <>
        <Screen state={state} {...tools} />
        {this.#isFileOver && <DropHint isSeated={this.#isSeated()} />}
      </>,
      this.#root,
    );
  }

  get isMatchShown(): boolean {
    return this.#match() !== undefined;
  }

  openMenu(): boolean {
    if (!this.isMatchShown) return false;
    this.#setPanels({ isMenuOpen: true });
    return true;
  }

  #match(): MatchInstruments | undefined {
    return this.#newest === undefined ? undefined : matchOf(this.#newest);
  }

  /** In a match, or on the way back to it: no seat is lost by a drop. */
  #isSeated(): boolean {
    return this.#match() !== undefined || this.#newest?.state === "reconnecting";
  }

  #setFileOver(isOver: boolean): void {
    if (isOver === this.#isFileOver || this.#newest === undefined) return;
    this.#isFileOver = isOver;
    this.#render(this.#newest);
  }

  readonly #setPanels = (change: Partial<Panels>): void => {
    this.panels = { ...this.panels, ...change };
    if (this.#newest !== undefined) this.#render(this.#newest);
  };
}

function matchOf(state: InterfaceState): MatchInstruments | undefined {
  return state.state === "playing" || state.state === "dead" ? state.match : undefined;
}

type ScreenProps = {
  state: InterfaceState;
  actions: InterfaceActions;
  instruments: InstrumentPanel<MatchInstruments>;
  replayInstruments: InstrumentPanel<ReplayInstruments>;
  controls: ReturnType<typeof createTouchControls>;
  hasTouch: boolean;
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
          {state.state === "dead" && <DeathOverlay dead={state} actions={tools.actions} />}
        </>
      );
    case "reconnecting":
      return <ReconnectingOverlay reconnecting={state} actions={tools.actions} />;
    case "refused":
      return <RefusedOverlay refused={state} actions={tools.actions} />;
    case "opening":
      return <OpeningOverlay actions={tools.actions} />;
    case "unreadable":
      return <UnreadableOverlay problem={state.problem} actions={tools.actions} />;
    case "replay":
      return (
        <ReplayScreen
          replay={state.replay}
          controls={state.controls}
          panel={tools.replayInstruments}
          actions={tools.actions}
        />
      );
  }
}
