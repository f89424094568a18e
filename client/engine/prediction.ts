/**
 * Prediction ⑭: the steered entity, moved at once by the same step as on the server, and put right by the server's
 * rows. Rows are whole numbers, so equal means equal: then nothing is done. Otherwise the server's row is adopted and
 * the commands since are run again; the picture eases over the difference without touching the simulation.
 *
 * Next: client/game/scene.ts (⑮), which draws it together with the others.
 */
import type { EntityId, EntityKind } from "@starwake/shared/engine/entity-kind.ts";
import type { EngineWorld, GameDefinition, Neighbour, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RecordSink, Span } from "@starwake/shared/engine/records.ts";
import { type RecordOf, type Schema, writeRow } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** Ticks of own past that are kept: a frame older than this cannot be compared. */
const KEPT_TICKS = 256;
/** Time in which what is left of a correction halves. */
const EASE_HALF_LIFE_MS = 45;
/** Part of its speed that easing keeps, however the clock is slewed. */
const LEAST_EASE = 0.1;

type Values = Readonly<Record<string, number>>;
export type PredictedEvent = { readonly schema: number; readonly values: Values };
export type PredictedEntity = { readonly id: EntityId; readonly kind: number; readonly row: Int32Array };

/** A misprediction put right: how far the entity was moved, in quanta. */
export type Correction = { readonly distance: number };

export class Prediction {
  /** Frames that were compared, and those that differed in what the client could have known. */
  comparedTicks = 0;
  mispredictedTicks = 0;
  /** What else the player's own doing has brought about and no frame has told yet, such as shots. */
  entities: PredictedEntity[] = [];
  private readonly game: GameDefinition;
  private readonly world: EngineWorld;
  private readonly player: PlayerId;
  private readonly kind: EntityKind;
  private readonly commands = new Map<Tick, RecordOf<Schema>>();
  private readonly rows = new Map<Tick, Int32Array>();
  private isAdopted = false;
  /** Whether others have a part in what is predicted. */
  private hasNeighbours = false;
  private row: Int32Array;
  private previousRow: Int32Array;
  private events: PredictedEvent[] = [];
  private offsetX = 0;
  private offsetY = 0;

  /** `world` has the role of a prediction. */
  constructor(game: GameDefinition, world: EngineWorld, player: PlayerId) {
    this.game = game;
    this.world = world;
    this.player = player;
    this.kind = game.kinds[0];
    this.row = this.previousRow = new Int32Array(this.kind.fields.length);
  }

  /** Whether there is anything to predict yet. */
  get isRunning(): boolean {
    return this.isAdopted;
  }

  /** Ticks of own past that are kept. */
  get keptTicks(): number {
    return Math.max(this.commands.size, this.rows.size);
  }

  /** The steered entity as of the newest predicted tick. */
  get newestRow(): Int32Array {
    return this.row;
  }

  /** Moves on by one tick: `tick` is one more than last time. */
  predict(tick: Tick, command: RecordOf<Schema>): void {
    this.commands.set(tick, command);
    forgetUpTo(tick - KEPT_TICKS, this.commands);
    forgetUpTo(tick - KEPT_TICKS, this.rows);
    if (!this.isAdopted || this.world.tick !== tick - 1) return;
    const record = this.run(command);
    this.events.push(...record.events);
  }

  /**
   * Compares what was predicted for a frame's tick with what the server says, and predicts anew what follows from it.
   * @param others the other players' entities as of that tick
   */
  reconcile(
    tick: Tick,
    serverRow: Int32Array,
    newestCommandTick: Tick,
    others: readonly Neighbour[],
  ): Correction | undefined {
    const predicted = this.rows.get(tick);
    const couldKnow = predicted !== undefined && this.game.obeys(predicted);
    const isWrong =
      predicted === undefined || this.kind.fields.some((_, field) => predicted[field] !== serverRow[field]);
    const isMispredicted =
      couldKnow &&
      this.kind.fields.some((field, index) => !field.isSettledByServer && predicted[index] !== serverRow[index]);
    if (couldKnow) this.comparedTicks++;
    if (isMispredicted) this.mispredictedTicks++;
    const neighbours = others.filter(({ row }) => this.isNear(row, serverRow));
    const mayTouch = neighbours.length > 0 || this.hasNeighbours;
    this.hasNeighbours = neighbours.length > 0;
    if (!isWrong && !mayTouch) return undefined;
    const isContinuous = this.isAdopted && this.game.obeys(this.row) && this.game.obeys(serverRow);
    const distance = this.adoptAndReplay(tick, serverRow, newestCommandTick, neighbours, isContinuous);
    return isMispredicted ? { distance } : undefined;
  }

  /** Whether an entity is so near to the own one that it has a part in what is predicted. */
  isNear(row: Int32Array, own: Int32Array): boolean {
    const { x, y } = this.kind.at;
    const { neighbourReach } = this.game;
    return Math.abs(row[x] - own[x]) < neighbourReach && Math.abs(row[y] - own[y]) < neighbourReach;
  }

  private adoptAndReplay(
    tick: Tick,
    serverRow: Int32Array,
    newestCommandTick: Tick,
    neighbours: readonly Neighbour[],
    isContinuous: boolean,
  ): number {
    const before = this.row;
    this.game.adopt(this.world, this.player, serverRow, tick, neighbours);
    this.isAdopted = true;
    this.row = this.previousRow = Int32Array.from(serverRow);
    this.rows.set(tick, this.row);
    this.entities = [];
    for (let next = tick + 1; next <= newestCommandTick; next++)
      this.run(this.commands.get(next) ?? this.game.neutralCommand);
    const { x, y } = this.kind.at;
    if (!isContinuous) {
      this.offsetX = this.offsetY = 0;
      return 0;
    }
    this.easeFrom(before);
    return Math.sqrt((before[x] - this.row[x]) ** 2 + (before[y] - this.row[y]) ** 2);
  }

  private run(command: RecordOf<Schema>): OwnRecord {
    this.game.step(this.world, new Map([[this.player, command]]));
    const record = new OwnRecord(this.game, this.player);
    this.game.record(this.world, record);
    this.previousRow = this.row;
    this.row = record.row ?? this.row;
    this.entities = record.entities;
    this.rows.set(this.world.tick, this.row);
    return record;
  }

  /** Events of the player's own doing since the last call. */
  takeEvents(): PredictedEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  /** The picture goes over to the newest row from another one, instead of leaping. */
  easeFrom(row: Int32Array): void {
    const { x, y } = this.kind.at;
    this.offsetX += row[x] - this.row[x];
    this.offsetY += row[y] - this.row[y];
  }

  /**
   * Lets the picture come nearer to the truth, by no more than the game lets a correction move it.
   * @param slewedTicks ticks by which the clock went faster or slower meanwhile: what that moves the picture counts
   */
  ease(elapsedMs: number, slewedTicks = 0): void {
    const offset = Math.sqrt(this.offsetX ** 2 + this.offsetY ** 2);
    if (offset === 0) return;
    const { easeSpeed } = this.game;
    const part = 1 - 0.5 ** (elapsedMs / EASE_HALF_LIFE_MS);
    const most = (easeSpeed * elapsedMs) / 1000;
    const left = Math.max(most * LEAST_EASE, most - slewedTicks * this.lastMove);
    const kept = 1 - Math.min(offset * part, left) / offset;
    this.offsetX *= kept;
    this.offsetY *= kept;
  }

  /** How far the newest predicted tick moved the entity, in quanta. */
  private get lastMove(): number {
    const { x, y } = this.kind.at;
    return Math.sqrt((this.row[x] - this.previousRow[x]) ** 2 + (this.row[y] - this.previousRow[y]) ** 2);
  }

  /** The row to draw, `fraction` of a tick after the newest predicted one began; in quanta, not whole. */
  draw(fraction: number, into: Float64Array): void {
    this.kind.fields.forEach((field, index) => {
      const from = this.previousRow[index];
      const to = this.row[index];
      const eased = field.axis === "x" ? this.offsetX : field.axis === "y" ? this.offsetY : 0;
      into[index] = field.blend === "linear" ? from + (to - from) * fraction + eased : to;
    });
  }
}

/** Ticks were entered in ascending order, some of them left out. */
function forgetUpTo(oldest: Tick, kept: Map<Tick, unknown>): void {
  for (const tick of kept.keys()) {
    if (tick > oldest) return;
    kept.delete(tick);
  }
}

/** Picks the steered entity's row, and what else there is, out of a recorded world. */
class OwnRecord implements RecordSink {
  row: Int32Array | undefined;
  readonly entities: PredictedEntity[] = [];
  readonly events: PredictedEvent[] = [];
  private readonly game: GameDefinition;
  private readonly player: PlayerId;

  constructor(game: GameDefinition, player: PlayerId) {
    this.game = game;
    this.player = player;
  }

  entity(kind: number, id: EntityId, values: Values): void {
    // Neighbours have a part in what happens; where they are drawn is not for this to say.
    if (kind === 0 && id !== this.player) return;
    const schema = this.game.kinds[kind];
    const row = new Int32Array(schema.fields.length);
    writeRow(schema, values, row, 0);
    if (kind === 0) this.row = row;
    else this.entities.push({ kind, id, row });
  }

  /** Of an earlier tick nothing is kept. */
  again(): boolean {
    return false;
  }

  hidden(kind: number, id: EntityId, values: Values): void {
    this.entity(kind, id, values);
  }

  event(schema: number, values: Values, _span: Span): void {
    this.events.push({ schema, values });
  }
}
