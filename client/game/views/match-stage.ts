/**
 * The stage: the layers of the picture in their order, and what one frame draws on them.
 *
 * Next: phaser-match.ts, which owns the game and calls this once a frame.
 */

import * as Phaser from "phaser";
import type { ArenaView, Scene, ShotView } from "../scene.ts";
import { drawBorder, drawGrid, drawObstacleGlow, drawObstacles } from "./arena-view.ts";
import { type Atlas, bakeAtlas } from "./atlas.ts";
import { Beams } from "./beams.ts";
import { CameraShake } from "./camera-shake.ts";
import { type EffectTools, showBoost, showEvent, showMuzzle } from "./effects.ts";
import type { FrameTable } from "./frames.ts";
import { NameLabels } from "./name-labels.ts";
import { bakeNebula, type Nebula } from "./nebula.ts";
import { createPalette } from "./palette.ts";
import { Particles } from "./particles.ts";
import { QuadLayer } from "./quad-layer.ts";
import { QuadProgram } from "./quad-program.ts";
import type { QualityLevel } from "./quality.ts";
import { drawShipGlow, drawShips, type ShipLayers } from "./ship-view.ts";
import { drawShots } from "./shot-view.ts";
import { drawNebula, drawStars } from "./starfield.ts";
import { Trails } from "./trails.ts";
import { isVisible, lookAt, type Viewport } from "./viewport.ts";

const LONGEST_STEP_SECONDS = 0.1;

type Layers = ShipLayers & { readonly sky: QuadLayer; readonly lights: QuadLayer; readonly ground: QuadLayer };

export type FrameTime = { readonly nowMs: number; readonly seconds: number };

export class MatchStage {
  readonly #view: Viewport;
  readonly #arena: ArenaView;
  readonly #layers: Layers;
  readonly #nebula: Nebula;
  readonly #names: NameLabels;
  readonly #tools: EffectTools;
  #trails = new Trails();

  constructor(scene: Phaser.Scene, view: Viewport, arena: ArenaView, isMotionReduced: boolean) {
    const program = new QuadProgram(scene.renderer as Phaser.Renderer.WebGL.WebGLRenderer);
    this.#view = view;
    this.#arena = arena;
    this.#nebula = bakeNebula(scene.textures);
    this.#tools = {
      atlas: bakeAtlas(scene.textures),
      palette: createPalette(),
      particles: new Particles(),
      beams: new Beams(),
      shake: new CameraShake(isMotionReduced),
    };
    this.#layers = openLayers(scene, program, this.#nebula, this.#tools.atlas, view);
    this.#names = new NameLabels(scene, program, view);
  }

  drawFrame(scene: Scene, births: readonly ShotView[], time: FrameTime, quality: QualityLevel): void {
    const { richness } = quality;
    const seconds = Math.min(LONGEST_STEP_SECONDS, time.seconds);
    if (scene.isCut) this.#forgetWhatWas();
    this.#aimCamera(scene, seconds, time.nowMs);
    for (const event of scene.events) showEvent(this.#tools, event, scene.ships, richness);
    for (const shot of births) showMuzzle(this.#tools, shot);
    this.#throwBoostSparks(scene, seconds, richness);
    this.#tools.particles.move(seconds);
    this.#tools.beams.move(seconds);
    this.#trails.follow(scene.ships, this.#view, time.nowMs);
    this.#names.startFrame(time.nowMs);
    this.#drawLayers(scene, time.nowMs, quality);
  }

  /** After a cut nothing goes on. */
  #forgetWhatWas(): void {
    this.#trails = new Trails();
    this.#tools.particles.move(Number.POSITIVE_INFINITY);
    this.#tools.beams.move(Number.POSITIVE_INFINITY);
  }

  #aimCamera(scene: Scene, seconds: number, nowMs: number): void {
    const { shake } = this.#tools;
    shake.move(scene.camera.x, scene.camera.y, seconds, nowMs);
    lookAt(this.#view, scene.camera.x + shake.offsetX, scene.camera.y + shake.offsetY);
  }

  #drawLayers(scene: Scene, nowMs: number, quality: QualityLevel): void {
    const layers = this.#layers;
    const view = this.#view;
    const { atlas, palette, particles, beams } = this.#tools;
    for (const layer of Object.values(layers)) layer.startFrame();
    if (quality.hasGlow) drawNebula(layers.sky, this.#nebula, view);
    drawStars(layers.lights, atlas, view, nowMs, quality.richness);
    drawGrid(layers.lights, atlas, this.#arena, view);
    if (quality.hasGlow) {
      drawObstacleGlow(layers.lights, atlas, this.#arena, view);
      drawShipGlow(layers.under, this.#tools, scene.ships);
    }
    drawObstacles(layers.ground, atlas, this.#arena, view);
    this.#trails.draw(layers.under, atlas, palette, scene.ships);
    drawShips(layers, { atlas, palette, names: this.#names }, scene.ships, view, nowMs);
    drawBorder(layers.over, atlas, this.#arena, nowMs);
    drawShots(layers.over, atlas, palette, scene.shots);
    beams.draw(layers.over, atlas);
    particles.draw(layers.over);
  }

  #throwBoostSparks(scene: Scene, seconds: number, richness: number): void {
    const chance = seconds * 42 * richness;
    for (const ship of scene.ships) {
      const isSeen = ship.isBoosting && isVisible(this.#view, ship.x, ship.y, 60);
      if (isSeen && Math.random() < chance) showBoost(this.#tools, ship);
    }
  }
}

function openLayers(scene: Phaser.Scene, program: QuadProgram, nebula: Nebula, atlas: Atlas, view: Viewport): Layers {
  const open = (table: FrameTable, blendMode: Phaser.BlendModes): QuadLayer =>
    new QuadLayer(scene, program, table, view, blendMode);
  return {
    sky: open(nebula.table, Phaser.BlendModes.NORMAL),
    lights: open(atlas.table, Phaser.BlendModes.ADD),
    ground: open(atlas.table, Phaser.BlendModes.NORMAL),
    under: open(atlas.table, Phaser.BlendModes.ADD),
    hulls: open(atlas.table, Phaser.BlendModes.NORMAL),
    over: open(atlas.table, Phaser.BlendModes.ADD),
    labels: open(atlas.table, Phaser.BlendModes.NORMAL),
  };
}
