/**
 * A layer of quads of one texture with one blend mode, drawn anew in each frame.
 *
 * The views say what there is ("this frame, here, so large, this colour") and the layer writes its corners as the
 * graphics card reads them. There are no display objects to create, pool or forget; one quad costs a few stores in a
 * flat array, and a layer is one draw call.
 *
 * Next: match-stage.ts, which orders the layers.
 */

import * as Phaser from "phaser";
import { CORNERS_PER_FRAME, type FrameId, type FrameTable } from "./frames.ts";
import { growBuffer, type QuadBuffer, type QuadProgram, WORDS_PER_QUAD } from "./quad-program.ts";
import type { Viewport } from "./viewport.ts";

/** What is fainter has no colour in eight bits. */
const LEAST_ALPHA = 1 / 255;

export class QuadLayer extends Phaser.GameObjects.Blitter {
  readonly #program: QuadProgram;
  readonly #table: FrameTable;
  readonly #viewport: Viewport;
  readonly #buffer: QuadBuffer;
  #places: Float32Array;
  #words: Uint32Array;
  #count = 0;

  constructor(
    scene: Phaser.Scene,
    program: QuadProgram,
    table: FrameTable,
    viewport: Viewport,
    blendMode: Phaser.BlendModes,
  ) {
    super(scene, 0, 0, "__WHITE");
    this.#program = program;
    this.#table = table;
    this.#viewport = viewport;
    this.#buffer = program.openBuffer();
    this.#places = this.#buffer.corners.viewF32!;
    this.#words = this.#buffer.corners.viewU32!;
    this.setBlendMode(blendMode);
    scene.add.existing(this);
  }

  /** Empties the layer; called once a frame before the views draw. */
  startFrame(): void {
    this.#count = 0;
  }

  /**
   * Draws a frame centred on (x, y), its own x axis along the unit vector (cos, sin).
   * Sizes in units, `tint` 0xRRGGBB, `alpha` 0 to 1. What lies outside the view costs only the test.
   */
  draw(
    frame: FrameId,
    x: number,
    y: number,
    width: number,
    height: number,
    cos: number,
    sin: number,
    tint: number,
    alpha: number,
  ): void {
    if (alpha < LEAST_ALPHA) return;
    const view = this.#viewport;
    const offsetX = x - view.centreX;
    const offsetY = y - view.centreY;
    const reach = (Math.abs(width) + Math.abs(height)) / 2;
    if (Math.abs(offsetX) > view.halfWidth + reach || Math.abs(offsetY) > view.halfHeight + reach) return;
    const scale = view.scale;
    const centreX = view.widthPixels / 2 + offsetX * scale;
    const centreY = view.heightPixels / 2 + offsetY * scale;
    const halfWidth = (width / 2) * scale;
    const halfHeight = (height / 2) * scale;
    this.#store(
      frame,
      centreX,
      centreY,
      cos * halfWidth,
      sin * halfWidth,
      -sin * halfHeight,
      cos * halfHeight,
      tint,
      alpha,
    );
  }

  /** Draws a frame upright. */
  drawUpright(frame: FrameId, x: number, y: number, width: number, height: number, tint: number, alpha: number): void {
    this.draw(frame, x, y, width, height, 1, 0, tint, alpha);
  }

  /** Stretches a frame from one point to another; `width` units across. */
  drawLine(
    frame: FrameId,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    width: number,
    tint: number,
    alpha: number,
  ): void {
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length < 1e-6) return;
    this.draw(frame, (x0 + x1) / 2, (y0 + y1) / 2, length, width, dx / length, dy / length, tint, alpha);
  }

  /** Called by Phaser's display list; `this` is not set there, the layer comes as an argument. */
  renderWebGL(_: Phaser.Renderer.WebGL.WebGLRenderer, layer: QuadLayer, context: unknown): void {
    if (layer.#count > 0) layer.#submit(context as Phaser.Renderer.WebGL.DrawingContext);
  }

  #submit(context: Phaser.Renderer.WebGL.DrawingContext): void {
    const { glTexture } = this.#table.texture.source[0]!;
    this.#program.draw(context, glTexture!, this.#buffer, this.#count);
  }

  #store(
    frame: FrameId,
    x: number,
    y: number,
    alongX: number,
    alongY: number,
    acrossX: number,
    acrossY: number,
    tint: number,
    alpha: number,
  ): void {
    const at = this.#count * WORDS_PER_QUAD;
    if (at === this.#words.length && !this.#grow()) return;
    this.#count++;
    const places = this.#places;
    const words = this.#words;
    const { corners } = this.#table;
    const corner = frame * CORNERS_PER_FRAME;
    const colour = ((Math.min(1, alpha) * 255) << 24) | tint;
    places[at] = x - alongX - acrossX;
    places[at + 1] = y - alongY - acrossY;
    words[at + 2] = corners[corner]!;
    words[at + 3] = colour;
    places[at + 4] = x - alongX + acrossX;
    places[at + 5] = y - alongY + acrossY;
    words[at + 6] = corners[corner + 1]!;
    words[at + 7] = colour;
    places[at + 8] = x + alongX - acrossX;
    places[at + 9] = y + alongY - acrossY;
    words[at + 10] = corners[corner + 2]!;
    words[at + 11] = colour;
    places[at + 12] = x + alongX + acrossX;
    places[at + 13] = y + alongY + acrossY;
    words[at + 14] = corners[corner + 3]!;
    words[at + 15] = colour;
  }

  /** False: the layer is full, and draws no more. */
  #grow(): boolean {
    const hasGrown = growBuffer(this.#buffer);
    this.#places = this.#buffer.corners.viewF32!;
    this.#words = this.#buffer.corners.viewU32!;
    return hasGrown;
  }
}
