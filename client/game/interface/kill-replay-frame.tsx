/** The frame around a kill replay: whose it is, and the ways to skip it: any key, a click, or the button. */

import { useEffect } from "preact/hooks";
import { WEAPON_LOOKS } from "../weapon-looks.ts";
import type { InterfaceActions, KillReplayState } from "./interface-state.ts";

type Playing = KillReplayState & { state: "playing" };

export function KillReplayFrame({ replay, actions }: { replay: Playing; actions: InterfaceActions }) {
  useEffect(() => {
    const skip = (event: KeyboardEvent | PointerEvent): void => {
      // What was held down at the death, and thumbs on the sticks, skip nothing.
      if (event instanceof KeyboardEvent ? event.repeat : event.pointerType === "touch") return;
      actions.skipKillReplay();
    };
    addEventListener("keydown", skip);
    addEventListener("pointerdown", skip);
    return () => {
      removeEventListener("keydown", skip);
      removeEventListener("pointerdown", skip);
    };
  }, [actions]);
  return (
    <div class="kill-replay" style={{ "--length": `${replay.lengthMs}ms` }}>
      <p class="kill-replay-head" role="status">
        <span>Kill replay:</span> <b dir="auto">{replay.killerName}</b>
        {replay.weapon !== "none" && (
          <span class={`kill-weapon kill-${replay.weapon}`}>{WEAPON_LOOKS[replay.weapon].label}</span>
        )}
      </p>
      <div class="kill-replay-foot">
        <i class="kill-replay-left" />
        <button type="button" class="button button-small" onClick={actions.skipKillReplay}>
          Skip
        </button>
      </div>
    </div>
  );
}
