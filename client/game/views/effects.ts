/**
 * Effects: what an event of the scene looks like, as particles, beams and a shake of the camera.
 *
 * Next: explosion.ts, the largest of them; camera-shake.ts.
 */

import type { SceneEvent, ShipView, ShotView } from "../scene.ts";
import { WEAPON_LOOKS } from "../weapon-looks.ts";
import type { Atlas } from "./atlas.ts";
import type { Beams } from "./beams.ts";
import type { CameraShake } from "./camera-shake.ts";
import { explode } from "./explosion.ts";
import { Colour, type Palette, tintOf } from "./palette.ts";
import { type Particles, STILL } from "./particles.ts";

export type EffectTools = {
  readonly atlas: Atlas;
  readonly palette: Palette;
  readonly particles: Particles;
  readonly beams: Beams;
  readonly shake: CameraShake;
};

/** Of sparks whose shooter is out of sight. */
const STRANGER_HUE = 190;

/**
 * @param ships those of the scene
 * @param richness 0 to 1: how many of the particles are thrown.
 */
export function showEvent(tools: EffectTools, event: SceneEvent, ships: readonly ShipView[], richness: number): void {
  switch (event.type) {
    case "hit":
      showHit(tools, event, ships.find(({ id }) => id === event.shooterId)?.hue ?? STRANGER_HUE, richness);
      break;
    case "death":
      explode(tools, event.x, event.y, event.hue, event.ofOwn, richness);
      break;
    case "beam":
      showBeam(tools, event, richness);
      break;
    case "spawn":
      showSpawn(tools, event.x, event.y, event.hue, richness);
      break;
  }
}

/** The flash of a shot that was not there in the frame before. */
export function showMuzzle({ atlas, palette, particles }: EffectTools, shot: ShotView): void {
  const tint = tintOf(palette.bright, shot.hue);
  particles.add({
    ...STILL,
    frame: atlas.glow,
    x: shot.x,
    y: shot.y,
    lifeSeconds: 0.09,
    sizeFrom: 46,
    sizeTo: 18,
    tint,
  });
}

/** Sparks off a boosting engine. */
export function showBoost({ atlas, palette, particles }: EffectTools, ship: ShipView): void {
  if (ship.thrust === undefined) return;
  const angle = ship.thrust + Math.PI + (Math.random() - 0.5) * 0.7;
  const speed = 160 + 180 * Math.random();
  particles.add({
    ...STILL,
    frame: atlas.streak,
    x: ship.x + Math.cos(angle) * 16,
    y: ship.y + Math.sin(angle) * 16,
    vx: ship.vx * 0.5 + Math.cos(angle) * speed,
    vy: ship.vy * 0.5 + Math.sin(angle) * speed,
    lifeSeconds: 0.25 + 0.3 * Math.random(),
    sizeFrom: 8,
    sizeTo: 2,
    stretch: 3,
    tint: tintOf(palette.bright, ship.hue),
    drag: 2,
  });
}

function showHit(tools: EffectTools, hit: SceneEvent & { type: "hit" }, hue: number, richness: number): void {
  const { atlas, palette, particles, shake } = tools;
  const tint = tintOf(palette.bright, hue);
  const { x, y } = hit;
  particles.add({ ...STILL, frame: atlas.glow, x, y, lifeSeconds: 0.16, sizeFrom: 70, sizeTo: 20, tint });
  particles.add({ ...STILL, frame: atlas.ring, x, y, lifeSeconds: 0.26, sizeFrom: 10, sizeTo: 58, tint, alpha: 0.7 });
  const sparks = Math.ceil((6 + Math.min(14, hit.damage * 0.3)) * richness);
  for (let spark = 0; spark < sparks; spark++) {
    throwSpark(tools, x, y, Math.random() * Math.PI * 2, 140 + 300 * Math.random(), tint);
  }
  if (hit.ofOwn) {
    particles.add({
      ...STILL,
      frame: atlas.glow,
      x,
      y,
      lifeSeconds: 0.3,
      sizeFrom: 60,
      sizeTo: 150,
      tint: Colour.danger,
      alpha: 0.6,
    });
    shake.add(Math.min(0.5, 0.12 + hit.damage * 0.008));
  }
}

function showBeam(tools: EffectTools, beam: SceneEvent & { type: "beam" }, richness: number): void {
  const tint = tintOf(tools.palette.body, beam.hue);
  tools.beams.add(beam.x0, beam.y0, beam.x1, beam.y1, tint, WEAPON_LOOKS[beam.weapon].beamWidth);
  if (beam.byOwn) tools.shake.add(0.25);
  const dx = beam.x1 - beam.x0;
  const dy = beam.y1 - beam.y0;
  const count = Math.ceil((Math.sqrt(dx * dx + dy * dy) / 40) * richness);
  for (let mote = 0; mote < count; mote++) {
    const along = Math.random();
    throwMote(tools, beam.x0 + dx * along, beam.y0 + dy * along, tint);
  }
  const back = Math.atan2(-dy, -dx);
  for (let spark = 0; spark < 10 * richness; spark++) {
    throwSpark(tools, beam.x1, beam.y1, back + (Math.random() - 0.5) * 2.2, 120 + 260 * Math.random(), tint);
  }
}

function showSpawn(
  { atlas, palette, particles }: EffectTools,
  x: number,
  y: number,
  hue: number,
  richness: number,
): void {
  const tint = tintOf(palette.bright, hue);
  particles.add({ ...STILL, frame: atlas.ring, x, y, lifeSeconds: 0.5, sizeFrom: 190, sizeTo: 30, tint });
  particles.add({ ...STILL, frame: atlas.ring, x, y, lifeSeconds: 0.7, sizeFrom: 20, sizeTo: 170, tint, alpha: 0.6 });
  particles.add({ ...STILL, frame: atlas.glow, x, y, lifeSeconds: 0.55, sizeFrom: 190, sizeTo: 40, tint });
  particles.add({ ...STILL, frame: atlas.star, x, y, lifeSeconds: 0.45, sizeFrom: 260, sizeTo: 40, tint });
  for (let spark = 0; spark < 18 * richness; spark++) {
    const angle = (spark / (18 * richness)) * Math.PI * 2;
    particles.add({
      ...STILL,
      frame: atlas.streak,
      x: x + Math.cos(angle) * 90,
      y: y + Math.sin(angle) * 90,
      vx: -Math.cos(angle) * 190,
      vy: -Math.sin(angle) * 190,
      lifeSeconds: 0.42,
      sizeFrom: 9,
      sizeTo: 3,
      stretch: 3.5,
      tint,
    });
  }
}

function throwSpark(
  { atlas, particles }: EffectTools,
  x: number,
  y: number,
  angle: number,
  speed: number,
  tint: number,
): void {
  particles.add({
    ...STILL,
    frame: atlas.streak,
    x,
    y,
    vx: Math.cos(angle) * speed,
    vy: Math.sin(angle) * speed,
    lifeSeconds: 0.18 + 0.32 * Math.random(),
    sizeFrom: 9,
    sizeTo: 2,
    stretch: 3.4,
    tint,
    drag: 3,
  });
}

function throwMote({ atlas, particles }: EffectTools, x: number, y: number, tint: number): void {
  particles.add({
    ...STILL,
    frame: atlas.core,
    x: x + (Math.random() - 0.5) * 14,
    y: y + (Math.random() - 0.5) * 14,
    vx: (Math.random() - 0.5) * 40,
    vy: (Math.random() - 0.5) * 40,
    lifeSeconds: 0.35 + 0.5 * Math.random(),
    sizeFrom: 5,
    sizeTo: 1,
    tint,
  });
}
