/**
 * Home cells: where every entity stood in the tick before, so that it stays with its cell. Entities come in ascending
 * order of id, so last tick's list is walked once beside this tick's; who is passed over is gone.
 */
import type { EntityId, EntityKind } from "./entity-kind.ts";
import { beginOf, type RowTable, Trace } from "./records.ts";

export class HomeCells {
  private readonly kinds: KindHomes[] = [];

  /** Entities of each kind are asked for in ascending order of id from here on; who is not asked for leaves a trace. */
  begin(kinds: readonly EntityKind[], traces: Uint8Array): void {
    while (this.kinds.length < kinds.length) this.kinds.push(new KindHomes());
    for (const homes of this.kinds) homes.begin(traces);
  }

  /** The first region where an entity stood, or −1: it was hidden, or not there. */
  find(kind: number, id: EntityId): number {
    return this.kinds[kind].find(id);
  }

  /** Flags the regions where the entity stood that was found last, if what others see of it is another now. */
  traceChange(kind: number, entityKind: EntityKind, table: RowTable): boolean {
    return this.kinds[kind].traceChange(entityKind, table);
  }

  /** Adds an entity to a table as it was, and has it stand where it stood; false: it did not stand anywhere. */
  recordAgain(kind: number, id: EntityId, table: RowTable): boolean {
    return this.kinds[kind].recordAgain(id, table);
  }

  keep(tables: readonly RowTable[]): void {
    for (let kind = 0; kind < tables.length; kind++) this.kinds[kind].keep(tables[kind]);
  }
}

class KindHomes {
  private count = 0;
  private ids = new Float64Array(0);
  private rows = new Int32Array(0);
  private memberCells = new Int32Array(0);
  private memberEnds = new Int32Array(0);
  private spans = new Int32Array(0);
  private traces: Uint8Array = new Uint8Array(0);
  /** The next slot that was not asked for yet, and the one found last. */
  private at = 0;
  private found = 0;

  begin(traces: Uint8Array): void {
    this.traces = traces;
    this.at = 0;
  }

  find(id: EntityId): number {
    while (this.at < this.count && this.ids[this.at] < id) this.markChanged(this.at++);
    if (this.at === this.count || this.ids[this.at] !== id) return -1;
    this.found = this.at++;
    const begin = beginOf(this.memberEnds, this.found);
    return begin < this.memberEnds[this.found] ? this.memberCells[begin] : -1;
  }

  traceChange({ publicFields, fields }: EntityKind, { rows, count }: RowTable): boolean {
    const now = (count - 1) * fields.length;
    const before = this.found * fields.length;
    for (const field of publicFields) {
      if (rows[now + field] === this.rows[before + field]) continue;
      this.markChanged(this.found);
      return true;
    }
    return false;
  }

  recordAgain(id: EntityId, table: RowTable): boolean {
    if (this.find(id) < 0) return false;
    table.copy(id, this.rows, this.found);
    if (table.hasSpans) this.leadAgain(table);
    const end = this.memberEnds[this.found];
    for (let member = beginOf(this.memberEnds, this.found); member < end; member++)
      table.stand(this.memberCells[member]);
    return true;
  }

  private leadAgain(table: RowTable): void {
    const at = this.found * 4;
    table.lead(this.spans[at], this.spans[at + 1], this.spans[at + 2], this.spans[at + 3]);
  }

  keep({ count, ids, rows, memberCells, memberEnds, spans }: RowTable): void {
    while (this.at < this.count) this.markChanged(this.at++);
    this.count = count;
    if (this.ids.length < ids.length) this.ids = new Float64Array(ids.length);
    if (this.memberEnds.length < memberEnds.length) this.memberEnds = new Int32Array(memberEnds.length);
    if (this.memberCells.length < memberCells.length) this.memberCells = new Int32Array(memberCells.length);
    if (this.rows.length < rows.length) this.rows = new Int32Array(rows.length);
    if (this.spans.length < spans.length) this.spans = new Int32Array(spans.length);
    this.spans.set(spans);
    this.ids.set(ids);
    this.rows.set(rows);
    this.memberEnds.set(memberEnds);
    this.memberCells.set(memberCells);
  }

  private markChanged(slot: number): void {
    for (let member = beginOf(this.memberEnds, slot); member < this.memberEnds[slot]; member++)
      this.traces[this.memberCells[member]] |= Trace.Changed;
  }
}
