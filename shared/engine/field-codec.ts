/**
 * How one field travels: whole (the reader knows nothing) or as a residual (the reader can predict it). Writing and
 * reading stand side by side, both driven by the field's declaration.
 *
 *   whole coordinate   1 near? · near: value − cell origin + slack, in as few bits as cell and slack need
 *                              · else: value − min, in as many bits as the range needs
 *   whole tick         Golomb(frame tick − value)
 *   whole small value  Golomb(value − min)
 *   whole value        value − min, in as many bits as the range needs
 *   rough              1 near? as for a coordinate, Golomb or a plain number, of steps instead of values: see roughened
 *   residual           signed Golomb(value − predicted), around the circle where the field wraps
 *   residual that is known not to be 0: the same, without a code for 0
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import { clamp } from "./exact-maths.ts";
import type { Field, Roughness, Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** What whole values are relative to. */
export type Reference = {
  readonly tick: Tick;
  readonly originX: number;
  readonly originY: number;
  readonly nearSpan: number;
  readonly nearSlack: number;
};

/** For records that stand in no cell: every coordinate travels in full. */
export function noCell(tick: Tick): Reference {
  return { tick, originX: 0, originY: 0, nearSpan: 0, nearSlack: 0 };
}

const TICK_AGE_ORDER = 2;
const DEFAULT_RESIDUAL_ORDER = 2;

/** Bits that hold whole numbers from 0 to `span`. */
export function bitsFor(span: number): number {
  return 32 - Math.clz32(span);
}

export function writeWhole(writer: BitWriter, field: Field, value: number, reference: Reference): void {
  if (field.axis !== undefined && reference.nearSpan > 0) {
    const near = value - (field.axis === "x" ? reference.originX : reference.originY) + reference.nearSlack;
    const isNear = near >= 0 && near < reference.nearSpan;
    writer.bit(isNear);
    if (isNear) writer.bits(near, bitsFor(reference.nearSpan - 1));
    else writer.bits(value - field.min, bitsFor(field.max - field.min));
  } else if (field.isTick) writer.golomb(reference.tick - value, TICK_AGE_ORDER);
  else if (field.wholeOrder !== undefined) writer.golomb(value - field.min, field.wholeOrder);
  else writer.bits(value - field.min, bitsFor(field.max - field.min));
}

/** The value; the reader has failed when it is out of the field's range. */
export function readWhole(reader: BitReader, field: Field, reference: Reference): number {
  if (field.axis !== undefined && reference.nearSpan > 0 && reader.bit()) {
    const near = reader.bits(bitsFor(reference.nearSpan - 1));
    return checked(
      reader,
      field,
      near - reference.nearSlack + (field.axis === "x" ? reference.originX : reference.originY),
    );
  }
  if (field.isTick) return checked(reader, field, reference.tick - reader.golomb(TICK_AGE_ORDER));
  if (field.wholeOrder !== undefined) return checked(reader, field, field.min + reader.golomb(field.wholeOrder));
  return checked(reader, field, field.min + reader.bits(bitsFor(field.max - field.min)));
}

/** A value as sketches have it: in steps of a power of two, from the least value, or from 0 where the steps are signed. */
export function roughened(field: Field, value: number): number {
  return fromSteps(field, toSteps(field, value));
}

function toSteps({ min, rough }: Field, value: number): number {
  const { bits, order } = rough!;
  return (value - (order === undefined ? min : 0) + ((1 << bits) >> 1)) >> bits;
}

/** The last step is the greatest value, so that what is full looks so. */
function fromSteps(field: Field, steps: number): number {
  const { min, max, wraps, rough } = field;
  const { bits, order } = rough!;
  if (wraps) return (steps << bits) & max;
  return steps === toSteps(field, max) ? max : clamp((steps << bits) + (order === undefined ? min : 0), min, max);
}

export function writeRough(writer: BitWriter, field: Field, value: number, reference: Reference): void {
  if (field.rough === undefined) {
    writeWhole(writer, field, value, reference);
    return;
  }
  const steps = toSteps(field, value);
  if (field.rough.order !== undefined) writer.signedGolomb(steps, field.rough.order);
  else if (field.wholeOrder !== undefined) writer.golomb(steps, field.wholeOrder);
  else if (field.axis !== undefined && reference.nearSpan > 0) writeCoordinateSteps(writer, field, steps, reference);
  else writer.bits(steps, bitsFor(stepsOf(field)));
}

function writeCoordinateSteps(writer: BitWriter, field: Field, steps: number, reference: Reference): void {
  const near = steps - firstNearStep(field, reference);
  const isNear = near >= 0 && near < nearSteps(field, reference);
  writer.bit(isNear);
  if (isNear) writer.bits(near, bitsFor(nearSteps(field, reference) - 1));
  else writer.bits(steps, bitsFor(stepsOf(field)));
}

/** The rounded value, the nearest in range of what was read. */
export function readRough(reader: BitReader, field: Field, reference: Reference): number {
  if (field.rough === undefined) return readWhole(reader, field, reference);
  return fromSteps(field, readSteps(reader, field, field.rough, reference));
}

function readSteps(reader: BitReader, field: Field, { order }: Roughness, reference: Reference): number {
  if (order !== undefined) return reader.signedGolomb(order);
  if (field.wholeOrder !== undefined) return reader.golomb(field.wholeOrder);
  if (field.axis !== undefined && reference.nearSpan > 0 && reader.bit())
    return firstNearStep(field, reference) + reader.bits(bitsFor(nearSteps(field, reference) - 1));
  return reader.bits(bitsFor(stepsOf(field)));
}

/** Around a cell, rounded coordinates are counted from this step on. */
function firstNearStep(field: Field, reference: Reference): number {
  const origin = field.axis === "x" ? reference.originX : reference.originY;
  return toSteps(field, origin - reference.nearSlack);
}

function nearSteps({ rough }: Field, { nearSpan }: Reference): number {
  return (nearSpan >> rough!.bits) + 1;
}

/** The greatest number of steps; around a circle the one after it is 0 again. */
function stepsOf(field: Field): number {
  return field.wraps ? field.max >> field.rough!.bits : toSteps(field, field.max);
}

/** The difference that travels: 0 when the prediction was right. */
export function residual(field: Field, value: number, predicted: number): number {
  if (!field.wraps) return value - predicted;
  const turn = field.max + 1;
  return ((value - predicted + turn / 2) & field.max) - turn / 2;
}

/** @param ticks for how many ticks the value was predicted */
export function writeResidual(writer: BitWriter, field: Field, difference: number, ticks: number): void {
  writer.signedGolomb(difference, residualOrder(field, ticks));
}

export function readDifference(reader: BitReader, field: Field, ticks: number): number {
  return reader.signedGolomb(residualOrder(field, ticks));
}

/** What was predicted for longer is further off; what comes often is predicted for one tick to three. */
function residualOrder({ residualOrder = DEFAULT_RESIDUAL_ORDER, residualGrowth = 0 }: Field, ticks: number): number {
  return ticks < 4 ? residualOrder : residualOrder + residualGrowth * (30 - Math.clz32(ticks));
}

/** For a residual that is known not to be 0, which then needs no code. */
export function writeNonzeroResidual(writer: BitWriter, field: Field, difference: number, ticks: number): void {
  writeResidual(writer, field, difference > 0 ? difference - 1 : difference, ticks);
}

export function readNonzeroDifference(reader: BitReader, field: Field, ticks: number): number {
  const difference = readDifference(reader, field, ticks);
  return difference >= 0 ? difference + 1 : difference;
}

/** What a value that has changed by `change` in `overTicks` ticks comes to if it goes on like that for `ticks`. */
export function keepPace(field: Field, value: number, change: number, overTicks: number, ticks: number): number {
  const next = value + Math.round((change * ticks) / overTicks);
  return field.wraps ? next & field.max : clamp(next, field.min, field.max);
}

/** The value that differs by so much from what was predicted; the reader has failed when it is out of range. */
export function correct(reader: BitReader, field: Field, predicted: number, difference: number): number {
  return checked(reader, field, field.wraps ? (predicted + difference) & field.max : predicted + difference);
}

function checked(reader: BitReader, field: Field, value: number): number {
  if (value >= field.min && value <= field.max) return value;
  reader.failed = true;
  return field.min;
}

/** Writes every field of a record that travels alone, private fields with them. */
export function writeAlone(
  writer: BitWriter,
  schema: Schema,
  rows: Int32Array,
  offset: number,
  reference: Reference,
): void {
  for (let index = 0; index < schema.fields.length; index++)
    writeWhole(writer, schema.fields[index], rows[offset + index], reference);
}

export function readAlone(reader: BitReader, schema: Schema, reference: Reference): Int32Array {
  return Int32Array.from(schema.fields, (field) => readWhole(reader, field, reference));
}
