/**
 * The quad program: how corners lie in memory, and what the graphics card makes of them.
 *
 * Phaser's own batch is handed one quad at a time, as twenty arguments, and works out blend mode, texture and shader for
 * each anew: with some thousand quads a frame that was a fifth of all the script there was. Here the views' quads are
 * written once, as the card reads them, and a layer is one upload and one call. Phaser still owns the context: its
 * wrappers bring everything back when it was lost.
 *
 *     corner, 16 bytes: x, y (floats, canvas pixels) | u, v (16 bits each, 65535 is 1) | blue, green, red, alpha
 *
 * Next: quad-layer.ts, which fills the buffers.
 */

import type * as Phaser from "phaser";

type Renderer = Phaser.Renderer.WebGL.WebGLRenderer;
type Context = Phaser.Renderer.WebGL.DrawingContext;
type Buffer = Phaser.Renderer.WebGL.Wrappers.WebGLBufferWrapper;
type Vao = Phaser.Renderer.WebGL.Wrappers.WebGLVAOWrapper;
type Texture = Phaser.Renderer.WebGL.Wrappers.WebGLTextureWrapper;

const WORDS_PER_CORNER = 4;
export const WORDS_PER_QUAD = 4 * WORDS_PER_CORNER;
const BYTES_PER_QUAD = WORDS_PER_QUAD * 4;
const FIRST_QUADS = 512;
/** As many as indices of 16 bits reach: about 900 ships with all their light in one view. */
const MOST_QUADS = 65_536 / 4;
/** Two triangles. Corners are in the order that a strip would have. */
const INDICES = [0, 1, 2, 2, 1, 3] as const;

const VERTEX_SHADER = `
precision highp float;
uniform vec2 uPixels;
attribute vec2 inPlace;
attribute vec2 inTexel;
attribute vec4 inTint;
varying vec2 texel;
varying vec4 tint;
void main() {
  gl_Position = vec4(inPlace.x / uPixels.x * 2.0 - 1.0, 1.0 - inPlace.y / uPixels.y * 2.0, 0.0, 1.0);
  texel = inTexel;
  tint = vec4(inTint.bgr * inTint.a, inTint.a);
}`;

/** Textures are premultiplied, and so is what blends. */
const FRAGMENT_SHADER = `
precision mediump float;
uniform sampler2D uTexture;
varying vec2 texel;
varying vec4 tint;
void main() {
  gl_FragColor = texture2D(uTexture, texel) * tint;
}`;

/** Quads of one layer, in the layout that the program reads, both in the page's memory and in the card's. */
export type QuadBuffer = { readonly corners: Buffer; readonly vao: Vao };

export class QuadProgram {
  readonly #renderer: Renderer;
  readonly #program: Phaser.Renderer.WebGL.Wrappers.WebGLProgramWrapper;
  readonly #indices: Buffer;

  constructor(renderer: Renderer) {
    this.#renderer = renderer;
    this.#program = renderer.createProgram(VERTEX_SHADER, FRAGMENT_SHADER);
    this.#program.setUniform("uTexture", 0);
    const indices = Uint16Array.from({ length: MOST_QUADS * INDICES.length }, (_, index) => {
      const quad = Math.floor(index / INDICES.length);
      return quad * 4 + INDICES[index % INDICES.length]!;
    });
    this.#indices = renderer.createIndexBuffer(indices.buffer, renderer.gl.STATIC_DRAW);
  }

  openBuffer(): QuadBuffer {
    const { gl } = this.#renderer;
    const corners = this.#renderer.createVertexBuffer(new ArrayBuffer(FIRST_QUADS * BYTES_PER_QUAD), gl.DYNAMIC_DRAW);
    const layout = [
      { name: "inPlace", size: 2, type: gl.FLOAT, normalized: false, offset: 0 },
      { name: "inTexel", size: 2, type: gl.UNSIGNED_SHORT, normalized: true, offset: 8 },
      { name: "inTint", size: 4, type: gl.UNSIGNED_BYTE, normalized: true, offset: 12 },
    ];
    // Phaser's types ask for another shape than its code.
    const described = { buffer: corners, layout: { stride: WORDS_PER_CORNER * 4, layout } };
    return { corners, vao: this.#renderer.createVAO(this.#program, this.#indices, [described as never]) };
  }

  /** Draws the first quads of a buffer, all from one texture, with the context's blend mode. */
  draw(context: Context, texture: Texture, { corners, vao }: QuadBuffer, quads: number): void {
    const renderer = this.#renderer;
    renderer.renderNodes.startStandAloneRender();
    corners.update(quads * BYTES_PER_QUAD);
    this.#program.setUniform("uPixels", [context.width, context.height]);
    renderer.drawElements(context, [texture], this.#program, vao, quads * INDICES.length, 0, renderer.gl.TRIANGLES);
  }
}

/** Makes a full buffer twice as large; false: it has its full size already. */
export function growBuffer({ corners }: QuadBuffer): boolean {
  const quads = corners.dataBuffer.byteLength / BYTES_PER_QUAD;
  if (quads === MOST_QUADS) return false;
  const written = corners.viewU32!;
  corners.resize(corners.dataBuffer.byteLength * 2);
  corners.viewU32!.set(written);
  return true;
}
