/**
 * A crowd in one process: the production room with many players in it, on a clock moved by hand and without sockets, so
 * that what step and replication cost can be measured alone. Everybody flies and shoots by a seed, and answers frames.
 */
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import type { Connection } from "@starwake/server/engine/transport.ts";
import { createPilot } from "@starwake/server/game/pilot.ts";
import { frameTickOf } from "@starwake/shared/engine/frame.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { packetOf } from "../support/game-packet.ts";
import { createHandClock } from "../support/hand-clock.ts";
import { createServerByHand } from "../support/server-by-hand.ts";
import { Wanderer } from "./wanderer.ts";

export type CrowdOptions = {
  readonly players: number;
  readonly seed: number;
  /** Side of the map in units; 0: as the game has it for so many. */
  readonly mapSize: number;
  readonly tickRate?: number;
  readonly frameRate?: number;
  readonly budgetBytesPerSecond?: number;
};

export class Crowd {
  readonly clock = createHandClock();
  /** Called with each frame as it is sent. */
  received: (place: number, bytes: Uint8Array) => void = () => {};
  frames = 0;
  frameBytes = 0;
  private readonly members: Member[] = [];
  private readonly tickMs: number;
  private readonly ticksPerPacket: number;
  private tick: Tick = 0;

  constructor({ players, seed, mapSize, tickRate = 30, frameRate = 20, budgetBytesPerSecond = 12_000 }: CrowdOptions) {
    this.tickMs = 1000 / tickRate;
    this.ticksPerPacket = Math.max(1, Math.round(tickRate / 20));
    const { lobby } = createServerByHand(this.clock, starwake as GameDefinition, createPilot as CreatePilot, {
      setup: { seed, tickRate, capacity: players, mapSize, role: "authority" },
      frameRate,
      packetRate: 20,
      pilots: 0,
      budgetBytesPerSecond,
      holdMs: 20_000,
    });
    for (let place = 0; place < players; place++) {
      const member: Member = {
        wanderer: new Wanderer(seed * 10_007 + place),
        ackTick: undefined,
        commands: [],
        send: () => {},
      };
      const handlers = lobby.accept(this.connectionOf(member, place));
      const reply = handlers.request("join", { name: `Player ${place}`, room: { kind: "quick" }, token: undefined });
      if (!reply.ok) throw new Error(`player ${place} was refused: ${reply.reason}`);
      member.send = (bytes) => handlers.packet(bytes);
      this.tick = reply.tick;
      this.members.push(member);
    }
  }

  /** Lets ticks pass, each after the commands for it have come. */
  run(ticks: number): void {
    for (let count = 0; count < ticks; count++) {
      this.sendCommands();
      this.stepOnce();
    }
  }

  /** Everybody's commands, in packets as clients gather them, each player's turn in another tick. */
  sendCommands(): void {
    const { tick, ticksPerPacket } = this;
    this.members.forEach((member, place) => {
      member.commands.push(member.wanderer.next());
      if ((tick + place) % ticksPerPacket !== 0) return;
      const firstTick = tick + ticksPerPacket + 1 - member.commands.length;
      member.send(packetOf({ ackTick: member.ackTick, lookAge: 3, firstTick, commands: member.commands }));
      member.commands = [];
    });
  }

  /** One tick of the room, and its frames. */
  stepOnce(): void {
    this.clock.advance(this.tickMs);
    this.tick++;
  }

  private connectionOf(member: Member, place: number): Connection {
    return {
      id: `crowd-${place}`,
      address: `10.${place >> 16}.${(place >> 8) & 255}.${place & 255}`,
      sendFrame: (bytes) => {
        this.frames++;
        this.frameBytes += bytes.length;
        member.ackTick = frameTickOf(bytes, this.tick);
        this.received(place, bytes);
      },
      notify: () => {},
      close: (reason) => {
        throw new Error(`player ${place} was sent away: ${reason}`);
      },
    };
  }
}

type Member = {
  readonly wanderer: Wanderer;
  ackTick: Tick | undefined;
  commands: Command[];
  send: (bytes: Uint8Array) => void;
};
