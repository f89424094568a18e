/**
 * What one player does, as packets: the same commands from the same seed, whichever system they are sent to. Packets go
 * out at a rate of their own and carry the ticks since the last one.
 */
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import {
  MAX_COMMANDS_PER_PACKET,
  MAX_PACKET_BYTES,
  writeCommandPacket,
} from "@starwake/shared/engine/command-packet.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { type Command, commandSchema } from "@starwake/shared/game/command.ts";
import { Wanderer } from "./wanderer.ts";

/** About 150 ms at 30 ticks a second: what a client draws others behind by. */
const LOOK_AGE_TICKS = 4;

export class CommandStream {
  private readonly wanderer: Wanderer;
  private readonly writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  /** The last tick that a packet held. */
  private lastTick: Tick;

  constructor(seed: number, player: number, firstTick: Tick = 1) {
    this.wanderer = new Wanderer(seed * 10_007 + player);
    this.lastTick = firstTick - 1;
  }

  /** The command of the next tick alone, for those who do not send packets. */
  command(): Command {
    this.lastTick++;
    return this.wanderer.next();
  }

  /**
   * Everything up to a tick that was not in a packet yet, in Starwake's layout; undefined: there is nothing.
   * @param ackTick the newest frame's tick, if there was one
   */
  packetUpTo(tick: Tick, ackTick: Tick | undefined): Uint8Array | undefined {
    // Who was held up lets go of the oldest, as the client does.
    this.lastTick = Math.max(this.lastTick, tick - MAX_COMMANDS_PER_PACKET);
    const firstTick = this.lastTick + 1;
    const commands: Command[] = [];
    while (this.lastTick < tick) commands.push(this.command());
    if (commands.length === 0) return undefined;
    this.writer.rewind();
    writeCommandPacket(this.writer, commandSchema, { ackTick, lookAge: LOOK_AGE_TICKS, firstTick, commands });
    return this.writer.bytes.slice(0, this.writer.byteLength);
  }
}
