/**
 * The game on a peer's server: the same world and the same step as Starwake's, so that only replication differs. Players
 * come and go, send packets of commands, and what they wished last is what they go on wishing.
 */
import { SystemClock } from "@starwake/server/engine/system-clock.ts";
import { TickLoop } from "@starwake/server/engine/tick-loop.ts";
import { readCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { type Command, commandSchema } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { isAlive, type Projectile, type Ship, type World } from "@starwake/shared/game/world.ts";
import { FRAME_RATE, type ServerOrder, TICK_RATE } from "./orders.ts";
import type { Probe } from "./probe.ts";

export class PeerWorld {
  readonly world: World;
  private readonly commands = new Map<PlayerId, Command>();
  private lastPlayer: PlayerId = 0;

  constructor({ players, mapSize, seed }: ServerOrder) {
    this.world = starwake.createWorld({ seed, tickRate: TICK_RATE, capacity: players, mapSize, role: "authority" });
  }

  join(): PlayerId {
    const player = ++this.lastPlayer;
    starwake.addPlayer(this.world, player);
    return player;
  }

  leave(player: PlayerId): void {
    starwake.removePlayer(this.world, player);
    this.commands.delete(player);
  }

  /** Takes a packet in Starwake's own layout: the newest of its commands counts. */
  receive(player: PlayerId, bytes: Uint8Array): void {
    const command = readCommandPacket(bytes, commandSchema, this.world.tick)?.commands.at(-1);
    if (command !== undefined) this.command(player, command);
  }

  command(player: PlayerId, command: Command): void {
    this.commands.set(player, command);
  }

  step(): void {
    starwake.step(this.world, this.commands);
  }

  get living(): Ship[] {
    return this.world.ships.filter(isAlive);
  }

  get shots(): readonly Projectile[] {
    return this.world.projectiles;
  }
}

const fail = (error: unknown) => {
  throw error;
};

/**
 * Runs a server's ticks by Starwake's own loop, so that lateness means the same for all, and frames as they come due:
 * on two of three ticks.
 */
export function runTicks(probe: Probe, tick: () => void, frame: () => void): void {
  let due = 0;
  const run = () => {
    tick();
    due += FRAME_RATE / TICK_RATE;
    if (due < 1) return;
    due -= 1;
    frame();
  };
  new TickLoop(new SystemClock(fail), TICK_RATE, run, probe, fail).start();
}
