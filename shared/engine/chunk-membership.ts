/**
 * Who left a region, who stayed and who came, between two ticks; and how leavers travel in a chunk:
 *
 *   Golomb(count), for each Golomb(gap in the list of those known at `from`)
 */
import type { BitReader, BitWriter } from "./bit-stream.ts";
import type { Part } from "./chunk-part.ts";
import type { EntityId, EntityKind } from "./entity-kind.ts";
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
  /** For each survivor 1: its pace counts, if the region's does. */
  readonly survivorsPaced = new IntList();
  /** Whether any enterer had been in the region before: it has come into a part of it. */
  hasLateEnterer = false;
  /** Of a part: who its reader knows by it, as slots in order, and 1 where their pace counts the next time. */
  readonly told = new IntList();
  readonly toldPaced = new IntList();
  private readonly fromMembers = new Members();

  private clear(): void {
    this.leavers.clear();
    this.enterers.clear();
    this.survivorsFrom.clear();
    this.survivorsTo.clear();
    this.survivorsPaced.clear();
    this.hasLateEnterer = false;
  }

  compare(kind: EntityKind, from: RowTable | undefined, to: RowTable, region: number, tick: Tick): void {
    this.clear();
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
        this.survivorsPaced.push(1);
        a++;
        gap++;
      }
    }
  }

  /** As `compare`, of what one reader knew of the region and is to know of it. @param index the kind's place */
  comparePart(
    kind: EntityKind,
    index: number,
    from: RowTable | undefined,
    to: RowTable,
    region: number,
    tick: Tick,
    part: Part,
  ): void {
    this.clear();
    this.told.clear();
    this.toldPaced.clear();
    const { ids, paced, begin, end } = part.known(index);
    const { fromMembers } = this;
    fromMembers.lookAt(from, region);
    let known = from === undefined ? end : begin;
    let gap = 0;
    let b = to.starts[region];
    const bEnd = to.starts[region + 1];
    while (known < end || b < bEnd) {
      const idA = known < end ? ids[known] : Infinity;
      const slotB = b < bEnd ? to.slots[b] : -1;
      const idB = slotB < 0 ? Infinity : to.ids[slotB];
      const isTold = idB <= idA && part.tells(index, to, slotB, idA === idB);
      if (idA <= idB) {
        const slotA = fromMembers.slotOf(idA);
        if (isTold) {
          this.survivorsFrom.push(slotA);
          this.survivorsTo.push(slotB);
          this.survivorsPaced.push(paced[known]);
          gap++;
        } else if (!hasEnded(kind, from!.rows, slotA, tick)) {
          this.leavers.push(gap);
          gap = 0;
        }
        known++;
      } else if (isTold) {
        this.enterers.push(slotB);
        this.hasLateEnterer ||= fromMembers.slotOf(idB) >= 0;
      }
      if (idB > idA) continue;
      b++;
      if (!isTold) continue;
      this.told.push(slotB);
      this.toldPaced.push(idA === idB ? 1 : 0);
    }
  }
}

/** Finds members of a region in order of id. */
export class Members {
  private table: RowTable | undefined;
  private at = 0;
  private end = 0;

  /** Begins with the first member; undefined: there are none. */
  lookAt(table: RowTable | undefined, region: number): void {
    this.table = table;
    this.at = table === undefined ? 0 : table.starts[region];
    this.end = table === undefined ? 0 : table.starts[region + 1];
  }

  /** The slot of an id not below those asked for before, or −1. */
  slotOf(id: EntityId): number {
    const { table, end } = this;
    if (table === undefined) return -1;
    while (this.at < end && table.ids[table.slots[this.at]] < id) this.at++;
    return this.at < end && table.ids[table.slots[this.at]] === id ? table.slots[this.at] : -1;
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
