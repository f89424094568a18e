/**
 * Device input ①: what the player's keyboard, mouse and gamepads hold now. Nothing sticks: a key or button whose end the
 * page may not hear of (the focus is lost, a system key is down) is let go at once.
 *
 * Next: client/game/controls.ts (②), which makes a command of it.
 */
import { type GamepadState, Gamepads } from "./gamepads.ts";

export type DeviceInput = {
  /** Keys by their place on the keyboard (KeyboardEvent.code), so that WASD is where it is on every layout. */
  readonly keys: ReadonlySet<string>;
  /** Mouse buttons: bit 0 left, bit 1 right, bit 2 middle. A pen is a mouse, a finger is none. */
  readonly mouseButtons: number;
  /** CSS pixels in the page; undefined until the mouse has moved. */
  readonly pointer: { readonly x: number; readonly y: number } | undefined;
  /** Every gamepad that can be flown with; to be asked about once a frame. */
  gamepads(): readonly GamepadState[];
  /** Whether somebody tries to fly with a gamepad whose layout the browser does not know: nobody can. */
  readonly isUnknownGamepadTried: boolean;
  close(): void;
};

/** Buttons that a browser takes for "back" and "forward". */
const HISTORY_BUTTONS: ReadonlySet<number> = new Set([3, 4]);
/** While one of these is down, browsers and systems keep the ends of other keys to themselves. */
const SYSTEM_KEYS: ReadonlySet<string> = new Set(["MetaLeft", "MetaRight", "OSLeft", "OSRight", "ContextMenu"]);
const SHIFT_KEYS = ["ShiftLeft", "ShiftRight"] as const;

/**
 * Listens on a window; what is typed into form fields, and what buttons are pressed with, is not the ship's.
 * @param isPlaying whether there is something to steer: only then the browser's own use of keys and buttons is in the way
 */
export function listenToDevices(page: Window, isPlaying: () => boolean): DeviceInput {
  const listening = new AbortController();
  const on: Listen = (name, handle) => page.addEventListener(name, handle, { signal: listening.signal });
  const keys = new HeldKeys();
  const mouse = new HeldMouse();
  const gamepads = new Gamepads(page.navigator);
  const letGo = () => {
    keys.letGo();
    mouse.letGo();
  };
  listenToKeys(on, keys, isPlaying);
  listenToMouse(on, keys, mouse, isPlaying);
  on("blur", letGo);
  on("pagehide", letGo);
  page.document.addEventListener("visibilitychange", letGo, { signal: listening.signal });
  return {
    keys: keys.codes,
    get mouseButtons() {
      return mouse.buttons;
    },
    get pointer() {
      return mouse.pointer;
    },
    gamepads: () => gamepads.read(page.performance.now()),
    get isUnknownGamepadTried() {
      return gamepads.isUnknownTried;
    },
    close: () => listening.abort(),
  };
}

type Listen = <Name extends keyof WindowEventMap>(name: Name, handle: (event: WindowEventMap[Name]) => void) => void;
type KeyUse = Pick<KeyboardEvent, "code" | "key">;

class HeldKeys {
  readonly codes = new Set<string>();
  /** What each key wrote when it went down: a key may come up under another code, but not as another letter. */
  private readonly letters = new Map<string, string>();

  press({ code, key }: KeyUse): void {
    this.codes.add(code);
    this.letters.set(code, key.toLowerCase());
  }

  release({ code, key }: KeyUse): void {
    this.codes.delete(code);
    const letter = key.toLowerCase();
    for (const [other, its] of this.letters) if (its === letter && !isShift(other)) this.codes.delete(other);
  }

  /** Of two shift keys that are down together, some systems tell the end of one only. */
  agreeWithShift(isShiftDown: boolean): void {
    if (!isShiftDown) for (const code of SHIFT_KEYS) this.codes.delete(code);
  }

  letGo(): void {
    this.codes.clear();
    this.letters.clear();
  }
}

function isShift(code: string): boolean {
  return (SHIFT_KEYS as readonly string[]).includes(code);
}

class HeldMouse {
  buttons = 0;
  pointer: { readonly x: number; readonly y: number } | undefined;

  letGo(): void {
    this.buttons = 0;
  }
}

function listenToKeys(on: Listen, keys: HeldKeys, isPlaying: () => boolean): void {
  on("keydown", (event) => {
    if (event.metaKey || SYSTEM_KEYS.has(event.code)) {
      keys.letGo();
      return;
    }
    if (isForControl(event) || event.isComposing) return;
    keys.press(event);
    keys.agreeWithShift(event.shiftKey);
    if (isPlaying() && isOursToKeep(event)) event.preventDefault();
  });
  on("keyup", (event) => {
    if (event.metaKey || SYSTEM_KEYS.has(event.code)) keys.letGo();
    keys.release(event);
    keys.agreeWithShift(event.shiftKey);
  });
}

function listenToMouse(on: Listen, keys: HeldKeys, mouse: HeldMouse, isPlaying: () => boolean): void {
  const take = (event: PointerEvent, isPress: boolean) => {
    if (event.pointerType === "touch") return;
    mouse.pointer = { x: event.clientX, y: event.clientY };
    mouse.buttons = isPress && !isOnControl(event.target) ? event.buttons : mouse.buttons & event.buttons;
    keys.agreeWithShift(event.shiftKey);
  };
  on("pointerdown", (event) => take(event, true));
  // A second button that is pressed beside a first one comes as a move; −1 is a move and nothing else.
  on("pointermove", (event) => take(event, event.button !== -1));
  on("pointerup", (event) => take(event, false));
  on("pointercancel", (event) => event.pointerType !== "touch" && mouse.letGo());
  on("contextmenu", (event) => {
    if (!isOnControl(event.target)) event.preventDefault();
  });
  for (const name of ["mousedown", "mouseup", "auxclick"] as const)
    on(name, (event) => {
      if (isPlaying() && HISTORY_BUTTONS.has(event.button)) event.preventDefault();
    });
}

/** A letter would begin a search in some browsers, the space bar and arrows scroll, backspace and Alt+arrow leave the page. */
function isOursToKeep({ key, code, ctrlKey }: KeyboardEvent): boolean {
  return !ctrlKey && (key.length === 1 || key === "Backspace" || code.startsWith("Arrow"));
}

function isForControl({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, select, textarea, [contenteditable]") !== null) return true;
  const isPress = code === "Space" || code === "Enter" || code === "NumpadEnter";
  return isPress && target.closest("button, a") !== null;
}

function isOnControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, input, select, textarea, a, dialog") !== null;
}
