/**
 * The last few seconds as the page showed them: a bounded ring of scenes, and what lies between two of them.
 *
 * Next: kill-replay.ts, which shows them again.
 */
import type { Scene, SceneEvent, ShipView, ShotView } from "./scene.ts";

export type KeptScene = { readonly atMs: number; readonly scene: Scene };

const KEPT_MS = 3_000;
/** On a fast screen some scenes are left out, so that 251 are the most; their events come with the next one. */
const SPACING_MS = 12;

export class SceneRing {
  private kept: KeptScene[] = [];
  private waitingEvents: SceneEvent[] = [];

  /** Oldest first. */
  get scenes(): readonly KeptScene[] {
    return this.kept;
  }

  keep(scene: Scene, nowMs: number): void {
    this.waitingEvents.push(...scene.events);
    const last = this.kept.at(-1);
    if (last !== undefined && nowMs - last.atMs < SPACING_MS) return;
    this.kept.push({ atMs: nowMs, scene: { ...scene, events: this.waitingEvents } });
    this.waitingEvents = [];
    while (this.kept[0].atMs < nowMs - KEPT_MS) this.kept.shift();
  }
}

/** What is between two scenes: ships and shots that are in both are on their way. It has no events. */
export function blendScenes(from: Scene, to: Scene, part: number): Scene {
  const ships = new Map(to.ships.map((ship) => [ship.id, ship]));
  const shots = new Map(to.shots.map((shot) => [shot.id, shot]));
  return {
    ...from,
    ships: from.ships.map((ship) => blendShip(ship, ships.get(ship.id) ?? ship, part)),
    shots: from.shots.map((shot) => blendPlace(shot, shots.get(shot.id) ?? shot, part)),
    events: [],
  };
}

function blendShip(from: ShipView, to: ShipView, part: number): ShipView {
  const turn = Math.atan2(Math.sin(to.aim - from.aim), Math.cos(to.aim - from.aim));
  return { ...blendPlace(from, to, part), aim: from.aim + turn * part };
}

function blendPlace<Thing extends ShipView | ShotView>(from: Thing, to: Thing, part: number): Thing {
  return { ...from, x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}
