/**
 * Colours: every colour of the picture, from a ship's hue or by name.
 *
 * Next: the views.
 */

const HUES = 360;

export type Palette = {
  /** A ship's trim and trail. */
  readonly body: Uint32Array;
  /** Bolts and sparks: nearly white. */
  readonly bright: Uint32Array;
  /** Glow on the ground. */
  readonly deep: Uint32Array;
};

export const Colour = {
  white: 0xffffff,
  grid: 0x2a6a9c,
  border: 0x38d6ff,
  wallGlow: 0x2f8fd6,
  shield: 0x7de8ff,
  barBack: 0x050a16,
  danger: 0xff4b5c,
  ember: 0xffb066,
} as const;

export function createPalette(): Palette {
  return { body: hueTable(0.92, 0.63), bright: hueTable(1, 0.84), deep: hueTable(0.85, 0.48) };
}

/** The entry of a table for a hue in degrees, whatever whole or fractional number comes. */
export function tintOf(table: Uint32Array, hue: number): number {
  return table[((Math.round(hue) % HUES) + HUES) % HUES]!;
}

function hueTable(saturation: number, lightness: number): Uint32Array {
  return Uint32Array.from({ length: HUES }, (_, hue) => fromHsl(hue, saturation, lightness));
}

/** 0xRRGGBB. */
export function fromHsl(hue: number, saturation: number, lightness: number): number {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return (channel(0) << 16) | (channel(8) << 8) | channel(4);
}
