/**
 * Entity kinds: a schema plus what replication must know of it.
 */
import { defineSchema, type Field, type Fields, type Schema } from "./schema.ts";

/** Unique in a room for as long as anyone may mean it; below 2^49. */
export type EntityId = number;

/** A number that follows from a row's public fields; `at` says where each of them stands. */
type RowFunction<F extends Fields> = (rows: Int32Array, offset: number, at: Schema<F>["at"]) => number;

export type KindTraits<F extends Fields> = {
  /** Rows never change: they cost bytes at birth, and at an early end. */
  readonly isStill?: true;
  /** The tick from which the entity is gone by itself, as its row tells; the reader then removes it unasked. */
  readonly endOf?: RowFunction<F>;
  /** The id as a function of the row, where it need not travel. */
  readonly idOf?: RowFunction<F>;
  /** The field with the id of the entity of the first kind that brings this one forth; its row foretells this one's. */
  readonly anchor?: keyof F & string;
};

export type EntityKind<F extends Fields = Fields> = Schema<F> & {
  readonly isStill: boolean;
  readonly endOf: ((rows: Int32Array, offset: number) => number) | undefined;
  readonly idOf: ((rows: Int32Array, offset: number) => EntityId) | undefined;
  /** Where the anchor's id stands in a row, or −1. */
  readonly anchorField: number;
  /** Fields that an anchor foretells, where there is one. */
  readonly foretoldFields: readonly number[];
  /** Fields that everyone who sees the entity is told and that are not held, by group, in order of group. */
  readonly publicGroups: readonly (readonly number[])[];
  /** Fields that the entity's player holds. */
  readonly heldFields: readonly number[];
  readonly publicFields: readonly number[];
  /** Public fields that are mostly at their least, and all others. */
  readonly rareFields: readonly number[];
  readonly plainFields: readonly number[];
  readonly privateFields: readonly number[];
  /** Fields that go on changing as they did, as far as a reader has seen it. */
  readonly pacedFields: readonly number[];
};

export function defineKind<const F extends Fields>(name: string, fields: F, traits: KindTraits<F> = {}): EntityKind<F> {
  const schema = defineSchema(name, fields);
  const publicFields = schema.fields.flatMap((field, index) => (field.isPrivate ? [] : [index]));
  const heldFields = publicFields.filter((index) => schema.fields[index].isHeld);
  const movedFields = publicFields.filter((index) => !schema.fields[index].isHeld);
  const groups = Map.groupBy(movedFields, (index) => schema.fields[index].group ?? 0);
  const publicGroups = [...groups].sort(([one], [other]) => one - other).map(([, indices]) => indices);
  const anchorField = traits.anchor === undefined ? -1 : schema.at[traits.anchor];
  return {
    ...schema,
    isStill: traits.isStill ?? false,
    endOf: bindRow(schema, traits.endOf),
    idOf: bindRow(schema, traits.idOf),
    anchorField,
    foretoldFields: publicFields.filter((index) => index !== anchorField && !schema.fields[index].isTick),
    publicGroups,
    heldFields,
    publicFields,
    rareFields: publicFields.filter((index) => isRare(schema.fields[index])),
    plainFields: publicFields.filter((index) => !isRare(schema.fields[index])),
    privateFields: [...schema.fields.keys()].filter((index) => schema.fields[index].isPrivate),
    pacedFields: publicFields.filter((index) => schema.fields[index].keepsPace),
  };
}

/** Whole values of order 0 are told in one bit when they are at their least. */
function isRare({ wholeOrder }: Field): boolean {
  return wholeOrder === 0;
}

function bindRow<F extends Fields>(schema: Schema<F>, find: RowFunction<F> | undefined) {
  if (find === undefined) return undefined;
  return (rows: Int32Array, offset: number) => find(rows, offset, schema.at);
}
