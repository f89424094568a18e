/**
 * A modal: a dialog over the match. The browser keeps the focus inside it, and what lies behind cannot be pressed or
 * tabbed to. When it closes, the focus is the game's again: no button keeps the keys that fly the ship.
 */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type ModalProps = {
  label: string;
  /** Escape, or the way back of a phone: the modal is to be taken away. */
  onClose: () => void;
  children: ComponentChildren;
};

/** The one that is shown: keys, mouse and gamepads are its own then, and do not fly the ship. */
export function shownModal(): HTMLDialogElement | undefined {
  return document.querySelector<HTMLDialogElement>("dialog[open]") ?? undefined;
}

export function isModalShown(): boolean {
  return shownModal() !== undefined;
}

export function Modal({ label, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    };
  }, []);
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  // Browsers close a dialog unasked when Escape is pressed twice with nothing between. One that was taken away is closed already.
  const closed = (): void => {
    if (dialog.current !== null) onClose();
  };
  return (
    <dialog class="overlay overlay-dim modal" aria-label={label} ref={dialog} onCancel={cancel} onClose={closed}>
      <div class="panel dialog">{children}</div>
    </dialog>
  );
}
