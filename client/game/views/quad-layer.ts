/**
 * A layer of textured quads with one blend mode, drawn anew in each frame.
 *
 * The views say what there is ("this frame, here, so large, this colour") and the layer hands the quads to Phaser's own
 * batch. There are no display objects to create, pool or forget; one quad costs a few stores in flat arrays, and a layer
 * is one draw call as long as its textures fit one batch.
 *
 * Next: match-stage.ts, which orders the layers.
 */

import * as Phaser from "phaser";
import type { FrameId, FrameTable } from "./frames.ts";
import type { Viewport } from "./viewport.ts";

const FLOATS_PER_QUAD = 8;
const FIRST_CAPACITY = 512;
const TINT_MULTIPLY = 0;

/** The public part of Phaser's quad batch that a layer calls. */
type QuadBatch = {
  batch(
    context: unknown,
    texture: unknown,
    topLeftX: number,
    topLeftY: number,
    bottomLeftX: number,
    bottomLeftY: number,
    topRightX: number,
    topRightY: number,
    bottomRightX: number,
    bottomRightY: number,
    u: number,
    v: number,
    uWidth: number,
    vHeight: number,
    tintMode: number,
    tintTopLeft: number,
    tintBottomLeft: number,
    tintTopRight: number,
    tintBottomRight: number,
    options: object,
  ): void;
};

const batchOptions = { multiTexturing: true, lighting: null, smoothPixelArt: null };

export class QuadLayer extends Phaser.GameObjects.Blitter {
  readonly #table: FrameTable;
  readonly #viewport: Viewport;
  #corners = new Float32Array(FIRST_CAPACITY * FLOATS_PER_QUAD);
  #tints = new Uint32Array(FIRST_CAPACITY);
  #frames = new Uint16Array(FIRST_CAPACITY);
  #count = 0;

  constructor(scene: Phaser.Scene, table: FrameTable, viewport: Viewport, blendMode: Phaser.BlendModes) {
    super(scene, 0, 0, "__WHITE");
    this.#table = table;
    this.#viewport = viewport;
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
    const view = this.#viewport;
    const offsetX = x - view.centreX;
    const offsetY = y - view.centreY;
    const reach = (Math.abs(width) + Math.abs(height)) / 2;
    if (Math.abs(offsetX) > view.halfWidth + reach || Math.abs(offsetY) > view.halfHeight + reach || alpha <= 0) return;
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
  renderWebGL(renderer: Phaser.Renderer.WebGL.WebGLRenderer, layer: QuadLayer, context: unknown): void {
    layer.#submit(renderer, context);
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
    const quad = this.#count++;
    if (quad === this.#tints.length) this.#grow();
    this.#frames[quad] = frame;
    this.#tints[quad] = ((Math.min(1, alpha) * 255) << 24) | tint;
    const corners = this.#corners;
    const at = quad * FLOATS_PER_QUAD;
    corners[at] = x - alongX - acrossX;
    corners[at + 1] = y - alongY - acrossY;
    corners[at + 2] = x - alongX + acrossX;
    corners[at + 3] = y - alongY + acrossY;
    corners[at + 4] = x + alongX - acrossX;
    corners[at + 5] = y + alongY - acrossY;
    corners[at + 6] = x + alongX + acrossX;
    corners[at + 7] = y + alongY + acrossY;
  }

  #submit(renderer: Phaser.Renderer.WebGL.WebGLRenderer, context: unknown): void {
    const batch = renderer.renderNodes.getNode("BatchHandlerQuad") as unknown as QuadBatch;
    const corners = this.#corners;
    for (let quad = 0; quad < this.#count; quad++) {
      const frame = this.#table.frames[this.#frames[quad]!]!;
      const tint = this.#tints[quad]!;
      const at = quad * FLOATS_PER_QUAD;
      batch.batch(
        context,
        frame.source.glTexture,
        corners[at]!,
        corners[at + 1]!,
        corners[at + 2]!,
        corners[at + 3]!,
        corners[at + 4]!,
        corners[at + 5]!,
        corners[at + 6]!,
        corners[at + 7]!,
        frame.u0,
        frame.v0,
        frame.u1 - frame.u0,
        frame.v1 - frame.v0,
        TINT_MULTIPLY,
        tint,
        tint,
        tint,
        tint,
        batchOptions,
      );
    }
  }

  #grow(): void {
    const capacity = this.#tints.length * 2;
    this.#corners = grown(this.#corners, new Float32Array(capacity * FLOATS_PER_QUAD));
    this.#tints = grown(this.#tints, new Uint32Array(capacity));
    this.#frames = grown(this.#frames, new Uint16Array(capacity));
  }
}

function grown<Numbers extends Float32Array | Uint32Array | Uint16Array>(old: Numbers, larger: Numbers): Numbers {
  larger.set(old);
  return larger;
}
