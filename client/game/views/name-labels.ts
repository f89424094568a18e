/**
 * Names over ships: each is written once, with the browser's own fonts, into a slot of a sheet.
 *
 * A name is whatever a player typed, in any script, so a font baked ahead would not do. An upload costs by the size of
 * a sheet (1 MB took about 2.5 ms in software), so there are several small ones, and at most one goes up in a frame.
 * A sheet has a layer of its own: all its names are one draw call.
 *
 * Next: match-stage.ts.
 */

import { lettersOf } from "@starwake/shared/engine/player-name.ts";
import * as Phaser from "phaser";
import { createFrameTable, cutFrame, type FrameId, type FrameTable } from "./frames.ts";
import { QuadLayer } from "./quad-layer.ts";
import type { QuadProgram } from "./quad-program.ts";
import type { Viewport } from "./viewport.ts";

const SHEETS = 4;
const SHEET_TEXELS = 512;
const SLOT_WIDTH = 170;
const SLOT_HEIGHT = 32;
const TEXELS_PER_UNIT = 1.6;
/** On a small screen names shrink with the world only until a unit is this much of a CSS pixel: some 10 pixels a letter. */
const LEAST_PIXELS_PER_UNIT = 0.75;
const FONT = "600 22px 'Segoe UI', 'Helvetica Neue', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";
const NAME_WIDTH = SLOT_WIDTH - 10;
/** A name is squeezed so far into its slot; more could not be read, and its end is left out. */
const MOST_SQUEEZE = 1.3;
/** A name whose first letter belongs to a script written from right to left. */
const RIGHT_TO_LEFT = /^\P{L}*[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
/** A name seen this lately keeps its slot: in a crowd with more names than slots, some ships go without one. */
const KEEP_MS = 2500;

type Sheet = {
  readonly texture: Phaser.Textures.CanvasTexture;
  readonly table: FrameTable;
  readonly layer: QuadLayer;
  isDirty: boolean;
};

type Slot = {
  readonly sheet: Sheet;
  readonly frame: FrameId;
  /** Texels. */
  readonly x: number;
  readonly y: number;
  name: string | undefined;
  usedMs: number;
  isUploaded: boolean;
};

export class NameLabels {
  readonly #sheets: readonly Sheet[];
  readonly #slots: readonly Slot[];
  readonly #byName = new Map<string, Slot>();
  readonly #view: Viewport;
  #nowMs = 0;

  /** Its layers lie over whatever was added to the scene before. */
  constructor(scene: Phaser.Scene, program: QuadProgram, view: Viewport) {
    this.#view = view;
    this.#sheets = Array.from({ length: SHEETS }, (_, index) => openSheet(scene, program, view, index));
    this.#slots = this.#sheets.flatMap(cutSlots);
  }

  /** Empties the layers and uploads one sheet that was written on. */
  startFrame(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const sheet of this.#sheets) sheet.layer.startFrame();
    const dirty = this.#sheets.find((sheet) => sheet.isDirty);
    if (dirty === undefined) return;
    dirty.texture.refresh();
    dirty.isDirty = false;
    for (const slot of this.#slots) if (slot.sheet === dirty) slot.isUploaded = slot.name !== undefined;
  }

  /** @param y the name's middle, at its usual size; a larger one grows upwards */
  draw(name: string, x: number, y: number, tint: number): void {
    const slot = this.#byName.get(name) ?? this.#write(name);
    if (slot === undefined) return;
    slot.usedMs = this.#nowMs;
    if (!slot.isUploaded) return;
    const { layer } = slot.sheet;
    const grown = this.#growth();
    const width = (SLOT_WIDTH / TEXELS_PER_UNIT) * grown;
    const height = (SLOT_HEIGHT / TEXELS_PER_UNIT) * grown;
    layer.drawUpright(slot.frame, x, y - (height - height / grown) / 4, width, height, tint, 0.92);
  }

  #growth(): number {
    const { box, halfWidth } = this.#view;
    return Math.max(1, LEAST_PIXELS_PER_UNIT / (box.width / (halfWidth * 2)));
  }

  #write(name: string): Slot | undefined {
    const slot = name === "" ? undefined : this.#freeSlot();
    if (slot === undefined) return undefined;
    if (slot.name !== undefined) this.#byName.delete(slot.name);
    slot.name = name;
    slot.isUploaded = false;
    this.#byName.set(name, slot);
    writeName(slot.sheet.texture.context, name, slot);
    slot.sheet.isDirty = true;
    return slot;
  }

  /** An empty slot, or the one whose name was not seen for longest. */
  #freeSlot(): Slot | undefined {
    let oldest = this.#slots[0]!;
    for (const slot of this.#slots) {
      if (slot.name === undefined) return slot;
      if (slot.usedMs < oldest.usedMs) oldest = slot;
    }
    return this.#nowMs - oldest.usedMs > KEEP_MS ? oldest : undefined;
  }
}

function openSheet(scene: Phaser.Scene, program: QuadProgram, view: Viewport, index: number): Sheet {
  const texture = scene.textures.createCanvas(`names${index}`, SHEET_TEXELS, SHEET_TEXELS);
  if (texture === null) throw new Error("the name sheets are made once for each game");
  const table = createFrameTable(texture);
  const layer = new QuadLayer(scene, program, table, view, Phaser.BlendModes.NORMAL);
  return { texture, table, layer, isDirty: false };
}

function cutSlots(sheet: Sheet): Slot[] {
  const slots: Slot[] = [];
  for (let y = 0; y + SLOT_HEIGHT <= SHEET_TEXELS; y += SLOT_HEIGHT) {
    for (let x = 0; x + SLOT_WIDTH <= SHEET_TEXELS; x += SLOT_WIDTH) {
      const frame = cutFrame(sheet.table, x, y, SLOT_WIDTH, SLOT_HEIGHT);
      slots.push({ sheet, frame, x, y, name: undefined, usedMs: 0, isUploaded: false });
    }
  }
  return slots;
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
  // As the page's lists have it, whose names each go their own way (dir="auto").
  context.direction = RIGHT_TO_LEFT.test(name) ? "rtl" : "ltr";
  const shown = cutToFit(context, name);
  context.strokeText(shown, x, y, NAME_WIDTH);
  context.fillText(shown, x, y, NAME_WIDTH);
}

function cutToFit(context: CanvasRenderingContext2D, name: string): string {
  const fits = (text: string): boolean => context.measureText(text).width <= NAME_WIDTH * MOST_SQUEEZE;
  if (fits(name)) return name;
  const letters = lettersOf(name);
  const cut = (): string => `${letters.join("").trimEnd()}…`;
  while (letters.length > 1 && !fits(cut())) letters.pop();
  return cut();
}
