/**
 * The screen of a replay: the instruments of a match where they fit, and below them the time line and its buttons.
 *
 * Next: time-line.tsx, replay-keys.ts.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { toggleFullScreen } from "./full-screen.ts";
import { type InstrumentSource, useInstrument } from "./instruments.ts";
import {
  type InterfaceActions,
  REPLAY_SPEEDS,
  type ReplayControls,
  type ReplayInstruments,
} from "./interface-state.ts";
import { KillFeed } from "./kill-feed.tsx";
import { Minimap } from "./minimap.tsx";
import { listenToReplayKeys, speedBeside } from "./replay-keys.ts";
import { Scoreboard } from "./scoreboard.tsx";
import { StatusBars } from "./status-bars.tsx";
import { clock, TimeLine } from "./time-line.tsx";
import { Tool } from "./tool.tsx";

export type ReplayScreenProps = {
  replay: ReplayInstruments;
  controls: ReplayControls;
  panel: InstrumentSource<ReplayInstruments>;
  actions: InterfaceActions;
};

const JUMP_SECONDS = 5;

export function ReplayScreen({ replay, controls, panel, actions }: ReplayScreenProps) {
  const newest = useNewest(panel, replay);
  const [isListOpen, setListOpen] = useState(false);
  const goBack = useRef<() => void>(actions.leave);
  goBack.current = isListOpen ? () => setListOpen(false) : actions.leave;
  useEffect(() => {
    const keys = { controls, actions, goBack: () => goBack.current(), replay: () => newest.current };
    return listenToReplayKeys(keys);
  }, [controls, actions]);
  const parts = { replay, controls, panel, actions };
  return (
    <div class="hud replay">
      <div class="corner corner-top-left replay-title">
        <p class="replay-badge">Replay</p>
        <p>
          Room <b>{replay.room}</b>
          <small>
            {new Date(replay.startedAtMs).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}
          </small>
        </p>
      </div>
      <div class="corner corner-top-right">
        <KillFeed kills={replay.kills} />
      </div>
      {replay.notice !== undefined && (
        <p key={replay.notice} class="match-notice" role="status">
          {replay.notice}
        </p>
      )}
      <JumpNote panel={panel} />
      <Minimap panel={panel} />
      {replay.viewer !== undefined && <StatusBars panel={panel} />}
      <section class="replay-bar panel" aria-label="Replay controls">
        <TimeLine panel={panel} controls={controls} />
        <div class="replay-buttons">
          <PlayButtons {...parts} seconds={() => newest.current.playedSeconds} />
          <ViewButtons {...parts} isListOpen={isListOpen} toggleList={() => setListOpen(!isListOpen)} />
          <PageButtons {...parts} />
        </div>
      </section>
      {isListOpen && (
        <Scoreboard
          standings={replay.standings}
          onClose={() => setListOpen(false)}
          onPick={(player) => {
            actions.clicked();
            controls.follow(player);
            setListOpen(false);
          }}
        />
      )}
    </div>
  );
}

/** What is shown now, also between two renders. */
function useNewest(
  panel: InstrumentSource<ReplayInstruments>,
  replay: ReplayInstruments,
): { current: ReplayInstruments } {
  const newest = useRef(replay);
  useInstrument(panel, 0, (shown: ReplayInstruments) => {
    newest.current = shown;
  });
  return newest;
}

/** How far a jump that takes a while has come. */
function JumpNote({ panel }: { panel: InstrumentSource<ReplayInstruments> }) {
  const note = useRef<HTMLParagraphElement>(null);
  useInstrument(panel, 0, ({ jumpProgress }: ReplayInstruments) => {
    if (note.current === null) return;
    note.current.hidden = jumpProgress === undefined || jumpProgress === 1;
    if (jumpProgress !== undefined) note.current.textContent = `Running there: ${Math.floor(jumpProgress * 100)} %`;
  });
  return <p class="jump-note" ref={note} role="status" hidden />;
}

function PlayButtons(props: ReplayScreenProps & { seconds: () => number }) {
  const { replay, controls, panel, actions, seconds } = props;
  const label = replay.isPlaying ? "Pause (Space)" : "Play (Space)";
  return (
    <div class="replay-group">
      <Tool
        icon="back"
        label="Back 5 s (←)"
        onClick={() => controls.seek(seconds() - JUMP_SECONDS)}
        actions={actions}
      />
      <Tool
        icon={replay.isPlaying ? "pause" : "play"}
        label={label}
        onClick={controls.togglePlaying}
        actions={actions}
      />
      <Tool icon="ahead" label="On 5 s (→)" onClick={() => controls.seek(seconds() + JUMP_SECONDS)} actions={actions} />
      <Clock panel={panel} />
      <SpeedButtons {...props} />
    </div>
  );
}

function Clock({ panel }: { panel: InstrumentSource<ReplayInstruments> }) {
  const played = useRef<HTMLElement>(null);
  const length = useRef<HTMLElement>(null);
  useInstrument(panel, 100, ({ playedSeconds, lengthSeconds }: ReplayInstruments) => {
    setText(played.current, clock(playedSeconds));
    setText(length.current, clock(lengthSeconds));
  });
  return (
    <p class="replay-clock">
      <b ref={played} /> / <span ref={length} />
    </p>
  );
}

function setText(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function SpeedButtons({ replay, controls, actions }: ReplayScreenProps) {
  const step = (way: 1 | -1) => (): void => controls.setSpeed(speedBeside(replay.speed, way));
  return (
    <div class="replay-speed" title={`${REPLAY_SPEEDS.map(speedText).join(" ")} (↑ ↓)`}>
      <TextTool text="−" label="Slower (↓)" onClick={step(-1)} actions={actions} />
      <b>{speedText(replay.speed)}</b>
      <TextTool text="+" label="Faster (↑)" onClick={step(1)} actions={actions} />
    </div>
  );
}

function speedText(speed: number): string {
  return speed === 0.25 ? "¼×" : speed === 0.5 ? "½×" : `${speed}×`;
}

type ViewButtonsProps = ReplayScreenProps & { isListOpen: boolean; toggleList: () => void };

function ViewButtons({ replay, controls, actions, isListOpen, toggleList }: ViewButtonsProps) {
  const isFree = replay.viewer === undefined;
  const standing = replay.standings.find(({ playerId }) => playerId === replay.viewer);
  return (
    <div class="replay-group replay-view">
      <Tool icon="before" label="Player before (Shift+Tab)" onClick={() => controls.followNext(-1)} actions={actions} />
      <button type="button" class="button button-small replay-viewer" onClick={toggleList} aria-expanded={isListOpen}>
        <span class="replay-viewer-name" dir="auto">
          {isFree ? "Free camera" : replay.viewerName}
        </span>
        {standing !== undefined && <small>{standing.score}</small>}
      </button>
      <Tool icon="next" label="Next player (Tab)" onClick={() => controls.followNext(1)} actions={actions} />
      <Tool icon="camera" label="Free camera (F)" isOn={isFree} onClick={controls.toggleFreeCamera} actions={actions} />
    </div>
  );
}

function PageButtons({ replay, actions }: ReplayScreenProps) {
  return (
    <div class="replay-group">
      <Tool
        icon={replay.isMuted ? "muted" : "sound"}
        label={replay.isMuted ? "Sound on (M)" : "Mute (M)"}
        onClick={() => actions.setMuted(!replay.isMuted)}
        actions={actions}
      />
      <Tool icon="fullScreen" label="Full screen" onClick={toggleFullScreen} actions={actions} />
      <Tool icon="leave" label="To the menu (Esc)" onClick={actions.leave} actions={actions} />
    </div>
  );
}

type TextToolProps = { text: string; label: string; onClick: () => void; actions: InterfaceActions };

function TextTool({ text, label, onClick, actions }: TextToolProps) {
  const press = (event: MouseEvent & { currentTarget: HTMLButtonElement }): void => {
    event.currentTarget.blur();
    actions.clicked();
    onClick();
  };
  return (
    <button type="button" class="tool tool-text" title={label} aria-label={label} onClick={press}>
      {text}
    </button>
  );
}
