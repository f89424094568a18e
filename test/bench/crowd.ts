/**
 * A crowd in one process: the production room with many players in it, on a clock moved by hand and without sockets, so
 * that what step and replication cost can be measured alone. Everybody flies and shoots by a seed, and answers frames.
 */
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import type { Connection } from "@starwake/server/engine/transport.ts";
import { createPilot } from "@starwake/server/game/pilot.ts";
import { frameTickOf } from "@starwake/shared/engine/frame.ts";
import type { GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import type { Ship, World } from "@starwake/shared/game/world.ts";
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
  /** Ships that the server's own pilots fill the room to; they are sent nothing. */
  readonly ships?: number;
};

const FRAME_HEAD_BYTES = 3;

export class Crowd {
  readonly clock = createHandClock();
  /** Called with each frame as it is sent. */
  received: (place: number, bytes: Uint8Array) => void = () => {};
  frames = 0;
  frameBytes = 0;
  private world: World | undefined;
  private readonly members: Member[] = [];
  private readonly tickMs: number;
  private readonly ticksPerPacket: number;
  private tick: Tick = 0;

  constructor(options: CrowdOptions) {
    const { players, seed, mapSize, tickRate = 30, frameRate = 20, budgetBytesPerSecond = 12_000 } = options;
    const { ships = players } = options;
    this.tickMs = 1000 / tickRate;
    this.ticksPerPacket = Math.max(1, Math.round(tickRate / 20));
    const { lobby } = createServerByHand(this.clock, this.watchedGame(), createPilot as CreatePilot, {
      setup: { seed, tickRate, capacity: ships, mapSize, role: "authority" },
      frameRate,
      packetRate: 20,
      pilots: ships,
      budgetBytesPerSecond,
      holdMs: 20_000,
    });
    for (let place = 0; place < players; place++) {
      const member: Member = {
        wanderer: new Wanderer(seed * 10_007 + place),
        frameHead: new Uint8Array(FRAME_HEAD_BYTES),
        hasFrame: false,
        commands: [],
        player: 0,
        send: () => {},
      };
      const handlers = lobby.accept(this.connectionOf(member, place));
      const reply = handlers.request("join", { name: `Player ${place}`, room: { kind: "quick" }, token: undefined });
      if (!reply.ok) throw new Error(`player ${place} was refused: ${reply.reason}`);
      member.send = (bytes) => handlers.packet(bytes);
      member.player = reply.player;
      this.tick = reply.tick;
      this.members.push(member);
    }
  }

  /** Everybody's ship as it truly is; dead ones are among them. */
  get ships(): readonly Ship[] {
    return this.world?.ships ?? [];
  }

  /** The number of the player at a place. */
  playerAt(place: number): number {
    return this.members[place].player;
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
      const ackTick = member.hasFrame ? frameTickOf(member.frameHead, tick) : undefined;
      member.send(packetOf({ ackTick, lookAge: 3, firstTick, commands: member.commands }));
      member.commands = [];
    });
  }

  /** One tick of the room, and its frames. */
  stepOnce(): void {
    this.clock.advance(this.tickMs);
    this.tick++;
  }

  /** The game, which tells of the world that the room plays in. */
  private watchedGame(): GameDefinition {
    const createWorld: typeof starwake.createWorld = (setup) => {
      this.world = starwake.createWorld(setup);
      return this.world;
    };
    return { ...starwake, createWorld } as GameDefinition;
  }

  private connectionOf(member: Member, place: number): Connection {
    const address = `10.${place >> 16}.${(place >> 8) & 255}.${place & 255}`;
    return {
      id: `crowd-${place}`,
      address,
      addressGroup: address,
      isCongested: false,
      setSeated: () => {},
      sendFrame: (bytes) => {
        this.frames++;
        this.frameBytes += bytes.length;
        // Looked at with the next packet, so that a tick's time is the server's alone.
        member.frameHead.set(bytes.subarray(0, FRAME_HEAD_BYTES));
        member.hasFrame = true;
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
  /** Of the newest frame as much as tells its tick. */
  readonly frameHead: Uint8Array;
  hasFrame: boolean;
  commands: Command[];
  player: PlayerId;
  send: (bytes: Uint8Array) => void;
};
