/**
 * The trial `crowd`: 400 ships in one view, on a map that is hardly larger than it. What each is sent stays within the
 * budget, who is near comes with every frame, and nobody is known as of long ago: as seen by clients that read every
 * frame. No time is measured: the same seed gives the same figures everywhere.
 */
import { SnapshotReceiver } from "@starwake/client/engine/snapshot.ts";
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { isAlive } from "@starwake/shared/game/world.ts";
import { Crowd } from "../crowd.ts";
import { CrowdWatch } from "../crowd-watch.ts";
import { FRAME_RATE, TICK_RATE } from "../orders.ts";
import type { TrialOrder } from "../trials.ts";

export type CrowdFigures = {
  readonly ships: number;
  /** Clients that are sent frames, and read every one. */
  readonly readers: number;
  readonly budgetBytesPerSecond: number;
  /** Frames to a client: mean over all, and to the client that was sent most. */
  readonly bytesPerSecond: { readonly mean: number; readonly most: number };
  /** Living others in a reader's view, and those among them that it knows, on average. */
  readonly othersInView: number;
  readonly othersKnown: number;
  /** Part of the nearest that a frame brought, see crowd-watch.ts. */
  readonly nearestBrought: number;
  /** Frames whose reader had 400 others in view, or nearly so many. */
  readonly crowdedFrames: number;
  /**
   * How old the oldest was that a reader was left with by a frame, in the simulation's time: with up to 400 others in
   * view, and with more.
   */
  readonly oldestMs: number;
  readonly oldestBeyondMs: number;
};

/** Of 700 ships that fight in so small a space, about 400 live and are in view at any time; in the middle, all that live. */
const SHIPS = 700;
/** Of all frames, so many have to show a view that is as crowded as the marks say. */
const LEAST_CROWDED_PART = 0.1;
/** Those among them who are sent frames, and read every one. */
const READERS = 40;
/** The smallest that there is: a view reaches 1,000 units to each side and 563 up and down. */
const MAP_UNITS = 1280;
/** As the server has it, see server/main.ts. */
const BUDGET_BYTES_PER_SECOND = 12_000;
const WARM_UP_TICKS = 90;
const TICKS = 300;

class Reader {
  readonly watch: CrowdWatch;
  private readonly player: number;
  private readonly world: EngineWorld;
  private readonly receiver: SnapshotReceiver;

  constructor(player: number, seed: number) {
    const game = starwake as GameDefinition;
    const setup = { seed, tickRate: TICK_RATE, capacity: SHIPS, mapSize: MAP_UNITS, role: "prediction" } as const;
    const world = game.createWorld(setup);
    this.player = player;
    this.world = world;
    this.watch = new CrowdWatch(game.space(world));
    this.receiver = new SnapshotReceiver(game, world, 0, player);
  }

  read(bytes: Uint8Array, { ships }: Crowd): void {
    const snapshot = this.receiver.receive(bytes);
    const own = ships.find(({ id }) => id === this.player);
    if (snapshot === undefined || own === undefined) throw new Error(`player ${this.player} could not read a frame`);
    const others = ships.filter((ship) => ship !== own && isAlive(ship));
    const middle = { x: own.x, y: own.y };
    if (snapshot.own !== undefined) (starwake as GameDefinition).lookFrom?.(this.world, snapshot.own, 0, middle);
    this.watch.frame(snapshot.head.tick, own, others, snapshot.kinds[Kind.Ship], middle);
  }
}

/** @param players those who are sent frames; @param ticks for which they are watched */
export function runCrowd({ seed }: Pick<TrialOrder, "seed">, players = READERS, ticks = TICKS): CrowdFigures {
  const budgetBytesPerSecond = BUDGET_BYTES_PER_SECOND;
  const rates = { tickRate: TICK_RATE, frameRate: FRAME_RATE };
  const crowd = new Crowd({ players, ships: SHIPS, seed, mapSize: MAP_UNITS, budgetBytesPerSecond, ...rates });
  const readers = Array.from({ length: players }, (_, place) => new Reader(crowd.playerAt(place), seed));
  const bytesOf = new Float64Array(players);
  crowd.received = (place, bytes) => {
    bytesOf[place] += bytes.length;
    readers[place].read(bytes, crowd);
  };
  crowd.run(WARM_UP_TICKS);
  bytesOf.fill(0);
  for (const { watch } of readers) watch.begin();
  crowd.run(ticks);
  const seconds = ticks / TICK_RATE;
  const counts = readers.map(({ watch }) => watch.counts);
  const sum = (name: keyof (typeof counts)[number]) => counts.reduce((total, count) => total + count[name], 0);
  const oldestMs = (name: "oldestTicks" | "oldestBeyondTicks") =>
    (Math.max(...counts.map((count) => count[name])) * 1000) / TICK_RATE;
  if (sum("crowdedFrames") < sum("frames") * LEAST_CROWDED_PART)
    throw new Error(`only ${sum("crowdedFrames")} frames had about 400 others in view: change SHIPS`);
  return {
    ships: SHIPS,
    readers: players,
    budgetBytesPerSecond,
    bytesPerSecond: {
      mean: bytesOf.reduce((total, bytes) => total + bytes, 0) / players / seconds,
      most: Math.max(...bytesOf) / seconds,
    },
    othersInView: sum("inView") / sum("frames"),
    othersKnown: sum("known") / sum("frames"),
    nearestBrought: sum("nearestBrought") / sum("nearest"),
    crowdedFrames: sum("crowdedFrames"),
    oldestMs: oldestMs("oldestTicks"),
    oldestBeyondMs: oldestMs("oldestBeyondTicks"),
  };
}
