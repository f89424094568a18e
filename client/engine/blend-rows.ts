/**
 * Blending: a row between two ticks, each field as its schema says. Values need not be whole.
 */
import type { Field, Schema } from "@starwake/shared/engine/schema.ts";

/** @param part 0 at `from`, 1 at `to` */
export function blendRows(schema: Schema, from: Int32Array, to: Int32Array, part: number): Float64Array {
  const { fields } = schema;
  const row = new Float64Array(fields.length);
  for (let index = 0; index < fields.length; index++)
    row[index] = blendField(fields[index], from[index], to[index], part);
  return row;
}

function blendField(field: Field, from: number, to: number, part: number): number {
  if (field.blend === "linear") return from + (to - from) * part;
  if (field.blend !== "turn") return from;
  const turn = field.max + 1;
  const way = ((to - from + turn / 2) & field.max) - turn / 2;
  return from + way * part;
}
