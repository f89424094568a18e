/**
 * The command sender ③: stamps each command with its tick, has it predicted at once, and sends what has gathered, some
 * ticks to a packet.
 *
 * Next: shared/engine/command-packet.ts (④), how it travels.
 */
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import {
  MAX_COMMANDS_PER_PACKET,
  MAX_PACKET_BYTES,
  writeCommandPacket,
} from "@starwake/shared/engine/command-packet.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

/** Measured in the laboratory at 150 ms and 5 % loss: two thirds of the late commands of 60 packets a second. */
const STALLING_PACKET_RATE = 20;

function ticksAPacket(tickRate: number, packetRate: number): number {
  return Math.max(1, Math.min(MAX_COMMANDS_PER_PACKET, Math.round(tickRate / packetRate)));
}

export class CommandSender {
  private readonly schema: Schema;
  private readonly ticksPerPacket: number;
  private readonly mostTicksPerPacket: number;
  private readonly writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  private firstTick: Tick = 0;
  private waiting: RecordOf<Schema>[] = [];

  constructor(schema: Schema, tickRate: number, packetRate: number) {
    this.schema = schema;
    this.ticksPerPacket = ticksAPacket(tickRate, packetRate);
    this.mostTicksPerPacket = Math.max(this.ticksPerPacket, ticksAPacket(tickRate, STALLING_PACKET_RATE));
  }

  /** Takes the command for a tick; each tick is one more than the last. */
  add(tick: Tick, command: RecordOf<Schema>): void {
    if (this.waiting.length === 0 || this.waiting.length === MAX_COMMANDS_PER_PACKET) {
      this.waiting = [];
      this.firstTick = tick;
    }
    this.waiting.push(command);
  }

  /**
   * The packet that is due, or undefined.
   * @param ackTick the newest frame's tick, undefined before the first
   * @param lookTick the tick that others are drawn at
   * @param isStalling fewer packets are worth their delay: each one that is lost holds up all that follow
   */
  take(ackTick: Tick | undefined, lookTick: number | undefined, isStalling: boolean): Uint8Array | undefined {
    if (this.waiting.length < (isStalling ? this.mostTicksPerPacket : this.ticksPerPacket)) return undefined;
    const lookAge = ackTick === undefined || lookTick === undefined ? 0 : Math.round(ackTick - lookTick);
    this.writer.rewind();
    writeCommandPacket(this.writer, this.schema, {
      ackTick,
      lookAge,
      firstTick: this.firstTick,
      commands: this.waiting,
    });
    this.waiting = [];
    return this.writer.bytes.slice(0, this.writer.byteLength);
  }
}
