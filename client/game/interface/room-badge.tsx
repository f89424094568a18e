/** The room's code, and a button that copies its link. */

import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import type { RoomLabel } from "./interface-state.ts";
import { Modal } from "./modal.tsx";

const THANKS_MS = 1800;

export function RoomBadge({ room, onClick }: { room: RoomLabel; onClick: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), THANKS_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (event: MouseEvent & { currentTarget: HTMLButtonElement }): Promise<void> => {
    // A button that keeps the focus would take the keys that fly the ship.
    event.currentTarget.blur();
    onClick();
    if (await copyText(room.link)) setCopied(true);
    else setShown(true);
  };
  return (
    <div class="room">
      <span class="room-code">
        <small>{room.isPrivate ? "Private room" : "Room"}</small>
        <b>{room.code}</b>
      </span>
      <button type="button" class="button button-small" onClick={copy} title={room.link}>
        <Icon name={isCopied ? "check" : "link"} />
        <span>{isCopied ? "Copied" : "Copy link"}</span>
      </button>
      {isShown && <ShownLink link={room.link} onClose={() => setShown(false)} />}
    </div>
  );
}

/** The link to be copied by hand, marked already. */
function ShownLink({ link, onClose }: { link: string; onClose: () => void }) {
  return (
    <Modal label="The link of this room" onClose={onClose}>
      <h2>The link of this room</h2>
      <p>This browser lets no page copy. Take it from here:</p>
      <input
        class="link-shown"
        readOnly
        value={link}
        aria-label="Link"
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="button button-main" onClick={onClose}>
        Back to the battle
      </button>
    </Modal>
  );
}

/** Whether it is in the clipboard now: pages without a secure origin, and frames without leave, have none. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
