/** The room's code, and a button that copies its link. */

import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import type { RoomLabel } from "./interface-state.ts";

const THANKS_MS = 1800;

export function RoomBadge({ room, onClick }: { room: RoomLabel; onClick: () => void }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), THANKS_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (event: MouseEvent & { currentTarget: HTMLButtonElement }): Promise<void> => {
    // A button that keeps the focus would take the keys that fly the ship.
    event.currentTarget.blur();
    onClick();
    setCopied(await copyText(room.link));
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
    </div>
  );
}

/** Whether it is in the clipboard now: pages without a secure origin have no clipboard, so the link is shown instead. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    prompt("The link of this room:", text);
    return false;
  }
}
