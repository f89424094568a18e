/**
 * The world's hash at one tick: FNV-1a (Fowler, Noll, Vo) over every row, private fields and hidden entities with
 * them, and the state of its chance. Two worlds with one hash have gone the same way, to the last bit.
 */
import type { EngineWorld } from "./game-definition.ts";
import type { Records, RowTable } from "./records.ts";

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** An unsigned 32-bit number. */
export function hashWorld(world: EngineWorld, records: Records): number {
  let hash = mix(BASIS, world.tick);
  hash = mix(mix(mix(mix(hash, world.random.a), world.random.b), world.random.c), world.random.counter);
  for (const table of records.kinds) hash = hashTable(hash, table);
  for (const table of records.events) hash = hashTable(hash, table);
  return hash >>> 0;
}

function hashTable(start: number, table: RowTable): number {
  let hash = mix(start, table.count);
  for (let slot = 0; slot < table.count; slot++) hash = mix(hash, table.ids[slot] | 0);
  const length = table.count * table.schema.fields.length;
  for (let index = 0; index < length; index++) hash = mix(hash, table.rows[index]);
  return hash;
}

function mix(hash: number, word: number): number {
  let mixed = hash;
  for (let shift = 0; shift < 32; shift += 8) mixed = Math.imul(mixed ^ ((word >>> shift) & 255), PRIME);
  return mixed;
}
