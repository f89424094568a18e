/** Replays as bytes and back, without a server. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { type Problem, readReplay } from "@starwake/shared/engine/replay-reader.ts";
import { endBytes, openingBytes, ReplayWriter, stepsBytes } from "@starwake/shared/engine/replay-writer.ts";

export const PROTOCOL = "0123456789ab";

/** The parts that a replay is written in: the opening, each block of steps, the end mark. */
export function replayParts(game: GameDefinition, replay: Replay): Uint8Array[] {
  const writer = new ReplayWriter(game, replay.head.setup.tickRate);
  const parts: Uint8Array[] = [openingBytes(replay.head)];
  const players = replay.players.values();
  const takeBlock = () => {
    const block = writer.takeBlock();
    if (block !== undefined) parts.push(stepsBytes(block.tick, new Uint8Array(deflateRawSync(block.body))));
  };
  for (const { changes, commands, looks } of replay.steps) {
    if (writer.isBlockDue) takeBlock();
    for (const change of changes) {
      if (change.kind === "added") writer.added(players.next().value!, change.condition);
      else writer.removed(change.player);
    }
    writer.step(commands, looks);
    const recorded = replay.hashes.find(({ tick }) => tick === writer.tick);
    if (recorded !== undefined) writer.hash(recorded.hash);
  }
  takeBlock();
  return [...parts, endBytes(writer.tick)];
}

export function replayBytes(game: GameDefinition, replay: Replay): Uint8Array {
  return joined(replayParts(game, replay));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function readBytes(bytes: Uint8Array, game: GameDefinition, protocol = PROTOCOL): Promise<Replay | Problem> {
  const inflate = async (body: Uint8Array, maxOutputLength: number) => inflateRawSync(body, { maxOutputLength });
  return readReplay(bytes, { game, protocol, inflate });
}

/** @throws when they are no replay */
export async function readWhole(bytes: Uint8Array, game: GameDefinition, protocol = PROTOCOL): Promise<Replay> {
  const replay = await readBytes(bytes, game, protocol);
  if ("problem" in replay) throw new Error(replay.problem);
  return replay;
}
