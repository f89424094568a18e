/**
 * Overlays: death, waiting for a connection or a replay, and refusals.
 *
 * Next: refusals.ts, which has the words.
 */

import type { Refusal } from "@starwake/shared/engine/protocol.ts";
import type { Trouble } from "../reach.ts";
import { Icon } from "./icons.tsx";
import type { InterfaceActions, InterfaceState } from "./interface-state.ts";
import { KillReplayFrame } from "./kill-replay-frame.tsx";
import { REFUSALS } from "./refusals.ts";
import { TROUBLES } from "./troubles.ts";

export function DeathOverlay({
  dead,
  actions,
}: {
  dead: InterfaceState & { state: "dead" };
  actions: InterfaceActions;
}) {
  if (dead.killReplay.state === "playing") return <KillReplayFrame replay={dead.killReplay} actions={actions} />;
  const seconds = Math.ceil(dead.respawnInSeconds);
  return (
    <div class="overlay overlay-death" role="status">
      <p class="death-line">{dead.killerName === undefined ? "You burst" : "Destroyed by"}</p>
      {dead.killerName !== undefined && (
        <p class="death-name" dir="auto">
          {dead.killerName}
        </p>
      )}
      <p class="death-count">{seconds > 0 ? `Back in ${seconds}` : "Here you go"}</p>
      {dead.killReplay.state === "offered" && (
        <button type="button" class="button button-small" onClick={actions.watchKillReplay}>
          <Icon name="play" /> Kill replay
        </button>
      )}
    </div>
  );
}

type Connecting = InterfaceState & { state: "connecting" };

/** What the server said that passes: the page asks again by itself, and whoever would rather not wait goes back. */
function WaitingOverlay({ waitsFor, actions }: { waitsFor: Refusal; actions: InterfaceActions }) {
  const { title, text } = REFUSALS[waitsFor];
  return (
    <div class="overlay overlay-dim">
      <div class="panel dialog" role="status">
        <Spinner />
        <h2>{title}</h2>
        <p>{text}</p>
        <p class="detail">Still asking. You need not reload.</p>
        <button type="button" class="button button-small" onClick={actions.leave}>
          Back to the menu
        </button>
      </div>
    </div>
  );
}

export function ConnectingOverlay({ connecting, actions }: { connecting: Connecting; actions: InterfaceActions }) {
  if (connecting.waitsFor !== undefined) return <WaitingOverlay waitsFor={connecting.waitsFor} actions={actions} />;
  return (
    <div class="overlay">
      <div class="panel dialog" role="status">
        <Spinner />
        <h2>{titleOf(connecting)}</h2>
        {connecting.trouble !== undefined ? (
          <TroubleText trouble={connecting.trouble} />
        ) : (
          connecting.isSlow && <p>The server does not answer yet. Still trying.</p>
        )}
        <button type="button" class="button button-small" onClick={actions.leave}>
          Cancel
        </button>
      </div>
    </div>
  );
}

function TroubleText({ trouble }: { trouble: Trouble }) {
  const { text, help } = TROUBLES[trouble];
  return (
    <>
      <p>{text}</p>
      <p class="detail">{help} Still trying.</p>
    </>
  );
}

function titleOf({ isLoading, roomCode }: Connecting): string {
  if (isLoading) return "Loading the game";
  return roomCode === undefined ? "Finding a battle" : `Joining ${roomCode}`;
}

type Reconnecting = InterfaceState & { state: "reconnecting" };

export function ReconnectingOverlay({
  reconnecting,
  actions,
}: {
  reconnecting: Reconnecting;
  actions: InterfaceActions;
}) {
  if (reconnecting.waitsFor !== undefined) return <WaitingOverlay waitsFor={reconnecting.waitsFor} actions={actions} />;
  const seconds = Math.ceil(reconnecting.heldForSeconds);
  return (
    <div class="overlay overlay-dim">
      <div class="panel dialog" role="status">
        <Spinner />
        <h2>{reconnecting.isServerClosing ? "The server closes" : "Connection lost"}</h2>
        <p>{waitingFor(reconnecting, seconds)}</p>
        {reconnecting.trouble !== undefined && <TroubleText trouble={reconnecting.trouble} />}
        <button type="button" class="button button-small" onClick={actions.leave}>
          Leave
        </button>
      </div>
    </div>
  );
}

function waitingFor({ isServerClosing }: Reconnecting, seconds: number): string {
  if (isServerClosing) return "You play on as soon as it is back.";
  return seconds > 0 ? `Reconnecting. Your ship is held for ${seconds} s.` : "Reconnecting.";
}

type Refused = InterfaceState & { state: "refused" };

export function RefusedOverlay({ refused, actions }: { refused: Refused; actions: InterfaceActions }) {
  const { title, text, button } = REFUSALS[refused.reason];
  const press = (): void => {
    actions.clicked();
    if (button === "reload") actions.reload();
    else actions.leave();
  };
  return (
    <div class="overlay">
      <div class="panel dialog" role="alert">
        <h2>{title}</h2>
        <p>{text}</p>
        {refused.detail !== undefined && <p class="detail">{refused.detail}</p>}
        <button type="button" class="button button-main" onClick={press}>
          {button === "reload" ? "Reload" : "Back to the menu"}
        </button>
      </div>
    </div>
  );
}

function Spinner() {
  return (
    <svg class="spinner" viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="19" />
      <path d="M24 5a19 19 0 0 1 19 19" />
    </svg>
  );
}

export function OpeningOverlay({ actions }: { actions: InterfaceActions }) {
  return (
    <div class="overlay">
      <div class="panel dialog" role="status">
        <Spinner />
        <h2>Opening the replay</h2>
        <button type="button" class="button button-small" onClick={actions.leave}>
          Cancel
        </button>
      </div>
    </div>
  );
}

export function UnreadableOverlay({ problem, actions }: { problem: string; actions: InterfaceActions }) {
  const press = (): void => {
    actions.clicked();
    actions.leave();
  };
  return (
    <div class="overlay">
      <div class="panel dialog" role="alert">
        <h2>This replay cannot be shown</h2>
        <p>{problem}</p>
        <button type="button" class="button button-main" onClick={press}>
          Back to the menu
        </button>
      </div>
    </div>
  );
}
