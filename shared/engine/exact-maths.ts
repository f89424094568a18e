/**
 * Exact maths: angles as whole numbers, and directions from a table, so that no engine's last bit can show.
 *
 * An angle is an integer from 0 to TURN − 1; 0 points right, and it grows clockwise on a screen whose y grows downwards.
 * Only this file may call Math.sin: its entries are rounded to 2^-14, far coarser than any engine's error.
 */

/** Angle steps to the full turn. */
export const TURN = 1024;

const ENTRY_STEPS = 1 << 14;

const SINES: Float64Array = buildSines();

function buildSines(): Float64Array {
  const sines = new Float64Array(TURN);
  for (let angle = 0; angle < TURN; angle++) {
    sines[angle] = Math.round(Math.sin((angle * 2 * Math.PI) / TURN) * ENTRY_STEPS) / ENTRY_STEPS;
  }
  return sines;
}

/** Sine of an angle in TURN steps (any integer), a multiple of 2^-14. */
export function sine(angle: number): number {
  return SINES[angle & (TURN - 1)];
}

/** Cosine of an angle in TURN steps (any integer), a multiple of 2^-14. */
export function cosine(angle: number): number {
  return SINES[(angle + TURN / 4) & (TURN - 1)];
}

/**
 * The angle whose table direction is nearest to (x, y), by bisection on cross products: exact, and the same everywhere.
 * (0, 0) gives 0.
 */
export function angleOf(x: number, y: number): number {
  if (x === 0 && y === 0) return 0;
  let low = y >= 0 ? 0 : TURN / 2;
  for (let half = TURN / 4; half >= 1; half = half >> 1) {
    const middle = low + half;
    if (cosine(middle) * y - sine(middle) * x >= 0) low = middle;
  }
  const short = cosine(low) * y - sine(low) * x;
  const over = x * sine(low + 1) - y * cosine(low + 1);
  return (short > over ? low + 1 : low) & (TURN - 1);
}

/** The signed way from angle `from` to angle `to`, −TURN/2 to TURN/2 − 1. */
export function turnBetween(from: number, to: number): number {
  return ((to - from + TURN / 2) & (TURN - 1)) - TURN / 2;
}

/** `value` kept within [low, high]. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
