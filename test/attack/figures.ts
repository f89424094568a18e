/** What was seen of a server under attack and of the honest players on it: what the verdict is drawn from. */
import type { AttackCounts } from "./field.ts";

/** What a server holds that could run out. */
export type Holdings = {
  readonly descriptors: number;
  readonly connections: number;
  readonly rooms: number;
  readonly pilots: number;
  /** Connections of the honest and of newcomers, spares included: as many are theirs at most. */
  readonly honestLinks: number;
};

export type HonestFigures = {
  readonly asked: number;
  readonly joined: number;
  /** In the end, in the very match that they were in at the beginning. */
  readonly stillPlaying: number;
  readonly losses: number;
  /** Who plays when all is over, in whatever match. */
  readonly playingAfterwards: number;
  readonly malformedFrames: number;
  readonly framesPerSecond: number;
  readonly commandsOnTime: number;
  readonly commandsMissing: number;
  /** Ticks a second of the room, by the frames of whoever was told the fewest. */
  readonly tickHz: number;
};

export type NewcomerFigures = {
  readonly tried: number;
  /** Who saw a frame at all. */
  readonly seen: number;
  readonly slowestMs: number;
  /** Which states the slowest was in till then, or why it had to wait. */
  readonly slowestHeard: string;
  /** What the others heard. */
  readonly problems: readonly string[];
};

export type CoreShares = { readonly server: number; readonly honest: number };

export type Figures = {
  readonly title: string;
  readonly seconds: number;
  readonly attackers: AttackCounts;
  readonly server: {
    readonly pid: number;
    /** How it ended by itself; undefined: it lives. */
    readonly ending: string | undefined;
    readonly lastWords: string;
    readonly errorLines: readonly string[];
    readonly handlersFailed: number;
    readonly ticksDropped: number;
    readonly latenessMsP99: number;
    readonly tickRate: number;
    /** Parts of the core that they share: the server's, and that of the honest and of who watches. */
    readonly coreShares: CoreShares;
  };
  readonly honest: HonestFigures;
  readonly newcomers: NewcomerFigures;
  /** Resident memory, each second of the attack. */
  readonly memoryBytes: readonly number[];
  readonly before: Holdings | undefined;
  /** Some seconds after the attack ended; undefined: it did not answer. */
  readonly after: Holdings | undefined;
  /** By reason, how much more was refused than before. */
  readonly refusals: Readonly<Record<string, number>>;
};
