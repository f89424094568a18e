/**
 * Command packets ④: what a client sends many times a second, in one binary message.
 *
 *   8 tag · 1 has seen a frame? · if so 16 newest frame's tick (the acknowledgement) · 6 look age
 *   16 first tick · 4 count − 1 · for each tick: 1 same as the one before? · else the command's fields
 *
 * The look age is how many ticks before the acknowledged one the player is looking at.
 *
 * Next: server/engine/session.ts (⑤), which takes them.
 */
import { BitReader, type BitWriter } from "./bit-stream.ts";
import { bitsFor } from "./field-codec.ts";
import { type RecordOf, recordOf, type Schema } from "./schema.ts";
import { fromWireTick, type Tick, toWireTick } from "./tick.ts";

export const COMMAND_TAG = 2;
export const MAX_COMMANDS_PER_PACKET = 16;
export const MAX_LOOK_AGE = 63;

/** No command packet is longer, whatever the game's command holds. */
export const MAX_PACKET_BYTES = 512;

export type CommandPacket<C> = {
  /** Tick of the newest frame that the client holds; undefined before the first. */
  readonly ackTick: Tick | undefined;
  /** Ticks before `ackTick` that the player sees the others at. */
  readonly lookAge: number;
  readonly firstTick: Tick;
  /** One for each tick from `firstTick` on; 1 to 16 of them. */
  readonly commands: readonly C[];
};

type Values = Readonly<Record<string, number>>;

export function writeCommandPacket<S extends Schema>(
  writer: BitWriter,
  schema: S,
  packet: CommandPacket<RecordOf<S>>,
): void {
  writer.bits(COMMAND_TAG, 8);
  writer.bit(packet.ackTick !== undefined);
  if (packet.ackTick !== undefined) writer.bits(toWireTick(packet.ackTick), 16);
  writer.bits(Math.min(MAX_LOOK_AGE, Math.max(0, packet.lookAge)), 6);
  writer.bits(toWireTick(packet.firstTick), 16);
  writer.bits(packet.commands.length - 1, 4);
  let previous: Values | undefined;
  for (const command of packet.commands as readonly Values[]) {
    const isSame = previous !== undefined && schema.names.every((name) => previous?.[name] === command[name]);
    writer.bit(isSame);
    if (!isSame)
      schema.fields.forEach((field, index) =>
        writer.bits(command[schema.names[index]] - field.min, bitsFor(field.max - field.min)),
      );
    previous = command;
  }
}

/**
 * What a packet says, its commands as rows one after the other. It is read into again and again, so that thousands of
 * packets a second leave nothing behind.
 */
export class CommandRows {
  /** As in a CommandPacket. */
  ackTick: Tick | undefined;
  lookAge = 0;
  firstTick: Tick = 0;
  /** How many commands there are, 1 to 16. */
  count = 0;
  readonly schema: Schema;
  readonly rows: Int32Array;

  constructor(schema: Schema) {
    this.schema = schema;
    this.rows = new Int32Array(MAX_COMMANDS_PER_PACKET * schema.fields.length);
  }

  /**
   * Parses a packet off the wire.
   * @param near the server's tick
   * @returns false: it is malformed, and what was read of it is worth nothing
   */
  read(bytes: Uint8Array, near: Tick): boolean {
    if (bytes.length > MAX_PACKET_BYTES || bytes[0] !== COMMAND_TAG) return false;
    const reader = new BitReader(bytes, 1);
    this.ackTick = reader.bit() ? fromWireTick(reader.bits(16), near) : undefined;
    this.lookAge = reader.bits(6);
    this.firstTick = fromWireTick(reader.bits(16), near);
    this.count = reader.bits(4) + 1;
    for (let index = 0; index < this.count; index++) if (!this.readOne(reader, index)) return false;
    return !reader.failed && reader.isSpent;
  }

  private readOne(reader: BitReader, index: number): boolean {
    const { rows } = this;
    const { fields } = this.schema;
    const offset = index * fields.length;
    if (reader.bit()) {
      if (index === 0) return false;
      for (let at = 0; at < fields.length; at++) rows[offset + at] = rows[offset - fields.length + at];
      return true;
    }
    for (let at = 0; at < fields.length; at++) {
      const { min, max } = fields[at];
      const value = min + reader.bits(bitsFor(max - min));
      if (value > max) return false;
      rows[offset + at] = value;
    }
    return true;
  }
}

/** Parses a packet off the wire into records; `near` is the server's tick. Undefined: it is malformed. */
export function readCommandPacket<S extends Schema>(
  bytes: Uint8Array,
  schema: S,
  near: Tick,
): CommandPacket<RecordOf<S>> | undefined {
  const read = new CommandRows(schema);
  if (!read.read(bytes, near)) return undefined;
  const { ackTick, lookAge, firstTick, count, rows } = read;
  const commands = Array.from({ length: count }, (_, index) => recordOf(schema, rows, index * schema.fields.length));
  return { ackTick, lookAge, firstTick, commands };
}
