/**
 * The HUD of a running match: places the instruments, and keeps what the player opened (scores, net graph, menu).
 *
 * Next: overlays.tsx.
 */

import { toggleFullScreen } from "./full-screen.ts";
import type { Panels } from "./hud-keys.ts";
import type { InstrumentSource } from "./instruments.ts";
import type { InterfaceActions, MatchInstruments } from "./interface-state.ts";
import { Invitation } from "./invitation.tsx";
import { KillFeed } from "./kill-feed.tsx";
import { LeaveMenu } from "./leave-menu.tsx";
import { Minimap } from "./minimap.tsx";
import { NetGraph } from "./net-graph.tsx";
import { RoomBadge } from "./room-badge.tsx";
import { Score } from "./score.tsx";
import { Scoreboard } from "./scoreboard.tsx";
import { StatusBars } from "./status-bars.tsx";
import { Tool } from "./tool.tsx";
import type { TouchControls } from "./touch-controls.ts";
import { TouchPad } from "./touch-pad.tsx";

export type MatchScreenProps = {
  match: MatchInstruments;
  actions: InterfaceActions;
  instruments: InstrumentSource<MatchInstruments>;
  controls: TouchControls;
  /** Whether there is a screen to touch. */
  hasTouch: boolean;
  panels: Panels;
  setPanels: (change: Partial<Panels>) => void;
};

export function MatchScreen(props: MatchScreenProps) {
  const { match, actions, instruments, controls, hasTouch, panels, setPanels } = props;
  return (
    <div class="hud">
      <div class="corner corner-top-left">
        <Score standings={match.standings} />
        {panels.isNetGraphOpen && <NetGraph panel={instruments} />}
      </div>
      <div class="corner corner-top-right">
        <KillFeed kills={match.kills} />
      </div>
      {match.notice !== undefined && (
        <p class="match-notice" role="status">
          {match.notice}
        </p>
      )}
      <StatusBars panel={instruments} />
      <Minimap panel={instruments} />
      <div class="corner corner-bottom-left">
        <RoomBadge room={match.room} onClick={actions.clicked} />
        <Tools {...props} />
      </div>
      {hasTouch && <TouchPad controls={controls} />}
      {panels.isScoreboardOpen && (
        <Scoreboard standings={match.standings} onClose={() => setPanels({ isScoreboardOpen: false })} />
      )}
      {match.invitation !== undefined && <Invitation code={match.invitation} actions={actions} />}
      {panels.isMenuOpen && match.invitation === undefined && (
        <LeaveMenu
          hasKillReplays={match.hasKillReplays}
          actions={actions}
          onClose={() => setPanels({ isMenuOpen: false })}
        />
      )}
    </div>
  );
}

function Tools({ match, actions, panels, setPanels }: MatchScreenProps) {
  return (
    <div class="tools" role="toolbar" aria-label="Tools">
      <Tool icon="menu" label="Menu (Esc)" onClick={() => setPanels({ isMenuOpen: true })} actions={actions} />
      <Tool
        icon="scores"
        label="Scores (Tab)"
        onClick={() => setPanels({ isScoreboardOpen: !panels.isScoreboardOpen })}
        actions={actions}
      />
      <Tool
        icon={match.isMuted ? "muted" : "sound"}
        label={match.isMuted ? "Sound on (M)" : "Mute (M)"}
        onClick={() => actions.setMuted(!match.isMuted)}
        actions={actions}
      />
      <Tool icon="fullScreen" label="Full screen (F)" onClick={toggleFullScreen} actions={actions} />
    </div>
  );
}
