/**
 * A world of the toy game that is replicated to readers, without rooms, sessions or a network: what each reader should
 * know is kept beside what it does know.
 */

import { type Snapshot, SnapshotReceiver } from "@starwake/client/engine/snapshot.ts";
import { FrameAllowance } from "@starwake/server/engine/frame-allowance.ts";
import { History } from "@starwake/server/engine/history.ts";
import { Interest } from "@starwake/server/engine/interest.ts";
import { EVENT_TICKS, Replicator } from "@starwake/server/engine/replicator.ts";
import { isPaceFresh } from "@starwake/shared/engine/chunk.ts";
import { SKETCH_PARTS } from "@starwake/shared/engine/chunk-sketch.ts";
import { roughened } from "@starwake/shared/engine/field-codec.ts";
import { MAX_GAP } from "@starwake/shared/engine/frame.ts";
import { createRandom, nextBelow, nextBetween, type Random } from "@starwake/shared/engine/random.ts";
import type { Records, RowTable } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { dots, Kind, type Wish } from "../engine/toy-game.ts";
import { randomWish, STILL_WISH, TOY } from "./toy-server.ts";

const DOTS = 30;
const MAX_STRIDE = 150;

const REST_TICKS = 25;

/** A world whose dots come, go, fly and throw by chance; if told so, one in so many of them rests for a while. */
export class ToyTheatre {
  readonly world: ReturnType<typeof dots.createWorld>;
  readonly history: History;
  readonly replicator: Replicator;
  readonly random: Random;
  private readonly dotCount: number;
  private readonly restOneIn: number;
  private nextPlayer = 1;

  /** How readers are told of the rims of their views, see Space.leaveMargin. */
  readonly leaveMargin: number | undefined;

  constructor(seed: number, side = 2000, dotCount = DOTS, restOneIn = Infinity, leaveMargin?: number) {
    this.leaveMargin = leaveMargin;
    this.dotCount = dotCount;
    this.restOneIn = restOneIn;
    this.random = createRandom(seed, 9);
    this.world = dots.createWorld({ seed, tickRate: 50, capacity: 8, mapSize: side, role: "authority" });
    const space: typeof TOY.space = (world) => ({
      ...TOY.space(world),
      ...(leaveMargin !== undefined && { leaveMargin }),
    });
    this.history = new History({ ...TOY, space }, this.world);
    this.replicator = new Replicator(this.history);
    for (let dot = 0; dot < dotCount; dot++) dots.addPlayer(this.world, this.nextPlayer++);
  }

  tick(): void {
    const { world, random } = this;
    if (nextBelow(random, 10) === 0) dots.removePlayer(world, nextBelow(random, this.nextPlayer));
    if (world.dots.length < this.dotCount && nextBelow(random, 10) === 0) dots.addPlayer(world, this.nextPlayer++);
    const resting = world.dots.filter(({ id }) => this.isResting(id));
    for (const dot of resting) Object.assign(dot, { vx: 0, vy: 0 });
    const wishes = new Map<number, Wish>(world.dots.map(({ id }) => [id, randomWish(random)]));
    for (const { id } of resting) wishes.set(id, { ...STILL_WISH, facing: (id * 37) & 255 });
    dots.step(world, wishes);
    this.history.record();
    this.replicator.begin(world.tick);
  }

  private isResting(id: number): boolean {
    return (id + Math.floor(this.world.tick / REST_TICKS)) % this.restOneIn === 0;
  }
}

/** Rows by kind and id, as text: what a reader knows or should know. */
type Knowledge = Map<string, string>;

/** An entity that stood in a region, as it was told and when. */
type Told = {
  readonly kind: number;
  readonly id: number;
  readonly row: Int32Array;
  readonly tick: Tick;
  readonly isRough?: true;
};

/** One reader whose view moves by chance. */
export class ToyReader {
  readonly frames: Uint8Array[] = [];
  readonly receiver: SnapshotReceiver;
  readonly interest: Interest;
  /** The region, gap and pace of each chunk that the last frame could draw on. */
  wanted: readonly string[] = [];
  /** What was read of the last frame. */
  snapshot: Snapshot | undefined;
  private readonly theatre: ToyTheatre;
  private readonly held = new Map<number, readonly Told[]>();
  /** What was held before the frame at hand of the regions that were known exactly, and not too long ago. */
  private heldBefore: ReadonlyMap<number, readonly Told[]> = new Map();
  /** As of which tick each region was known before the frame at hand. */
  private knownBefore: ReadonlyMap<number, Tick | undefined> = new Map();
  private lastTick: Tick | undefined;
  private savings = 0;
  x: number;
  y: number;

  constructor(theatre: ToyTheatre) {
    this.theatre = theatre;
    this.receiver = createReceiver(theatre);
    this.interest = new Interest(theatre.history.format.grid);
    this.x = nextBelow(theatre.random, theatre.world.side);
    this.y = nextBelow(theatre.random, theatre.world.side);
  }

  /** Sends and reads one frame. @returns what it told, what was read of it, and what should have been */
  see(budgetBytes: number): { snapshot: Snapshot | undefined; expected: Knowledge; expectedEvents: string[] } {
    const { interest, theatre } = this;
    const { tick } = theatre.world;
    this.wander();
    const hasMoved = interest.look(this.x, this.y);
    const knownAt = new Map(interest.window.map((region, place) => [region, interest.knownAt(place)]));
    this.knownBefore = knownAt;
    this.wanted = [...knownAt].map(([region, known], place) => {
      const [gap, pace] = [gapSince(known, tick), interest.gapAt(place)];
      return `${region} ${gap} ${isPaceFresh(pace, gap) ? pace : 0}`;
    });
    const isKnownWell = (place: number) =>
      !interest.isSketchAt(place) && theatre.history.at(interest.knownAt(place) ?? -1) !== undefined;
    this.heldBefore = new Map(
      interest.window.flatMap((region, place) =>
        isKnownWell(place) ? [[region, this.held.get(region) ?? []] as const] : [],
      ),
    );
    const usualGap = this.lastTick === undefined ? 0 : Math.min(MAX_GAP, tick - this.lastTick);
    const head = {
      tick,
      commandMargin: undefined,
      usualGap,
      view: hasMoved ? { x: this.x, y: this.y, shape: 0 } : undefined,
    };
    // A frame a tick.
    const allowance = new FrameAllowance(budgetBytes, 1, 1);
    const savings = allowance.afterTicks(this.savings, this.lastTick === undefined ? undefined : tick - this.lastTick);
    const bytes = theatre.replicator.assemble(interest, head, -1, {
      usual: allowance.usual(savings),
      most: allowance.atMost(savings),
    });
    this.savings = savings - bytes.length;
    this.frames.push(bytes.slice());
    this.lastTick = tick;
    this.hold(tick);
    this.snapshot = this.receiver.receive(bytes);
    return {
      snapshot: this.snapshot,
      expected: this.expected(tick),
      expectedEvents: this.expectedEvents(knownAt, tick),
    };
  }

  private wander(): void {
    const { random, world } = this.theatre;
    const step = (at: number) => Math.min(world.side, Math.max(0, at + nextBetween(random, -MAX_STRIDE, MAX_STRIDE)));
    this.x = step(this.x);
    this.y = step(this.y);
  }

  /** Takes down what stands in each region that was brought to `tick`, and forgets what fell out of the window. */
  private hold(tick: Tick): void {
    const { window } = this.interest;
    for (const region of this.held.keys()) if (!window.includes(region)) this.held.delete(region);
    const records = this.theatre.history.at(tick)!;
    for (const [place, region] of window.entries())
      if (this.interest.knownAt(place) === tick)
        this.held.set(
          region,
          this.interest.isSketchAt(place) ? this.sketchOf(records, region) : this.exactlyToldOf(records, region, place),
        );
  }

  /** Who of a region is told exactly: of one on the view's rim those in the view, and those who stay near it. */
  private exactlyToldOf(records: Records, region: number, place: number): Told[] {
    const known = this.interest.gapAt(place) > 0 ? (this.held.get(region) ?? []) : [];
    const ids = known.map(({ kind, id }) => `${kind} ${id}`);
    return rowsIn(records, region).filter((told) => this.isTold(told, region, ids.includes(`${told.kind} ${told.id}`)));
  }

  /** Whether a dart is known by another region already: it is told once. */
  private isKnownElsewhere(id: number, here: number): boolean {
    return [...this.heldBefore].some(
      ([region, held]) => region !== here && held.some((told) => told.kind === Kind.Dart && told.id === id),
    );
  }

  private isTold({ kind, id, span }: Placed, region: number, isKnown: boolean): boolean {
    const { leaveMargin } = this.theatre;
    if (leaveMargin === undefined || !this.hasOutsider(region, leaveMargin)) return true;
    if (kind === Kind.Dart && isKnown) return true;
    if (kind === Kind.Dart && this.isKnownElsewhere(id, region)) return false;
    return this.isNear(span, kind === Kind.Dot && isKnown ? leaveMargin : 0);
  }

  /** Whether a way, or a place, meets the view and a margin around it. */
  private isNear(span: Int32Array, margin: number): boolean {
    const { viewHalfWidth, viewHalfHeight } = this.theatre.history.format.grid.space;
    const steps = Math.max(1, Math.abs(span[2] - span[0]), Math.abs(span[3] - span[1]));
    for (let step = 0; step <= steps; step++) {
      const at = (from: number, to: number) => from + ((to - from) * step) / steps;
      const isIn =
        Math.abs(at(span[0], span[2]) - this.x) <= viewHalfWidth + margin &&
        Math.abs(at(span[1], span[3]) - this.y) <= viewHalfHeight + margin;
      if (isIn) return true;
    }
    return false;
  }

  /**
   * Whether a dot of a region is outside of the view and the margin around it, a dart passes it by, or something has happened
   * outside since it was known: else the region is told whole.
   */
  private hasOutsider(region: number, margin: number): boolean {
    const { world, history } = this.theatre;
    const { tick } = world;
    const rows = rowsIn(history.at(tick)!, region);
    if (rows.some(({ kind, span }) => !this.isNear(span, kind === Kind.Dot ? margin : 0))) return true;
    for (let at = (this.knownBefore.get(region) ?? tick - 1) + 1; at <= tick; at++) {
      const records = history.at(at);
      if (records !== undefined && eventsIn(records, region).some(({ span }) => !this.isNear(span, 0))) return true;
    }
    return false;
  }

  /** Of those whose turn it is, who stands there now, roughly; and the others as they were told before. */
  private sketchOf(records: Records, region: number): Told[] {
    const { first, count } = this.interest.round.parts;
    const isTold = ({ id }: Told) => (id - first + SKETCH_PARTS) % SKETCH_PARTS < count;
    const rough = (told: Told) => ({
      ...told,
      row: told.row.map((value, field) => roughValue(told.kind, field, value)),
      isRough: true as const,
    });
    const before = this.held.get(region) ?? [];
    return [
      ...before.filter((told) => !isTold(told)),
      ...rowsIn(records, region)
        .filter((told) => isTold(told) && this.isTold(told, region, false))
        .map(rough),
    ];
  }

  /** Every entity as it was told last, exactly where it was told so in one region and roughly in another; unless its time is over. */
  private expected(now: Tick): Knowledge {
    const isOver = ({ kind, row }: Told) => (TOY.kinds[kind].endOf?.(row, 0) ?? Infinity) <= now;
    const all = [...this.held.values()].flat().filter((told) => !isOver(told));
    const byExactness = (one: Told, other: Told) => exactness(one) - exactness(other);
    const byTick = (one: Told, other: Told) => one.tick - other.tick;
    // What never changes is better told exactly at any time.
    const worstFirst = all.sort((one, other) => {
      if (one.kind !== other.kind) return one.kind - other.kind;
      const [first, second] = TOY.kinds[one.kind].isStill ? [byExactness, byTick] : [byTick, byExactness];
      return first(one, other) || second(one, other);
    });
    return new Map(worstFirst.map((told) => [`${told.kind} ${told.id}`, textOf(told)]));
  }

  /** The newer events since each region was last brought up to date; none where it is told from nothing. */
  private expectedEvents(knownAt: ReadonlyMap<number, Tick | undefined>, to: Tick): string[] {
    const told = new Set<string>();
    for (const [region, known] of knownAt) {
      const place = this.interest.window.indexOf(region);
      if (this.interest.knownAt(place) !== to || this.interest.gapAt(place) <= 0) continue;
      if (this.interest.isSketchAt(place)) continue;
      for (let tick = to - Math.min(gapSince(known, to), EVENT_TICKS) + 1; tick <= to; tick++)
        for (const { row, span } of eventsIn(this.theatre.history.at(tick)!, region))
          if (this.isTold({ kind: -1, id: -1, span }, region, false)) told.add(`${tick}: ${row}`);
    }
    return [...told].sort();
  }
}

function exactness({ isRough }: Told): number {
  return isRough ? 0 : 1;
}

export function createReceiver({ world }: ToyTheatre): SnapshotReceiver {
  return new SnapshotReceiver(
    TOY,
    dots.createWorld({ seed: 0, tickRate: 50, capacity: 8, mapSize: world.side, role: "prediction" }),
    0,
  );
}

/** What a snapshot tells, in the same form. */
export function knowledgeOf({ kinds }: Snapshot): Knowledge {
  return new Map(
    kinds.flatMap((entities, kind) => [...entities].map(([id, told]) => [`${kind} ${id}`, textOf({ ...told, kind })])),
  );
}

/** A row, and the tick as of which it is known, unless it never changes. */
function textOf({ kind, row, tick }: Pick<Told, "kind" | "row" | "tick">): string {
  return TOY.kinds[kind].isStill ? `${row}` : `${row} at ${tick}`;
}

export function eventsOf({ events }: Snapshot): string[] {
  return events.map(({ tick, row }) => `${tick}: ${row}`).sort();
}

function gapSince(known: Tick | undefined, tick: Tick): number {
  return known === undefined || tick - known > MAX_GAP ? 0 : tick - known;
}

type Placed = { readonly kind: number; readonly id: number; readonly span: Int32Array };

function rowsIn(records: Records, region: number): (Told & Placed)[] {
  const { tick } = records;
  return records.kinds.flatMap((table, kind) =>
    slotsIn(table, region).map((slot) => ({
      kind,
      id: table.ids[slot],
      row: publicRow(kind, rowAt(table, slot)),
      tick,
      span: spanAt(table, slot),
    })),
  );
}

function spanAt({ spans }: RowTable, slot: number): Int32Array {
  return spans.slice(slot * 4, slot * 4 + 4);
}

function roughValue(kind: number, field: number, value: number): number {
  const { fields } = TOY.kinds[kind];
  return fields[field].rough === undefined ? value : roughened(fields[field], value);
}

function eventsIn(records: Records, region: number): { row: Int32Array; span: Int32Array }[] {
  return records.events.flatMap((table) =>
    slotsIn(table, region).map((slot) => ({ row: rowAt(table, slot), span: spanAt(table, slot) })),
  );
}

function slotsIn({ slots, starts }: RowTable, region: number): number[] {
  return [...slots.subarray(starts[region], starts[region + 1])];
}

function rowAt({ rows, schema }: RowTable, slot: number): Int32Array {
  return rows.slice(slot * schema.fields.length, (slot + 1) * schema.fields.length);
}

/** Nobody but the owner is told private fields: they read as 0. */
function publicRow(kind: number, row: Int32Array): Int32Array {
  return row.map((value, field) => (TOY.kinds[kind].fields[field].isPrivate ? 0 : value));
}
