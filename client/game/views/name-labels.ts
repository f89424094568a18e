/**
 * Names over ships: each is written once, with the browser's own fonts, into a slot of one texture.
 *
 * A name is whatever a player typed, in any script, so a font baked ahead would not do. Slots that were not drawn for
 * the longest time are written over; new names wait for the next upload, of which there are few a second.
 *
 * Next: match-stage.ts.
 */

import type * as Phaser from "phaser";
import { cutFrame, type FrameId, type FrameTable } from "./frames.ts";
import type { QuadLayer } from "./quad-layer.ts";

const SHEET_TEXELS = 1024;
const SLOT_WIDTH = 204;
const SLOT_HEIGHT = 32;
const TEXELS_PER_UNIT = 1.6;
const FONT = "600 22px 'Segoe UI', 'Helvetica Neue', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";
const UPLOAD_INTERVAL_MS = 120;
/** A name seen this lately keeps its slot: in a crowd with more names than slots, some ships go without one. */
const KEEP_MS = 2500;

type Slot = {
  name: string | undefined;
  usedMs: number;
  isUploaded: boolean;
  readonly frame: FrameId;
  readonly x: number;
  readonly y: number;
};

export class NameLabels {
  readonly #texture: Phaser.Textures.CanvasTexture;
  readonly #slots: Slot[] = [];
  readonly #byName = new Map<string, Slot>();
  #nowMs = 0;
  #uploadedMs = 0;
  #isDirty = false;

  constructor(textures: Phaser.Textures.TextureManager, table: FrameTable) {
    const texture = textures.createCanvas("names", SHEET_TEXELS, SHEET_TEXELS);
    if (texture === null) throw new Error("the name sheet is made once for each game");
    this.#texture = texture;
    for (let y = 0; y + SLOT_HEIGHT <= SHEET_TEXELS; y += SLOT_HEIGHT) {
      for (let x = 0; x + SLOT_WIDTH <= SHEET_TEXELS; x += SLOT_WIDTH) {
        const frame = cutFrame(table, texture, x, y, SLOT_WIDTH, SLOT_HEIGHT);
        this.#slots.push({ name: undefined, usedMs: 0, isUploaded: false, frame, x, y });
      }
    }
  }

  /** Uploads what was written since the last time, at most a few times a second. */
  startFrame(nowMs: number): void {
    this.#nowMs = nowMs;
    if (!this.#isDirty || nowMs - this.#uploadedMs < UPLOAD_INTERVAL_MS) return;
    this.#texture.refresh();
    this.#isDirty = false;
    this.#uploadedMs = nowMs;
    for (const slot of this.#slots) slot.isUploaded = slot.name !== undefined;
  }

  draw(layer: QuadLayer, name: string, x: number, y: number, tint: number): void {
    const slot = this.#byName.get(name) ?? this.#write(name);
    if (slot === undefined) return;
    slot.usedMs = this.#nowMs;
    if (!slot.isUploaded) return;
    layer.drawUpright(slot.frame, x, y, SLOT_WIDTH / TEXELS_PER_UNIT, SLOT_HEIGHT / TEXELS_PER_UNIT, tint, 0.92);
  }

  #write(name: string): Slot | undefined {
    if (name === "") return undefined;
    const slot = this.#leastUsed();
    if (slot.name !== undefined && this.#nowMs - slot.usedMs < KEEP_MS) return undefined;
    if (slot.name !== undefined) this.#byName.delete(slot.name);
    slot.name = name;
    slot.isUploaded = false;
    this.#byName.set(name, slot);
    writeName(this.#texture.context, name, slot);
    this.#isDirty = true;
    return slot;
  }

  #leastUsed(): Slot {
    let oldest = this.#slots[0]!;
    for (const slot of this.#slots) {
      if (slot.name === undefined) return slot;
      if (slot.usedMs < oldest.usedMs) oldest = slot;
    }
    return oldest;
  }
}

function writeName(context: CanvasRenderingContext2D, name: string, slot: Slot): void {
  context.clearRect(slot.x, slot.y, SLOT_WIDTH, SLOT_HEIGHT);
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 5;
  context.strokeStyle = "rgba(2,5,14,0.85)";
  context.fillStyle = "#fff";
  const x = slot.x + SLOT_WIDTH / 2;
  const y = slot.y + SLOT_HEIGHT / 2;
  context.strokeText(name, x, y, SLOT_WIDTH - 10);
  context.fillText(name, x, y, SLOT_WIDTH - 10);
}
