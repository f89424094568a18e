/** The menu over a match (Esc): the match goes on behind it. */

import type { InterfaceActions } from "./interface-state.ts";
import { Modal } from "./modal.tsx";

type LeaveMenuProps = { hasKillReplays: boolean; actions: InterfaceActions; onClose: () => void };

export function LeaveMenu({ hasKillReplays, actions, onClose }: LeaveMenuProps) {
  const press = (then: () => void) => (): void => {
    actions.clicked();
    then();
  };
  return (
    <Modal label="Menu" onClose={onClose}>
      <h2>Still drifting</h2>
      <p>The battle goes on while you are here. Who leaves can still be hit for a moment.</p>
      <button type="button" class="button button-main" onClick={press(onClose)}>
        Back to the battle
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={hasKillReplays}
        onClick={press(() => actions.setKillReplays(!hasKillReplays))}
      >
        Kill replays: {hasKillReplays ? "on" : "off"}
      </button>
      <button type="button" class="button" onClick={press(actions.leave)}>
        Leave the room
      </button>
    </Modal>
  );
}
