/** The keys of a replay. */

import {
  type InterfaceActions,
  REPLAY_SPEEDS,
  type ReplayControls,
  type ReplayInstruments,
} from "./interface-state.ts";

const JUMP_SECONDS = 5;

export type ReplayKeyTools = {
  readonly controls: ReplayControls;
  readonly actions: InterfaceActions;
  /** The way out: of what is open over the replay, or of the replay. */
  goBack(): void;
  /** As shown now. */
  replay(): ReplayInstruments;
};

/** Gives the function that lets go of the keys. */
export function listenToReplayKeys(tools: ReplayKeyTools): () => void {
  const down = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressKey(tools, event)) event.preventDefault();
  };
  addEventListener("keydown", down);
  return () => removeEventListener("keydown", down);
}

/** The speed next to this one in the list; the same at its ends. */
export function speedBeside(speed: number, way: 1 | -1): number {
  const place = REPLAY_SPEEDS.indexOf(speed) + way;
  return REPLAY_SPEEDS[Math.max(0, Math.min(REPLAY_SPEEDS.length - 1, place))];
}

/** Whether the key was one of ours, so that the browser does nothing else with it. */
function pressKey(
  { controls, actions, goBack, replay }: ReplayKeyTools,
  { code, shiftKey, repeat }: KeyboardEvent,
): boolean {
  const { playedSeconds, lengthSeconds, speed, isMuted } = replay();
  const once = (act: () => void): void => {
    if (!repeat) act();
  };
  const acts: Readonly<Record<string, () => void>> = {
    Space: () => once(controls.togglePlaying),
    ArrowLeft: () => controls.seek(playedSeconds - JUMP_SECONDS),
    ArrowRight: () => controls.seek(playedSeconds + JUMP_SECONDS),
    Comma: () => controls.nudge(-1),
    Period: () => controls.nudge(1),
    ArrowUp: () => controls.setSpeed(speedBeside(speed, 1)),
    ArrowDown: () => controls.setSpeed(speedBeside(speed, -1)),
    Home: () => controls.seek(0),
    End: () => controls.seek(lengthSeconds),
    Tab: () => controls.followNext(shiftKey ? -1 : 1),
    KeyF: () => once(controls.toggleFreeCamera),
    KeyM: () => once(() => actions.setMuted(!isMuted)),
    Escape: () => once(goBack),
  };
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (digit !== undefined) controls.setSpeed(REPLAY_SPEEDS[Math.min(REPLAY_SPEEDS.length, Number(digit)) - 1]);
  else if (code in acts) acts[code]();
  else return false;
  return true;
}
