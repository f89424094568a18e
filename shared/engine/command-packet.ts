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
import type { RecordOf, Schema } from "./schema.ts";
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

/** Parses a packet off the wire; `near` is the server's tick. Undefined: it is malformed. */
export function readCommandPacket<S extends Schema>(
  bytes: Uint8Array,
  schema: S,
  near: Tick,
): CommandPacket<RecordOf<S>> | undefined {
  if (bytes.length > MAX_PACKET_BYTES || bytes[0] !== COMMAND_TAG) return undefined;
  const reader = new BitReader(bytes, 1);
  const ackTick = reader.bit() ? fromWireTick(reader.bits(16), near) : undefined;
  const lookAge = reader.bits(6);
  const firstTick = fromWireTick(reader.bits(16), near);
  const count = reader.bits(4) + 1;
  const commands: Values[] = [];
  for (let index = 0; index < count && !reader.failed; index++) {
    const command = reader.bit() ? commands[index - 1] : readCommand(reader, schema);
    if (command === undefined) return undefined;
    commands.push(command);
  }
  if (reader.failed || !reader.isSpent) return undefined;
  return { ackTick, lookAge, firstTick, commands: commands as RecordOf<S>[] };
}

function readCommand(reader: BitReader, schema: Schema): Values | undefined {
  const command: Record<string, number> = {};
  for (let index = 0; index < schema.fields.length; index++) {
    const field = schema.fields[index];
    const value = field.min + reader.bits(bitsFor(field.max - field.min));
    if (value > field.max) return undefined;
    command[schema.names[index]] = value;
  }
  return command;
}
