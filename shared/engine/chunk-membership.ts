/**
 * Who left a region, who stayed and who came, between two ticks; and how leavers travel in a chunk:
 *
 *   Golomb(count), for each Golomb(gap in the list of those known at `from`)
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { EntityKind } from "./entity-kind.ts";
import { IntList } from "./int-list.ts";
import type { RowTable } from "./records.ts";
import type { Tick } from "./tick.ts";

const COUNT_ORDER = 0;
const LEAVER_GAP_ORDER = 1;

/** The members of a cell, compared between two ticks; slots, and for leavers gaps in the known list. */
export class Membership {
  readonly leavers = new IntList();
  readonly enterers = new IntList();
  readonly survivorsFrom = new IntList();
  readonly survivorsTo = new IntList();

  compare(kind: EntityKind, from: RowTable | undefined, to: RowTable, region: number, tick: Tick): void {
    this.leavers.clear();
    this.enterers.clear();
    this.survivorsFrom.clear();
    this.survivorsTo.clear();
    let a = from === undefined ? 0 : from.starts[region];
    const aEnd = from === undefined ? 0 : from.starts[region + 1];
    let b = to.starts[region];
    const bEnd = to.starts[region + 1];
    let gap = 0;
    while (a < aEnd || b < bEnd) {
      const slotA = a < aEnd ? from!.slots[a] : -1;
      const idA = slotA >= 0 ? from!.ids[slotA] : Infinity;
      const idB = b < bEnd ? to.ids[to.slots[b]] : Infinity;
      if (idA < idB) {
        a++;
        if (hasEnded(kind, from!.rows, slotA, tick)) continue;
        this.leavers.push(gap);
        gap = 0;
      } else if (idB < idA) this.enterers.push(to.slots[b++]);
      else {
        this.survivorsFrom.push(slotA);
        this.survivorsTo.push(to.slots[b++]);
        a++;
        gap++;
      }
    }
  }
}

function hasEnded(kind: EntityKind, rows: Int32Array, slot: number, tick: Tick): boolean {
  return kind.endOf !== undefined && kind.endOf(rows, slot * kind.fields.length) <= tick;
}

export function writeLeavers(writer: BitWriter, { items, count }: IntList): void {
  writer.golomb(count, COUNT_ORDER);
  for (let index = 0; index < count; index++) writer.golomb(items[index], LEAVER_GAP_ORDER);
}

/** Those of `known` who have not left. */
export function readLeavers<Entity>(reader: BitReader, known: Entity[]): Entity[] {
  const count = reader.golomb(COUNT_ORDER);
  if (count === 0) return known;
  const left = new Set<number>();
  let at = 0;
  for (let leaver = 0; leaver < count && !reader.failed; leaver++) {
    at += reader.golomb(LEAVER_GAP_ORDER);
    if (at >= known.length) reader.failed = true;
    left.add(at++);
  }
  return known.filter((_, index) => !left.has(index));
}
