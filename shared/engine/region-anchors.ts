/** What new entities of a region are foretold from when they are written, see chunk-enterers.ts. */
import type { ChunkFormat } from "./chunk.ts";
import type { WrittenAnchors } from "./chunk-enterers.ts";
import type { EntityId } from "./entity-kind.ts";
import type { IntList } from "./int-list.ts";
import type { Records, RowTable } from "./records.ts";
import type { Tick } from "./tick.ts";

/** Answers that are kept, of those that have been given. */
const Answer = { None: 0, No: 1, Yes: 2 } as const;

/** The entities of the first kind that a reader of a chunk knows once it has read them, in order of id. */
export class RegionAnchors implements WrittenAnchors {
  private readonly format: ChunkFormat;
  private readonly anchor: Int32Array;
  private readonly row: Int32Array;
  /** For each kind and slot of the newest tick whether it is as foretold, for whichever chunk asked first. */
  private readonly answers: Uint8Array[];
  private tick: Tick = -1;
  private table: RowTable | undefined;
  /** The anchors' slots, from `start` to `end` in a list. */
  private slots: Int32Array = new Int32Array(0);
  private start = 0;
  private end = 0;

  constructor(format: ChunkFormat) {
    this.format = format;
    this.anchor = new Int32Array(format.kinds[0].fields.length);
    this.row = new Int32Array(Math.max(...format.kinds.map(({ fields }) => fields.length)));
    this.answers = format.kinds.map(() => new Uint8Array(0));
  }

  /** @param known the slots of those whom the reader knows; undefined: all that stand in the region */
  lookAt(records: Records, region: number, known: IntList | undefined): void {
    if (records.tick !== this.tick) this.begin(records);
    const [table] = records.kinds;
    this.table = table;
    this.slots = known === undefined ? table.slots : known.items;
    this.start = known === undefined ? table.starts[region] : 0;
    this.end = known === undefined ? table.starts[region + 1] : known.count;
  }

  private begin({ tick, kinds }: Records): void {
    this.tick = tick;
    for (let kind = 0; kind < kinds.length; kind++) {
      const { count } = kinds[kind];
      if (this.answers[kind].length < count) this.answers[kind] = new Uint8Array(count * 2);
      else this.answers[kind].fill(Answer.None);
    }
  }

  placeOf(id: EntityId): number {
    const { slots } = this;
    const { ids } = this.table!;
    for (let member = this.start; member < this.end; member++)
      if (ids[slots[member]] === id) return member - this.start;
    return -1;
  }

  isAsForetold(kind: number, slot: number, place: number, rows: Int32Array): boolean {
    const answers = this.answers[kind];
    if (answers[slot] === Answer.None) answers[slot] = this.foretells(kind, slot, place, rows) ? Answer.Yes : Answer.No;
    return answers[slot] === Answer.Yes;
  }

  private foretells(kind: number, slot: number, place: number, rows: Int32Array): boolean {
    const { foretoldFields, fields } = this.format.kinds[kind];
    const offset = slot * fields.length;
    this.take(place);
    for (let index = 0; index < fields.length; index++) this.row[index] = rows[offset + index];
    for (const field of foretoldFields)
      if (this.format.foretell(this.anchor, this.row, field, this.tick) !== rows[offset + field]) return false;
    return true;
  }

  foretell(place: number, rows: Int32Array, offset: number, field: number, tick: Tick): number {
    this.take(place);
    for (let index = 0; index < field; index++) this.row[index] = rows[offset + index];
    return this.format.foretell(this.anchor, this.row, field, tick);
  }

  /** Only what the reader knows of an anchor, too: its private fields are zeros. */
  private take(place: number): void {
    const { publicFields, fields } = this.format.kinds[0];
    const { rows } = this.table!;
    const start = this.slots[this.start + place] * fields.length;
    for (const index of publicFields) this.anchor[index] = rows[start + index];
  }
}
