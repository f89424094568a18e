/**
 * Device input ①: what the player's keyboard, mouse and gamepad hold now. Nothing sticks: when the page loses the
 * focus, everything is let go.
 *
 * Next: client/game/controls.ts (②), which makes a command of it.
 */

export type DeviceInput = {
  /** Keys by their place on the keyboard (KeyboardEvent.code), so that WASD is where it is on every layout. */
  readonly keys: ReadonlySet<string>;
  /** Mouse buttons: bit 0 left, bit 1 right, bit 2 middle. */
  readonly mouseButtons: number;
  /** CSS pixels in the page; undefined until the mouse has moved. */
  readonly pointer: { readonly x: number; readonly y: number } | undefined;
  /** Axes −1 to 1 and buttons of the first gamepad. */
  gamepad(): { readonly axes: readonly number[]; readonly buttons: readonly boolean[] } | undefined;
  close(): void;
};

/** Listens on a window; what happens in form fields and on buttons is not the ship's. */
export function listenToDevices(page: Window): DeviceInput {
  const keys = new Set<string>();
  const state = { mouseButtons: 0, pointer: undefined as { x: number; y: number } | undefined };
  const listening = new AbortController();
  const on = <Name extends keyof WindowEventMap>(name: Name, handle: (event: WindowEventMap[Name]) => void) =>
    page.addEventListener(name, handle, { signal: listening.signal });
  const letGo = () => {
    keys.clear();
    state.mouseButtons = 0;
  };
  on("keydown", (event) => {
    if (isForControl(event.target)) return;
    keys.add(event.code);
    if (event.code === "Space" || event.code.startsWith("Arrow")) event.preventDefault();
  });
  on("keyup", (event) => keys.delete(event.code));
  on("mousemove", (event) => {
    state.pointer = { x: event.clientX, y: event.clientY };
    state.mouseButtons &= event.buttons;
  });
  on("mousedown", (event) => {
    state.pointer = { x: event.clientX, y: event.clientY };
    if (!isForControl(event.target)) state.mouseButtons = event.buttons;
  });
  on("mouseup", (event) => {
    state.mouseButtons = event.buttons;
  });
  on("contextmenu", (event) => {
    if (!isForControl(event.target)) event.preventDefault();
  });
  on("blur", letGo);
  page.document.addEventListener("visibilitychange", letGo, { signal: listening.signal });
  return {
    keys,
    get mouseButtons() {
      return state.mouseButtons;
    },
    get pointer() {
      return state.pointer;
    },
    gamepad: () => readGamepad(page),
    close: () => listening.abort(),
  };
}

function isForControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, input, select, textarea, a, dialog") !== null;
}

function readGamepad(page: Window): ReturnType<DeviceInput["gamepad"]> {
  const pad = page.navigator
    .getGamepads()
    .find((candidate) => candidate?.connected && candidate.mapping === "standard");
  return pad ? { axes: pad.axes, buttons: pad.buttons.map(({ pressed }) => pressed) } : undefined;
}
