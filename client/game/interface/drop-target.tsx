/** Files dropped anywhere on the page, and the hint while one is dragged over it. */

export type DropActions = {
  /** A file is over the page, or is no more. */
  dragged(isOver: boolean): void;
  dropped(file: File): void;
};

/** Gives the function that stops listening. */
export function listenToDrops({ dragged, dropped }: DropActions): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    // Without this the browser would open the file in place of the page.
    event.preventDefault();
    dragged(true);
  };
  addEventListener("dragenter", over, { signal });
  addEventListener("dragover", over, { signal });
  addEventListener(
    "dragleave",
    (event) => {
      if (event.relatedTarget === null) dragged(false);
    },
    { signal },
  );
  addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      dragged(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) dropped(file);
    },
    { signal },
  );
  return () => listening.abort();
}

/** @param isSeated a match is not left by a drop */
export function DropHint({ isSeated }: { isSeated: boolean }) {
  return (
    <div class="drop-hint">
      <p>{isSeated ? "Leave the room first to watch a replay" : "Drop a replay to watch it"}</p>
    </div>
  );
}
