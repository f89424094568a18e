/**
 * What a client decoded equals the server's rows: in each region those of the tick that it was brought to, and of ships
 * all that are in its view; in a sketch each that is known, as it was at its own tick, roughly.
 */
import type { KnownEntity, KnownRegion } from "@starwake/shared/engine/chunk.ts";
import { toldAt } from "@starwake/shared/engine/chunk-sketch.ts";
import { roughened } from "@starwake/shared/engine/field-codec.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Field } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import type { LabClient } from "../lab-client.ts";
import { rowAt, type Truth } from "../truth.ts";
import { type ClientView, clientView, outsideBy } from "./client-view.ts";
import type { Report } from "./violation.ts";

const { at } = shipKind;

/** For a frame that was just read. */
export function checkDecodedRows(client: LabClient, game: GameDefinition, truth: Truth, report: Report): void {
  const { match } = client;
  const snapshot = match?.snapshot;
  if (match === undefined || snapshot === undefined) return;
  const { head, own, regions } = snapshot;
  const view = truth.grid && clientView(client, game, truth.grid);
  const told = (detail: string) => report("decoded-is-true", client.index, detail);
  for (const [region, known] of regions) {
    const { tick, kinds, isSketch } = known;
    if (isSketch) checkSketch(game, truth, known, told);
    else
      for (let kind = 0; kind < kinds.length; kind++)
        checkRegion(game, truth, { region, kind, tick, now: head.tick, view }, kinds[kind], told);
  }
  if (own === undefined) return;
  const held = truth.rowOf(Kind.Ship, match.player, head.tick);
  if (held?.some((value, field) => own[field] !== value)) told(`own row of tick ${head.tick}: ${own}, not ${held}`);
}

function checkSketch(game: GameDefinition, truth: Truth, region: KnownRegion, told: (detail: string) => void): void {
  for (const [kind, entities] of region.kinds.entries())
    for (const entity of entities) {
      const { fields, name } = game.kinds[kind];
      const tick = toldAt(region, entity);
      const held = truth.rowOf(kind, entity.id, tick);
      if (truth.at(tick) === undefined) continue;
      const isSame = held?.every((value, at) => isNearlySame(fields[at], entity.row[at], value));
      if (isSame !== true) told(`${name} ${entity.id} of tick ${tick}, sketched: ${entity.row}, not ${held}`);
    }
}

/** As an exact chunk tells it, which the sketch may have been told over, or as a sketch does. */
function isNearlySame(field: Field, known: number, held: number): boolean {
  if (field.isPrivate) return known === 0;
  return known === held || (field.rough !== undefined && known === roughened(field, held));
}

/** Which region is looked at, for which kind of entity, as of which tick; the frame's own tick, and its client's view. */
type Place = {
  readonly region: number;
  readonly kind: number;
  readonly tick: Tick;
  readonly now: Tick;
  readonly view: ClientView | undefined;
};

function checkRegion(
  game: GameDefinition,
  truth: Truth,
  { region, kind, tick, now, view }: Place,
  known: readonly KnownEntity[],
  told: (detail: string) => void,
): void {
  const table = truth.at(tick)?.kinds[kind];
  if (table === undefined) return;
  const { fields, endOf, name } = game.kinds[kind];
  // What ends by itself is gone when its time has come; nobody needs to be told.
  const isLive = (row: Int32Array) => endOf === undefined || endOf(row, 0) > now;
  const rows = new Map(known.filter(({ row }) => isLive(row)).map(({ id, row }) => [id, row]));
  for (const slot of table.slots.subarray(table.starts[region], table.starts[region + 1])) {
    const held = rowAt(table, slot);
    if (!isLive(held)) continue;
    const id = table.ids[slot];
    const row = rows.get(id);
    const isSame =
      row !== undefined && fields.every((field, index) => row[index] === (field.isPrivate ? 0 : held[index]));
    const mayBeUnknown =
      kind !== Kind.Ship || tick !== now || view === undefined || outsideBy(view, held[at.x], held[at.y]) > 0;
    if (!isSame && (row !== undefined || !mayBeUnknown))
      told(`${name} ${id} of tick ${tick}: ${row ?? "not known"}, not ${held}`);
    rows.delete(id);
  }
  for (const [id, row] of rows) told(`${name} ${id} of tick ${tick} is not there: ${row}`);
}
