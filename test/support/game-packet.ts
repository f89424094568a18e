/** Command packets of the game, written by hand. */
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { type CommandPacket, MAX_PACKET_BYTES, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import { type Command, commandSchema, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";

/** A command packet; unless told, one neutral command, from a client that has seen no frame. */
export function packetOf(some: Partial<CommandPacket<Command>>): Uint8Array<ArrayBuffer> {
  const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  const packet = { ackTick: undefined, lookAge: 0, firstTick: 0, commands: [NEUTRAL_COMMAND], ...some };
  writeCommandPacket(writer, commandSchema, packet);
  return writer.bytes.slice(0, writer.byteLength);
}
