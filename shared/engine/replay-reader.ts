/**
 * The replay reader: the bytes of a file back into a replay, or why not in words for people. Nothing in a file makes
 * it throw.
 *
 * Next: replay-run.ts, which runs a replay.
 */
import { readingCoder } from "./bit-coder.ts";
import { BitReader } from "./bit-stream.ts";
import type { GameDefinition } from "./game-definition.ts";
import type { Replay, ReplayHead, ReplayPlayer, ReplayStep, SeatChange } from "./replay.ts";
import {
  type Block,
  BlockKind,
  BlockReader,
  FORMAT_VERSION,
  MAX_INFLATED_BYTES,
  readFileStart,
  readHead,
} from "./replay-file.ts";
import { type Coming, codeHash, codeItemKind, type Going, ItemKind, StepCodec } from "./replay-step-codec.ts";
import type { Tick } from "./tick.ts";

export type ReplayReading = {
  readonly game: GameDefinition;
  /** The protocol hash of the rules that are at hand. */
  readonly protocol: string;
  /** Undoes raw deflate; rejects for what is none, and may for what would come out longer than `maxBytes`. */
  inflate(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array>;
};

export type Problem = { readonly problem: string };

/** What was read so far. */
type Growing = {
  readonly head: ReplayHead;
  readonly codec: StepCodec;
  readonly players: ReplayPlayer[];
  readonly steps: ReplayStep[];
  readonly hashes: { tick: Tick; hash: number }[];
};

/**
 * Reads a replay file. One that breaks off gives a replay of all that is whole, with `isComplete` false; one that is
 * damaged anywhere gives none.
 */
export async function readReplay(bytes: Uint8Array, reading: ReplayReading): Promise<Replay | Problem> {
  const start = readFileStart(bytes);
  if (start === "no-replay") return { problem: "This is not a replay file." };
  if (typeof start === "object") {
    const versions = `of format version ${start.otherVersion}; this program reads version ${FORMAT_VERSION}`;
    return { problem: `This is a replay file ${versions}.` };
  }
  const blocks = new BlockReader(bytes);
  const head = takeHead(blocks.next(), reading);
  return "problem" in head ? head : takeSteps(blocks, head, reading);
}

function takeHead(block: Block | "cut-off" | "damaged", { game, protocol }: ReplayReading): ReplayHead | Problem {
  if (block === "cut-off") return { problem: "The file breaks off before its first second." };
  const head = block === "damaged" || block.kind !== BlockKind.Head ? undefined : readHead(block.body);
  if (head === undefined) return { problem: "The file is damaged at its beginning." };
  if (head.game !== game.name)
    return { problem: `This is a replay of the game "${head.game}"; this program plays "${game.name}".` };
  if (head.protocol === protocol) return head;
  const hashes = `under version ${head.protocol} of the rules; this program plays by version ${protocol}`;
  return { problem: `This replay was recorded ${hashes}.` };
}

async function takeSteps(
  blocks: BlockReader,
  head: ReplayHead,
  { game, inflate }: ReplayReading,
): Promise<Replay | Problem> {
  const codec = new StepCodec(game);
  const growing: Growing = { head, codec, players: [], steps: [], hashes: [] };
  const { players, steps, hashes } = growing;
  for (;;) {
    const block = blocks.next();
    if (block === "cut-off") return { head, players, steps, hashes, isComplete: false };
    if (block === "damaged" || block.tick !== steps.length) return damaged(growing);
    if (block.kind === BlockKind.End && block.body.length === 0 && blocks.isAtEnd)
      return { head, players, steps, hashes, isComplete: true };
    if (block.kind !== BlockKind.Steps) return damaged(growing);
    const body = await inflated(block.body, inflate);
    if (body === undefined || !takeItems(body, growing)) return damaged(growing);
  }
}

async function inflated(
  body: Uint8Array<ArrayBuffer>,
  inflate: ReplayReading["inflate"],
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await inflate(body, MAX_INFLATED_BYTES);
    return bytes.length <= MAX_INFLATED_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Adds a block's steps; false: it is damaged. */
function takeItems(body: Uint8Array, { codec, players, steps, hashes, head }: Growing): boolean {
  const reader = new BitReader(body);
  const coder = readingCoder(reader);
  const mostSteps = steps.length + head.setup.tickRate;
  for (;;) {
    const kind = codeItemKind(coder, ItemKind.NoMore);
    if (kind === ItemKind.Step && steps.length < mostSteps) {
      const { changes, commands, looks } = codec.code(coder, steps.length);
      for (const change of changes) if (change.kind === "added") players.push(whoOf(change));
      steps.push({ changes: changes.map(seatChangeOf), commands, looks });
    } else if (kind === ItemKind.Hash) hashes.push({ tick: steps.length, hash: codeHash(coder, 0) });
    else return kind === ItemKind.NoMore && !reader.failed && reader.isSpent;
    if (reader.failed) return false;
  }
}

function whoOf({ player, name, isPilot }: Coming): ReplayPlayer {
  return { player, name, isPilot };
}

function seatChangeOf(change: Coming | Going): SeatChange {
  if (change.kind === "removed") return change;
  const { kind, player, condition } = change;
  return { kind, player, ...(condition && { condition }) };
}

function damaged({ steps, head }: Growing): Problem {
  return { problem: `The file is damaged at second ${Math.floor(steps.length / head.setup.tickRate)}.` };
}
