/**
 * The point of view: shows a scene as one of its players sees it. The camera leads that player's ship and rests where
 * it was last; changing to another player is a cut. Replays and kill replays are looked at through it.
 *
 * Next: replay-scene.ts and kill-replay.ts, which do.
 */
import { CameraLead, type ScreenSize } from "./camera-lead.ts";
import type { OwnStatus, Scene, SceneEvent } from "./scene.ts";

type Place = { readonly x: number; readonly y: number };

/** What a viewer without a ship has on the instruments. */
export const NO_SHIP: OwnStatus = { state: "dead", respawnInSeconds: 0, killerName: undefined };

export class PointOfView {
  private readonly lead = new CameraLead();
  private viewer = 0;
  private place: Place;

  /** @param place where to look until the viewer has a ship */
  constructor(place: Place) {
    this.place = place;
  }

  /**
   * @param viewer the player whose ship is the own one
   * @param own what the instruments show
   * @param wreck where the viewer's ship lies while it is not in the scene, if that is known
   */
  show(
    scene: Scene,
    viewer: number,
    own: OwnStatus,
    wreck: Place | undefined,
    screen: ScreenSize,
    nowMs: number,
  ): Scene {
    const ship = scene.ships.find(({ id }) => id === viewer);
    const isCut = scene.isCut === true || viewer !== this.viewer;
    this.viewer = viewer;
    this.place = ship ?? wreck ?? this.place;
    if (isCut) this.lead.cut(ship?.aim, screen);
    const camera = this.lead.look(this.place, ship?.aim, screen, nowMs);
    return { ...asOf(scene, viewer), camera, own, isCut };
  }
}

/** The same scene with another player's things as the own ones. */
function asOf(scene: Scene, viewer: number): Scene {
  return {
    ...scene,
    ships: scene.ships.map((ship) => ({ ...ship, isOwn: ship.id === viewer })),
    shots: scene.shots.map((shot) => ({ ...shot, isOwn: shot.ownerId === viewer })),
    events: scene.events.map((event) => eventAsOf(event, viewer)),
  };
}

function eventAsOf(event: SceneEvent, viewer: number): SceneEvent {
  switch (event.type) {
    case "hit":
      return { ...event, byOwn: event.shooterId === viewer, ofOwn: event.victimId === viewer };
    case "death":
      return { ...event, byOwn: event.killerId === viewer, ofOwn: event.victimId === viewer };
    case "beam":
      return { ...event, byOwn: event.shooterId === viewer };
    case "spawn":
      return { ...event, ofOwn: event.shipId === viewer };
  }
}
