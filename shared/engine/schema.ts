/**
 * Schemas: a record of whole numbers declared once, from which its type, its codec, its range checks and its part of
 * the protocol hash follow. Commands, events and entity kinds are all schemas; a row is one record's numbers in a
 * typed array, in the order of declaration.
 */

/** One whole number of a record. */
export type Field = {
  readonly min: number;
  readonly max: number;
  /** A coordinate in quanta: in a chunk it travels relative to its cell. Its range is set by the map, up to `max`. */
  readonly axis?: "x" | "y";
  /** An angle or the like: min is 0 and max + 1 is 0 again. */
  readonly wraps?: true;
  /** A tick number: it travels as its age, in ticks before the tick of the frame. */
  readonly isTick?: true;
  /** How a value between two ticks is drawn; "step" unless told. */
  readonly blend?: "linear" | "turn" | "step";
  /** Fields of one group share a bit that says whether any of them differs from what was predicted. */
  readonly group?: number;
  /** What a player holds: it stays until told otherwise, and a change of it is told with its age. */
  readonly isHeld?: true;
  /** What nothing in the row foretells, but what goes on at a pace: it is foretold by how fast its reader saw it change last. */
  readonly keepsPace?: true;
  /** Golomb order of what differs from the prediction; the base-2 logarithm of its usual size. */
  readonly residualOrder?: number;
  /** By how much that order grows with each doubling of the ticks, from four on, for which it was predicted; 0 unless told. */
  readonly residualGrowth?: number;
  /** Golomb order of the whole value, where small values are far more usual; a plain binary number unless told. */
  readonly wholeOrder?: number;
  /** How a sketch tells it, see chunk-sketch.ts; whole unless told. */
  readonly rough?: Roughness;
  /** Told to the owner alone. */
  readonly isPrivate?: true;
  /** Of a private field: it falls by 1 with each tick, down to its least value. */
  readonly countsDown?: true;
  /** Decided by others' doings: a difference is adopted, and is no misprediction. */
  readonly isSettledByServer?: true;
};

/** A value rounded to steps of 2^bits. */
export type Roughness = {
  readonly bits: number;
  /** Golomb order of a signed number of steps; unless told, they are coded as the whole value is. */
  readonly order?: number;
};

export type Fields = Readonly<Record<string, Field>>;

export type Schema<F extends Fields = Fields> = {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly names: readonly (keyof F & string)[];
  /** Where each field stands in a row. */
  readonly at: { readonly [Name in keyof F]: number };
};

/** A record of schema S as a plain object. */
export type RecordOf<S extends Schema> = { [Name in S["names"][number]]: number };

/** @throws when a field's range is not one that the codec can carry. */
export function defineSchema<const F extends Fields>(name: string, fields: F): Schema<F> {
  const names = Object.keys(fields);
  for (const field of names) checkField(`${name}.${field}`, fields[field]);
  const at = Object.fromEntries(names.map((field, index) => [field, index]));
  return { name, names, fields: Object.values(fields).map(alike), at: at as Schema<F>["at"] };
}

/** The same field with all that a field may have, in one order: code that reads fields of many shapes is slow. */
function alike(field: Field): Field {
  const { min, max, axis, wraps, isTick, blend, group, isHeld, keepsPace } = field;
  const { residualOrder, residualGrowth, wholeOrder, rough, isPrivate, countsDown, isSettledByServer } = field;
  const motion = { axis, wraps, isTick, blend, group, isHeld, keepsPace };
  const coding = { residualOrder, residualGrowth, wholeOrder, rough, isPrivate, countsDown, isSettledByServer };
  return { min, max, ...motion, ...coding };
}

function checkField(name: string, field: Field): void {
  const isWhole = Number.isInteger(field.min) && Number.isInteger(field.max);
  if (!isWhole || field.min > field.max || field.max - field.min > 2 ** 30) {
    throw new Error(`${name}: min and max must be whole numbers at most 2^30 apart, not ${field.min} and ${field.max}`);
  }
  if (field.rough !== undefined && field.isTick)
    throw new Error(`${name}: a sketch cannot round the number of a tick: leave out rough or isTick`);
  if (field.wraps && (field.min !== 0 || !Number.isInteger(Math.log2(field.max + 1)))) {
    throw new Error(
      `${name}: a field that wraps runs from 0 to a power of two less one, not ${field.min} to ${field.max}`,
    );
  }
}

/**
 * Copies a record into a row.
 * @throws when a value is not a whole number in its field's range: the step must quantise and limit its state.
 */
export function writeRow(
  schema: Schema,
  record: Readonly<Record<string, number>>,
  rows: Int32Array,
  offset: number,
): void {
  for (let index = 0; index < schema.fields.length; index++) {
    const value = record[schema.names[index]];
    const field = schema.fields[index];
    if (!(value >= field.min && value <= field.max) || value !== Math.trunc(value)) {
      throw new RangeError(
        `${schema.name}.${schema.names[index]} is ${value}; a step must leave it a whole number from ${field.min} to ${field.max}`,
      );
    }
    rows[offset + index] = value;
  }
}

/** Copies a row into a record. */
export function readRow(
  schema: Schema,
  rows: Int32Array | Float64Array,
  offset: number,
  record: Record<string, number>,
): void {
  for (let index = 0; index < schema.fields.length; index++) record[schema.names[index]] = rows[offset + index];
}

/** A row as a new record. */
export function recordOf<S extends Schema>(schema: S, rows: Int32Array | Float64Array, offset: number): RecordOf<S> {
  const record: Record<string, number> = {};
  readRow(schema, rows, offset, record);
  return record as RecordOf<S>;
}

/** Whether a record's values are all whole numbers in range; for records that were built from input. */
export function isInRange(schema: Schema, record: Readonly<Record<string, number>>): boolean {
  return schema.fields.every((field, index) => {
    const value = record[schema.names[index]];
    return Number.isInteger(value) && value >= field.min && value <= field.max;
  });
}
