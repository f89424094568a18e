/**
 * The replay writer: takes what happens in a room as it happens, and gives it away in blocks of half a second. It
 * neither deflates nor writes: both take their time, and the room's tick does not wait for them.
 *
 * Next: server/engine/file-recorder.ts, which does both.
 */
import { type BitCoder, writingCoder } from "./bit-coder.ts";
import { BitWriter } from "./bit-stream.ts";
import type { Condition, GameDefinition, Looks, PlayerId } from "./game-definition.ts";
import type { ReplayHead, ReplayPlayer, ReplayStep } from "./replay.ts";
import { BlockKind, blockBytes, fileStart, headBody } from "./replay-file.ts";
import { type Coming, codeHash, codeItemKind, type Going, ItemKind, StepCodec } from "./replay-step-codec.ts";
import type { Tick } from "./tick.ts";

/** Blocks a second. A block of half a second loses no more than 1 % in size against one of a whole second. */
const BLOCK_RATE = 2;
/** A block this long is due before its time: it stays far below what a reader takes. */
const LONG_BLOCK_BYTES = 1 << 17;
const FIRST_BUFFER_BYTES = 1 << 14;

/** A block of steps before it is deflated. */
export type LooseBlock = { readonly tick: Tick; readonly body: Uint8Array<ArrayBuffer> };

export class ReplayWriter {
  private readonly codec: StepCodec;
  private readonly stepsPerBlock: number;
  private writer = new BitWriter(new Uint8Array(FIRST_BUFFER_BYTES));
  private coder: BitCoder = writingCoder(this.writer);
  private changes: (Coming | Going)[] = [];
  private blockTick: Tick = 0;
  private nextTick: Tick = 0;

  constructor(game: GameDefinition, tickRate: number) {
    this.codec = new StepCodec(game);
    this.stepsPerBlock = Math.ceil(tickRate / BLOCK_RATE);
  }

  /** Steps so far. */
  get tick(): Tick {
    return this.nextTick;
  }

  added(player: ReplayPlayer, condition?: Condition): void {
    this.changes.push({ kind: "added", ...player, ...(condition && { condition }) });
  }

  removed(player: PlayerId): void {
    this.changes.push({ kind: "removed", player });
  }

  /** The next step, after all that came and went before it. */
  step(commands: ReplayStep["commands"], looks: Looks): void {
    this.reserve(this.codec.mostBits(this.changes));
    codeItemKind(this.coder, ItemKind.Step);
    this.codec.code(this.coder, this.nextTick, { changes: this.changes, commands, looks });
    this.changes = [];
    this.nextTick++;
  }

  /** The hash of the world that the last step left. */
  hash(hash: number): void {
    this.reserve(128);
    codeItemKind(this.coder, ItemKind.Hash);
    codeHash(this.coder, hash);
  }

  /** Whether the block is to be taken before the next step. */
  get isBlockDue(): boolean {
    return this.nextTick - this.blockTick >= this.stepsPerBlock || this.writer.byteLength > LONG_BLOCK_BYTES;
  }

  /** All since the last block; undefined: nothing. */
  takeBlock(): LooseBlock | undefined {
    if (this.writer.bitLength === 0) return undefined;
    this.reserve(8);
    codeItemKind(this.coder, ItemKind.NoMore);
    const block = { tick: this.blockTick, body: this.writer.bytes.slice(0, this.writer.byteLength) };
    this.writer.rewind();
    this.blockTick = this.nextTick;
    return block;
  }

  /** Makes room for so many bits. */
  private reserve(bits: number): void {
    const neededBytes = (this.writer.bitLength + bits + 7) >> 3;
    if (neededBytes <= this.writer.bytes.length) return;
    const longer = new BitWriter(new Uint8Array(2 * neededBytes));
    longer.append(this.writer.bytes, 0, this.writer.bitLength);
    this.writer = longer;
    this.coder = writingCoder(longer);
  }
}

/** What a file begins with, up to its first steps. */
export function openingBytes(head: ReplayHead): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...fileStart(), ...blockBytes({ kind: BlockKind.Head, tick: 0, body: headBody(head) }));
}

/** A block of steps whose body was deflated. */
export function stepsBytes(tick: Tick, deflated: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return blockBytes({ kind: BlockKind.Steps, tick, body: deflated });
}

/** The end mark of a recording of so many steps. */
export function endBytes(steps: Tick): Uint8Array<ArrayBuffer> {
  return blockBytes({ kind: BlockKind.End, tick: steps, body: new Uint8Array() });
}
