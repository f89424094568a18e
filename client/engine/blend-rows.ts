/**
 * Blending: a row between two ticks, each field as its schema says. Values need not be whole.
 *
 * Every ship of every picture is blended, so what the schema says is first laid out in flat arrays.
 */
import type { Field, Schema } from "@starwake/shared/engine/schema.ts";

const Way = { Step: 0, Linear: 1, Turn: 2 } as const;

/** How the fields of a schema are blended: each one's way, and the whole turn of those that turn. */
export type BlendPlan = { readonly ways: Uint8Array; readonly turns: Int32Array };

export function planBlending({ fields }: Schema): BlendPlan {
  return { ways: Uint8Array.from(fields, wayOf), turns: Int32Array.from(fields, ({ max }) => max + 1) };
}

function wayOf({ blend }: Field): number {
  if (blend === "linear") return Way.Linear;
  return blend === "turn" ? Way.Turn : Way.Step;
}

/**
 * @param part 0 at `from`, 1 at `to`
 * @param row where the blended row is written
 */
export function blendRows(
  { ways, turns }: BlendPlan,
  from: Int32Array,
  to: Int32Array,
  part: number,
  row: Float64Array,
): Float64Array {
  for (let index = 0; index < ways.length; index++) {
    const value = from[index];
    if (ways[index] === Way.Linear) row[index] = value + (to[index] - value) * part;
    else if (ways[index] === Way.Turn) row[index] = value + wayAround(to[index] - value, turns[index]) * part;
    else row[index] = value;
  }
  return row;
}

/** The shorter way around, where a turn is a power of two. */
function wayAround(difference: number, turn: number): number {
  return ((difference + turn / 2) & (turn - 1)) - turn / 2;
}
