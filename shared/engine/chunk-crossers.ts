/**
 * How a crosser travels in a chunk: an entity that has come from a cell next door, as differences from what its row
 * there foretells. Only a reader who knew that cell at `from` can read it; for others it is an enterer like any other.
 *
 *   Golomb(count), for each 4 which cell next door · Golomb(place in the list of those known there at `from`) ·
 *   differences, as of a survivor without a pace
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { CellGrid } from "./cell-grid.ts";
import type { EntityId } from "./entity-kind.ts";
import type { IntList } from "./int-list.ts";
import type { RowTable } from "./records.ts";

const COUNT_ORDER = 0;
const PLACE_ORDER = 1;
/** The nine cells around and with one, row by row. */
const DOOR_BITS = 4;
const DOORS = 9;

/** Which of the nine a cell is, seen from another; −1: it is not next door, or the same. */
function doorOf({ columns, count }: CellGrid, region: number, cell: number): number {
  if (region >= count || cell === region) return -1;
  const across = (cell % columns) - (region % columns);
  const down = Math.floor(cell / columns) - Math.floor(region / columns);
  return Math.abs(across) <= 1 && Math.abs(down) <= 1 ? (down + 1) * 3 + across + 1 : -1;
}

/** The cell behind a door; −1: there is none. */
function cellBehind({ columns, count }: CellGrid, region: number, door: number): number {
  const column = (region % columns) + (door % 3) - 1;
  const cell = region + (Math.floor(door / 3) - 1) * columns + (door % 3) - 1;
  return door < DOORS && column >= 0 && column < columns && cell >= 0 && cell < count && cell !== region ? cell : -1;
}

/** The cell next door where an entity stood, or −1. */
export function cellItCameFrom(grid: CellGrid, region: number, from: RowTable, id: EntityId): number {
  const slot = from.slotOf(id);
  const cell = slot < 0 ? -1 : from.regionOf(slot);
  return cell < 0 || doorOf(grid, region, cell) < 0 ? -1 : cell;
}

/** Writes where an entity came from, whose cell is next door. @param place where it stood in its reader's list of those there */
export function writeOrigin(writer: BitWriter, grid: CellGrid, region: number, cell: number, place: number): void {
  writer.bits(doorOf(grid, region, cell), DOOR_BITS);
  writer.golomb(place, PLACE_ORDER);
}

/** Where an entity stands in the list of all in its cell. */
export function placeInCell(table: RowTable, cell: number, slot: number): number {
  let place = table.starts[cell];
  while (table.slots[place] !== slot) place++;
  return place - table.starts[cell];
}

export function writeCrosserCount(writer: BitWriter, { count }: IntList): void {
  writer.golomb(count, COUNT_ORDER);
}

/** For each crosser what its reader knows of it, from `knownIn` the cell that it came from. */
export function* readCrossers<Entity>(
  reader: BitReader,
  grid: CellGrid,
  region: number,
  knownIn: (cell: number) => readonly Entity[],
): Iterable<Entity> {
  const count = reader.golomb(COUNT_ORDER);
  for (let crosser = 0; crosser < count && !reader.failed; crosser++) {
    const cell = cellBehind(grid, region, reader.bits(DOOR_BITS));
    const entity = (cell < 0 ? [] : knownIn(cell))[reader.golomb(PLACE_ORDER)];
    if (entity === undefined) reader.failed = true;
    else yield entity;
  }
}
