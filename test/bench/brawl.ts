/**
 * A brawl in one process: pilots fly and fight in the production world, and some of their players are replicated to as
 * sessions are, without rooms, sockets or a clock.
 */
import { type Snapshot, SnapshotReceiver } from "@starwake/client/engine/snapshot.ts";
import { History } from "@starwake/server/engine/history.ts";
import { Interest } from "@starwake/server/engine/interest.ts";
import { ANY_BYTES, Replicator } from "@starwake/server/engine/replicator.ts";
import { createPilot, type GamePilot } from "@starwake/server/game/pilot.ts";
import { MAX_GAP } from "@starwake/shared/engine/frame.ts";
import type { EngineWorld, GameDefinition, WorldSetup } from "@starwake/shared/engine/game-definition.ts";
import type { Records } from "@starwake/shared/engine/records.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { World } from "@starwake/shared/game/world.ts";

export type BrawlOptions = {
  readonly players: number;
  readonly seed: number;
  /** Side of the map in units; 0: as the game has it for so many. */
  readonly mapSize: number;
  readonly tickRate: number;
  readonly frameRate: number;
  /** How many of the players are sent frames. */
  readonly readers: number;
  /** The shape of a reader's screen, by its place; the first unless told. */
  readonly shapes?: (place: number) => number;
};

/** A player who is sent frames. */
class Reader {
  readonly interest: Interest;
  readonly receiver: SnapshotReceiver;
  readonly player: number;
  readonly shape: number;
  lastTick: Tick | undefined;
  credit: number;

  constructor(
    player: number,
    shape: number,
    history: History,
    game: GameDefinition,
    world: EngineWorld,
    credit: number,
  ) {
    this.player = player;
    this.shape = shape;
    this.interest = new Interest(history.format.grid);
    this.receiver = new SnapshotReceiver(game, world, 0, player);
    this.credit = credit;
  }
}

export class Brawl {
  /** Called with each frame, as what was read of it and as its bytes. */
  received: (player: number, snapshot: Snapshot, bytes: Uint8Array) => void = () => {};
  private readonly world: World;
  private readonly history: History;
  private readonly replicator: Replicator;
  private readonly pilots = new Map<number, GamePilot>();
  private readonly readers: readonly Reader[];
  private readonly share: number;

  /** @param readersGame what the readers run in place of the game */
  constructor(options: BrawlOptions, readersGame: GameDefinition) {
    const { players, seed, tickRate, mapSize, frameRate, shapes = () => 0 } = options;
    const setup: WorldSetup = { seed, tickRate, capacity: players, mapSize, role: "authority" };
    this.world = starwake.createWorld(setup);
    this.history = new History(starwake as GameDefinition, this.world);
    this.replicator = new Replicator(this.history);
    for (let player = 1; player <= players; player++) {
      starwake.addPlayer(this.world, player);
      this.pilots.set(player, createPilot(seed * 10_007 + player));
    }
    this.share = frameRate / tickRate;
    const predicted = starwake.createWorld({ ...setup, role: "prediction" });
    this.readers = Array.from(
      { length: Math.min(options.readers, players) },
      (_, index) =>
        new Reader(index + 1, shapes(index), this.history, readersGame, predicted, (index * this.share) % 1),
    );
    this.history.record();
  }

  run(ticks: number): void {
    for (let tick = 0; tick < ticks; tick++) this.tick();
  }

  private tick(): void {
    const commands = new Map([...this.pilots].map(([player, pilot]) => [player, pilot.command(this.world, player)]));
    starwake.step(this.world, commands);
    const records = this.history.record();
    this.replicator.begin(records.tick);
    for (const reader of this.readers) {
      reader.credit += this.share;
      if (reader.credit < 1) continue;
      reader.credit -= 1;
      this.send(reader, records);
    }
  }

  private send(reader: Reader, { tick, kinds }: Records): void {
    const { interest, receiver, player, lastTick, shape } = reader;
    const [table] = kinds;
    const { fields } = starwake.kinds[0];
    const slot = table.slotOf(player);
    const view = { x: 0, y: 0, shape };
    this.history.lookFrom(table.rows, slot * fields.length, view);
    const hasMoved = interest.look(view.x, view.y, shape);
    const usualGap = lastTick === undefined ? 0 : Math.min(MAX_GAP, tick - lastTick);
    const head = { tick, commandMargin: COMMAND_MARGIN_TICKS, usualGap, view: hasMoved ? view : undefined };
    const bytes = this.replicator.assemble(interest, head, slot, ANY_BYTES);
    reader.lastTick = tick;
    const snapshot = receiver.receive(bytes);
    if (snapshot === undefined) throw new Error(`player ${player} could not read the frame of tick ${tick}`);
    this.received(player, snapshot, bytes);
  }
}

/** As of a client whose commands come in time. */
const COMMAND_MARGIN_TICKS = 1.5;
