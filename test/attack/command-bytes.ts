/** A command packet's bytes, as a client writes them. */
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { MAX_PACKET_BYTES, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";

/** @param tick the one that the command is for, and that the sender claims to have seen a frame of */
export function commandPacket(tick: number, command: Command): Uint8Array {
  const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  writeCommandPacket(writer, starwake.command, { ackTick: tick, lookAge: 0, firstTick: tick, commands: [command] });
  return writer.bytes.slice(0, writer.byteLength);
}
