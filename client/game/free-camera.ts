/**
 * The free camera of a replay: dragged with the mouse or a finger, or moved by the keys that fly a ship, within the
 * arena.
 */
import type { DeviceInput } from "@starwake/client/engine/device-input.ts";
import { fitScale } from "@starwake/shared/game/sight.ts";
import type { ScreenSize } from "./camera-lead.ts";
import type { ArenaView } from "./scene.ts";

type Place = { readonly x: number; readonly y: number };

export type FreeCameraActions = {
  /** Where the picture looks now, for the first move. */
  place(): Place;
  /** It was moved: from now on the picture is to look where it is. */
  taken(): void;
  /** A press that moved nothing. */
  pressed(clientX: number, clientY: number): void;
};

const KEY_UNITS_PER_SECOND = 1100;
/** A finger that was only to press wanders by so many pixels. */
const PRESS_PIXELS = 6;
const KEYS: Readonly<Record<string, Place>> = {
  KeyW: { x: 0, y: -1 },
  KeyA: { x: -1, y: 0 },
  KeyS: { x: 0, y: 1 },
  KeyD: { x: 1, y: 0 },
};

type Drag = { readonly pointerId: number; readonly startX: number; readonly startY: number; x: number; y: number };

export class FreeCamera {
  place: Place = { x: 0, y: 0 };
  private readonly arena: ArenaView;
  private readonly devices: DeviceInput;
  private readonly actions: FreeCameraActions;
  private readonly listening = new AbortController();
  private drag: Drag | undefined;
  private isTaken = false;
  private screen: ScreenSize = { width: 1, height: 1 };

  constructor(arena: ArenaView, surface: HTMLElement, devices: DeviceInput, actions: FreeCameraActions) {
    this.arena = arena;
    this.devices = devices;
    this.actions = actions;
    const { signal } = this.listening;
    surface.addEventListener("pointerdown", (event) => this.down(surface, event), { signal });
    surface.addEventListener("pointermove", (event) => this.dragTo(event), { signal });
    for (const end of ["pointerup", "pointercancel"] as const) {
      surface.addEventListener(end, (event) => this.up(event), { signal });
    }
  }

  /** Moves by the keys that are held; once a frame. */
  move(elapsedMs: number, screen: ScreenSize): void {
    this.screen = screen;
    const way = { x: 0, y: 0 };
    for (const key of this.devices.keys) {
      way.x += KEYS[key]?.x ?? 0;
      way.y += KEYS[key]?.y ?? 0;
    }
    const reach = (KEY_UNITS_PER_SECOND * elapsedMs) / 1000;
    if (way.x !== 0 || way.y !== 0) this.moveBy(way.x * reach, way.y * reach);
  }

  close(): void {
    this.listening.abort();
  }

  private down(surface: HTMLElement, { pointerId, clientX, clientY }: PointerEvent): void {
    if (this.drag !== undefined) return;
    surface.setPointerCapture(pointerId);
    this.drag = { pointerId, startX: clientX, startY: clientY, x: clientX, y: clientY };
    this.isTaken = false;
  }

  private dragTo({ pointerId, clientX, clientY }: PointerEvent): void {
    const { drag } = this;
    if (drag?.pointerId !== pointerId) return;
    this.isTaken ||= Math.hypot(clientX - drag.startX, clientY - drag.startY) > PRESS_PIXELS;
    if (!this.isTaken) return;
    const scale = fitScale(this.screen.width, this.screen.height);
    this.moveBy((drag.x - clientX) / scale, (drag.y - clientY) / scale);
    drag.x = clientX;
    drag.y = clientY;
  }

  private up({ pointerId, clientX, clientY, type }: PointerEvent): void {
    if (this.drag?.pointerId !== pointerId) return;
    this.drag = undefined;
    if (!this.isTaken && type === "pointerup") this.actions.pressed(clientX, clientY);
  }

  private moveBy(x: number, y: number): void {
    const from = this.actions.place();
    const { widthUnits, heightUnits } = this.arena;
    this.place = {
      x: Math.max(0, Math.min(widthUnits, from.x + x)),
      y: Math.max(0, Math.min(heightUnits, from.y + y)),
    };
    this.actions.taken();
  }
}
