/** What new entities of a region are foretold from when they are written, see chunk-enterers.ts. */
import type { ChunkFormat } from "./chunk.ts";
import type { Anchors } from "./chunk-enterers.ts";
import type { EntityId } from "./entity-kind.ts";
import type { RowTable } from "./records.ts";
import type { Tick } from "./tick.ts";

/** The entities of the first kind that a reader of a chunk knows once it has read them, in order of id. */
export class RegionAnchors implements Anchors {
  private readonly format: ChunkFormat;
  private readonly anchor: Int32Array;
  private readonly row: Int32Array;
  private table: RowTable | undefined;
  private start = 0;
  private end = 0;

  constructor(format: ChunkFormat) {
    this.format = format;
    this.anchor = new Int32Array(format.kinds[0].fields.length);
    this.row = new Int32Array(Math.max(...format.kinds.map(({ fields }) => fields.length)));
  }

  lookAt(table: RowTable, region: number): void {
    this.table = table;
    this.start = table.starts[region];
    this.end = table.starts[region + 1];
  }

  placeOf(id: EntityId): number {
    const { ids, slots } = this.table!;
    for (let member = this.start; member < this.end; member++)
      if (ids[slots[member]] === id) return member - this.start;
    return -1;
  }

  idAt(place: number): EntityId {
    const { ids, slots } = this.table!;
    return ids[slots[this.start + place]];
  }

  foretell(place: number, rows: Int32Array, offset: number, field: number, tick: Tick): number {
    const { publicFields, fields } = this.format.kinds[0];
    const { rows: anchors, slots } = this.table!;
    const start = slots[this.start + place] * fields.length;
    for (const index of publicFields) this.anchor[index] = anchors[start + index];
    for (let index = 0; index < field; index++) this.row[index] = rows[offset + index];
    return this.format.foretell(this.anchor, this.row, field, tick);
  }
}
