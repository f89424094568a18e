/**
 * A toy server whose process can be stopped, as a machine that sleeps or a signal stops one: nothing runs there until it goes
 * on, and then all that came or fell due meanwhile is seen to at once. Its clients and the network go on.
 */
import { GameClient, type GameClientOptions } from "@starwake/client/engine/game-client.ts";
import type { Clock } from "@starwake/server/engine/clock.ts";
import { chanceOf } from "./chance.ts";
import { createHandClock, type HandClock } from "./hand-clock.ts";
import { createLoopback, type Lane } from "./loopback.ts";
import { createToyServer, STILL_WISH, TICK_RATE, TOY, type ToyPlan } from "./toy-server.ts";

/** Runs what it is given, or keeps it while the process is stopped. */
type Process = { run(what: () => void): void; isStopped: boolean; goOn(): void };

export function startStoppingServer(plan: ToyPlan = {}, oneWayMs: () => number = () => 20) {
  const clock = createHandClock();
  const process = createProcess();
  const server = createToyServer(clockOf(process, clock), plan);
  let connections = 0;
  const loopback = createLoopback({
    clock,
    accept: server.lobby.accept,
    openLanes: () => {
      connections++;
      return {
        up: createLane(clock, oneWayMs, (deliver) => process.run(deliver)),
        down: createLane(clock, oneWayMs, (deliver) => deliver()),
      };
    },
  });
  const clients: GameClient[] = [];
  const chance = chanceOf();
  const open = (some: Partial<GameClientOptions> = {}): GameClient => {
    const usual = { game: TOY, openLink: loopback.openLink, now: clock.now, name: "", token: undefined, chance };
    const client = new GameClient({ ...usual, room: { kind: "quick" }, ...some });
    clients.push(client);
    return client;
  };
  const run = async (ms: number): Promise<void> => {
    for (const endMs = clock.now() + ms; clock.now() < endMs; ) {
      clock.advance(1000 / TICK_RATE);
      await new Promise((resolve) => setImmediate(resolve));
      for (const client of clients) client.update(() => STILL_WISH);
    }
  };
  /** The process stands still for so long, while everybody else goes on. */
  const stop = async (ms: number): Promise<void> => {
    process.isStopped = true;
    await run(ms);
    process.goOn();
  };
  return { ...server, open, openLink: loopback.openLink, run, stop, connectionsOpened: () => connections };
}

function createProcess(): Process {
  let waiting: (() => void)[] = [];
  return {
    isStopped: false,
    run(what) {
      if (this.isStopped) waiting.push(what);
      else what();
    },
    goOn() {
      this.isStopped = false;
      const due = waiting;
      waiting = [];
      for (const what of due) what();
    },
  };
}

function clockOf(process: Process, clock: HandClock): Clock {
  return {
    now: clock.now,
    after(delayMs, callback) {
      let isCancelled = false;
      const cancel = clock.after(delayMs, () =>
        process.run(() => {
          if (!isCancelled) callback();
        }),
      );
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
}

function createLane(clock: Clock, oneWayMs: () => number, hand: (deliver: () => void) => void): Lane {
  let arrivalMs = 0;
  return {
    send(_bytes, deliver) {
      arrivalMs = Math.max(arrivalMs, clock.now() + oneWayMs());
      clock.after(arrivalMs - clock.now(), () => hand(deliver));
    },
  };
}
