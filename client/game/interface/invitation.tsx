/** The question that a link to another room asks, when it is opened in a tab that plays. */

import type { InterfaceActions } from "./interface-state.ts";
import { Modal } from "./modal.tsx";

export function Invitation({ code, actions }: { code: string; actions: InterfaceActions }) {
  const press = (then: () => void) => (): void => {
    actions.clicked();
    then();
  };
  return (
    <Modal label="Another room" onClose={actions.declineInvitation}>
      <h2>Leave for room {code}?</h2>
      <p>The link leads there. Your ship stays here for a moment, and can still be hit.</p>
      <button type="button" class="button button-main" onClick={press(() => actions.followInvitation(code))}>
        Go to room {code}
      </button>
      <button type="button" class="button" onClick={press(actions.declineInvitation)}>
        Stay here
      </button>
    </Modal>
  );
}
