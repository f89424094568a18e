/**
 * `npm run bench:micro`: what each part of a tick costs by itself, in nanoseconds per entity: the step, its quantising,
 * recording, encoding chunks, assembling frames; and what a client does with a frame of a crowded brawl.
 */
import { SnapshotReceiver } from "@starwake/client/engine/snapshot.ts";
import { History } from "@starwake/server/engine/history.ts";
import { Interest } from "@starwake/server/engine/interest.ts";
import { ANY_BYTES, Replicator } from "@starwake/server/engine/replicator.ts";
import type { EngineWorld, GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { quantise } from "@starwake/shared/game/movement.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { Bench } from "tinybench";
import { sideForOthers } from "./density.ts";
import { joinAgain, recordBrawl } from "./recorded-brawl.ts";
import { Wanderer } from "./wanderer.ts";

const GAME = starwake as GameDefinition;
const PLAYERS = 1158;
const OTHERS_IN_VIEW = 40;
const TICK_RATE = 30;
const WARM_TICKS = 90;

type Task = { readonly name: string; readonly entities: number; readonly run: () => void };

const tasks = [...serverTasks(), ...clientTasks()];
const bench = new Bench({ time: 1_500, warmupTime: 500 });
for (const { name, run } of tasks) bench.add(name, run);
await bench.run();
console.log(`${PLAYERS} players, about ${OTHERS_IN_VIEW} others in view of each`);
for (const { name, entities } of tasks) {
  const { result } = bench.getTask(name)!;
  if (result.state !== "completed") throw new Error(`${name}: ${result.state}`);
  const { p50, mean } = result.latency;
  const perEntity = (p50 * 1e6) / entities;
  console.log(
    `${name.padEnd(44)} ${perEntity.toFixed(0).padStart(7)} ns each, ${p50.toFixed(3)} ms in all (mean ${mean.toFixed(3)})`,
  );
}

/** One world of everybody, moved on by every run of the tasks that move it. */
function serverTasks(): Task[] {
  const mapSize = sideForOthers(PLAYERS, OTHERS_IN_VIEW);
  const setup = { seed: 1, tickRate: TICK_RATE, capacity: PLAYERS, mapSize, role: "authority" } as const;
  const world = GAME.createWorld(setup);
  const game = world as EngineWorld as unknown as World;
  for (let player = 1; player <= PLAYERS; player++) GAME.addPlayer(world, player);
  const wanderers = Array.from({ length: PLAYERS }, (_, place) => new Wanderer(place));
  const history = new History(GAME, world);
  const replicator = new Replicator(history);
  const readers = Array.from({ length: PLAYERS }, () => new Interest(history.format.grid));
  const commands = new Map<number, Command>();
  const step = () => {
    wanderers.forEach((wanderer, place) => commands.set(place + 1, wanderer.next()));
    GAME.step(world, commands as never, new Map());
  };
  const frames = () => {
    replicator.begin(world.tick);
    game.ships.forEach((ship, place) => {
      const hasMoved = readers[place].look(ship.x, ship.y);
      const view = hasMoved ? { x: ship.x, y: ship.y, shape: 0 } : undefined;
      const head = { tick: world.tick, commandMargin: 1, usualGap: 1, view };
      replicator.assemble(readers[place], head, place, ANY_BYTES);
    });
  };
  for (let tick = 0; tick < WARM_TICKS; tick++) {
    step();
    history.record();
    frames();
  }
  const tickOf = () => {
    step();
    history.record();
  };
  return [
    { name: "step, a player", entities: PLAYERS, run: step },
    {
      name: "quantise, a ship",
      entities: PLAYERS,
      run: () =>
        game.ships.forEach((ship) => quantise(ship, ship.x, ship.y, ship.vx, ship.vy, game.map, game.rules.ship)),
    },
    { name: "record, a player", entities: PLAYERS, run: () => void history.record() },
    { name: "step and record, a player", entities: PLAYERS, run: tickOf },
    {
      name: "… and encode every chunk, assemble, a frame",
      entities: PLAYERS,
      run: () => {
        tickOf();
        frames();
      },
    },
    { name: "assemble from chunks that are there, a frame", entities: PLAYERS, run: frames },
  ];
}

/** A client in a crowded brawl, its frames recorded beforehand and read from the beginning by every run. */
function clientTasks(): Task[] {
  const brawl = recordBrawl(1);
  const entities = brawl.frames.length;
  const ships = brawl.frames.reduce((sum, frame) => sum + frame.ships, 0) / entities;
  const { setup } = brawl.joined;
  return [
    {
      name: `read a frame with ${ships.toFixed(0)} ships, a frame`,
      entities,
      run: () => {
        const receiver = new SnapshotReceiver(
          GAME,
          GAME.createWorld({ ...setup, role: "prediction" }),
          0,
          brawl.joined.player,
        );
        for (const { bytes } of brawl.frames) receiver.receive(bytes);
      },
    },
    {
      name: `read and reconcile one with ${ships.toFixed(0)} ships, a frame`,
      entities,
      run: () => {
        const wanderer = new Wanderer(1);
        const match = joinAgain(brawl);
        for (const { bytes, nowMs } of brawl.frames) {
          match.receive(bytes, nowMs);
          match.update(nowMs, () => wanderer.next());
        }
      },
    },
  ];
}
