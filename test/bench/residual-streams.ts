/**
 * What the reader of a frame could not have foretold of the ships that it knew, as streams of symbols: their entropy
 * is the floor beneath what survivors cost, whatever the code.
 */
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { EngineWorld } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { Entropy } from "./entropy.ts";

const { at } = shipKind;
const HELD = [at.thrust, at.isBoosting];
const MOTION = [at.x, at.y, at.vx, at.vy];
const STATUS = [at.health, at.charging, at.charge, at.protection];

/** A ship as a reader knows it, how fast it turned when it was told, and by how much that was missed. */
type Known = { readonly tick: Tick; readonly row: Int32Array; readonly turn: number; readonly miss: number };

export class ResidualStreams {
  /** In the order of a row; what is conditioned on a context says on which. */
  readonly streams = {
    aim: new Entropy(),
    "aim | ticks": new Entropy(),
    "aim at its pace": new Entropy(),
    "aim at its pace | ticks, last miss": new Entropy(),
    held: new Entropy(),
    "held | before": new Entropy(),
    motion: new Entropy(),
    status: new Entropy(),
    "status | charging": new Entropy(),
  };
  private readonly world: World & EngineWorld;
  private readonly readers = new Map<number, Map<number, Known>>();

  /** @param world any world on the same map */
  constructor(world: World & EngineWorld) {
    this.world = world;
  }

  note(reader: number, { kinds }: Snapshot): void {
    const before = this.readers.get(reader) ?? new Map<number, Known>();
    const now = new Map<number, Known>();
    for (const [id, { row, tick }] of kinds[Kind.Ship]) {
      const known = before.get(id);
      if (known === undefined) now.set(id, { tick, row: row.slice(), turn: 0, miss: 0 });
      else if (known.tick === tick) now.set(id, known);
      else now.set(id, this.noteShip(known, row, tick));
    }
    this.readers.set(reader, now);
  }

  private noteShip(known: Known, row: Int32Array, tick: Tick): Known {
    const { streams } = this;
    const ticks = tick - known.tick;
    const change = around(row[at.aim] - known.row[at.aim]);
    const miss = around(change - Math.round(known.turn * ticks));
    streams.aim.note(change);
    streams["aim | ticks"].note(change, ticks);
    streams["aim at its pace"].note(miss);
    streams["aim at its pace | ticks, last miss"].note(miss, `${ticks} ${sizeClass(known.miss)}`);
    const isHeld = HELD.every((field) => known.row[field] === row[field]);
    const held = isHeld ? "same" : String(HELD.map((field) => row[field]));
    streams.held.note(held);
    streams["held | before"].note(held, String(HELD.map((field) => known.row[field])));
    const predicted = this.foretell(known.row, row, ticks, isHeld);
    streams.motion.note(String(MOTION.map((field) => row[field] - predicted[field])));
    const status = String(STATUS.map((field) => row[field] - predicted[field]));
    streams.status.note(status);
    streams["status | charging"].note(status, known.row[at.charging]);
    return { tick, row: row.slice(), turn: change / ticks, miss };
  }

  /** What the older row foretells; when what is held has changed, the change is taken to be as old as fits best. */
  private foretell(from: Int32Array, to: Int32Array, ticks: number, isHeld: boolean): Int32Array {
    let best = this.advanced(from, to, ticks, 0);
    if (isHeld) return best;
    const missed = (row: Int32Array) => MOTION.filter((field) => row[field] !== to[field]).length;
    for (let age = 1; age <= ticks; age++) {
      const predicted = this.advanced(from, to, ticks, age);
      if (missed(predicted) < missed(best)) best = predicted;
    }
    return best;
  }

  private advanced(from: Int32Array, to: Int32Array, ticks: number, age: number): Int32Array {
    const row = from.slice();
    starwake.advance(this.world, Kind.Ship, row, ticks - age);
    for (const field of HELD) row[field] = to[field];
    starwake.advance(this.world, Kind.Ship, row, age);
    return row;
  }
}

function around(turn: number): number {
  return ((turn + TURN / 2) & (TURN - 1)) - TURN / 2;
}

function sizeClass(miss: number): number {
  return Math.min(3, 32 - Math.clz32(Math.abs(miss)));
}
