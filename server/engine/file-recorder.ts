/**
 * Recorders that keep each room's match in a file of its own, as it goes on: what is told in one half second is on its
 * way to the disk in the next, so a process that is killed loses no more than a second. A disk that fails ends a
 * recording, and is logged; the room does not notice.
 *
 * Next: shared/engine/replay-writer.ts, which makes the blocks; append-lane.ts, which writes them.
 */
import { constants } from "node:fs";
import { access, mkdir, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import type { Condition, GameDefinition, Looks, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { ReplayHead, ReplayStep } from "@starwake/shared/engine/replay.ts";
import { endBytes, openingBytes, ReplayWriter, stepsBytes } from "@starwake/shared/engine/replay-writer.ts";
import pLimit from "p-limit";
import { type AppendFile, AppendLane } from "./append-lane.ts";
import type { Log } from "./log.ts";
import type { OpenRecorder, Recorder } from "./recorder.ts";

const FILE_ENDING = ".starwake";
/** Minutes of a crowded room: a disk that is behind by more does not catch up. */
const MAX_BACKLOG_BYTES = 1 << 20;
/**
 * All recordings together keep so many of Node's helper threads, of which there are four: a network disk that is gone keeps
 * each that waits for it for good. Two more may wait for it with the process's outputs; the last has the page's files to
 * read and names to look up.
 */
const MAX_HELPER_THREADS = 1;
/** Files of one room that begin in one second. */
const MAX_NAMESAKES = 1000;

export type FileRecorderOptions = {
  readonly folder: string;
  readonly game: GameDefinition;
  /** The protocol hash. */
  readonly protocol: string;
  /** Milliseconds since 1970. */
  nowMs(): number;
  readonly log: Log;
  /** Makes a file that is not there yet. */
  create?(path: string): Promise<AppendFile>;
  /** Bytes of one room that may wait for the disk, before they are deflated. */
  readonly maxBacklogBytes?: number;
};

export type FileRecorders = {
  readonly open: OpenRecorder;
  /** Recordings that are not yet all on the disk. */
  readonly unfinished: number;
  /** When all that was told so far is written. */
  settled(): Promise<void>;
};

const deflate = promisify(deflateRaw);

/** Makes the folder where it is missing. @returns why nothing can be recorded there, in a line; undefined: it can */
export async function prepareFolder(folder: string): Promise<string | undefined> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" || code === "ENOTDIR" ? "it is not a directory" : message;
    return `cannot record to ${folder}: ${reason}`;
  }
}

/** With the folders above it. Not by mkdir's own recursion, which on Node 24 never ends in a place such as /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

export function createFileRecorders(options: FileRecorderOptions): FileRecorders {
  const lanes = new Set<AppendLane>();
  const create = inTurns(options.create ?? createFile);
  return {
    open(room, setup) {
      const startedAtMs = options.nowMs();
      const { game, protocol, folder, log, maxBacklogBytes = MAX_BACKLOG_BYTES } = options;
      const lane = new AppendLane({
        open: () => createUnused(join(folder, fileStem(startedAtMs, room)), create),
        maxBacklogBytes,
        gaveUp: (error) => log.error({ room, err: error }, "recording given up: it cannot be written"),
        ended: () => void lanes.delete(lane),
      });
      lanes.add(lane);
      const { seed, tickRate, capacity, mapSize } = setup;
      const head = { game: game.name, protocol, room, startedAtMs, setup: { seed, tickRate, capacity, mapSize } };
      return new FileRecorder(lane, game, head);
    },
    get unfinished() {
      return lanes.size;
    },
    async settled() {
      await Promise.all([...lanes].map((lane) => lane.settled()));
    },
  };
}

class FileRecorder implements Recorder {
  private readonly lane: AppendLane;
  private readonly writer: ReplayWriter;

  constructor(lane: AppendLane, game: GameDefinition, head: ReplayHead) {
    this.lane = lane;
    this.writer = new ReplayWriter(game, head.setup.tickRate);
    this.append(openingBytes(head));
  }

  added(player: PlayerId, name: string, isPilot: boolean, condition?: Condition): void {
    if (this.lane.isOpen) this.writer.added({ player, name, isPilot }, condition);
  }

  removed(player: PlayerId): void {
    if (this.lane.isOpen) this.writer.removed(player);
  }

  step(commands: ReplayStep["commands"], looks: Looks): void {
    if (!this.lane.isOpen) return;
    if (this.writer.isBlockDue) this.appendBlock();
    this.writer.step(commands, looks);
  }

  hash(hash: number): void {
    if (this.lane.isOpen) this.writer.hash(hash);
  }

  close(): void {
    if (!this.lane.isOpen) return;
    this.appendBlock();
    this.append(endBytes(this.writer.tick));
    this.lane.close();
  }

  private appendBlock(): void {
    const block = this.writer.takeBlock();
    if (block === undefined) return;
    this.lane.append(block.body.length, async () => stepsBytes(block.tick, new Uint8Array(await deflate(block.body))));
  }

  private append(bytes: Uint8Array): void {
    this.lane.append(bytes.length, async () => bytes);
  }
}

/** Such as 2026-11-21T10-15-00Z-ROOMCODE: sorted by name is sorted by time, and no system forbids a letter of it. */
function fileStem(startedAtMs: number, room: string): string {
  const second = new Date(startedAtMs).toISOString().slice(0, "2026-11-21T10:15:00".length);
  return `${second.replaceAll(":", "-")}Z-${room}`;
}

/** Makes files that wait for their turn on the disk, at their making too. */
function inTurns(create: (path: string) => Promise<AppendFile>): (path: string) => Promise<AppendFile> {
  const take = pLimit(MAX_HELPER_THREADS);
  return (path) =>
    take(async () => {
      const file = await create(path);
      return { append: (bytes) => take(() => file.append(bytes)), close: () => take(() => file.close()) };
    });
}

/** Makes a file under a name that is free. */
async function createUnused(stem: string, create: (path: string) => Promise<AppendFile>): Promise<AppendFile> {
  for (let number = 1; ; number++) {
    try {
      return await create(number === 1 ? `${stem}${FILE_ENDING}` : `${stem}-${number}${FILE_ENDING}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || number >= MAX_NAMESAKES) throw error;
    }
  }
}

async function createFile(path: string): Promise<AppendFile> {
  const file = await open(path, "wx");
  return {
    append: (bytes) => file.appendFile(bytes),
    async close() {
      await file.sync().finally(() => file.close());
    },
  };
}
