/**
 * Where the bytes of frames go: a brawl of pilots is played in process, some players' frames are read, each bit is
 * accounted to its cause, and beside it stands the entropy of what could not be foretold.
 */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { BitAccount } from "./bit-account.ts";
import { Brawl, type BrawlOptions } from "./brawl.ts";
import { ResidualStreams } from "./residual-streams.ts";

export type WireOptions = BrawlOptions & { readonly seconds: number };

type Line = { readonly cause: string; readonly bytesPerFrame: number; readonly bytesPerEntity: number };

export type WireAccount = {
  readonly setting: WireOptions;
  readonly frames: number;
  /** Moving entities that the reader of a frame knows, on average. */
  readonly entitiesPerFrame: number;
  readonly bytesPerFrame: number;
  /** What every frame has, however many are seen: its head and the own row. */
  readonly headBytesPerFrame: number;
  /** All but that, for each moving entity in each frame. */
  readonly bytesPerEntity: number;
  /** The entropy of what the readers could not have foretold of the ships that they knew. */
  readonly survivorFloorBytesPerEntity: number;
  /** Dearest first. */
  readonly lines: readonly Line[];
  readonly streams: readonly {
    readonly name: string;
    readonly bitsPerSymbol: number;
    readonly bytesPerEntity: number;
  }[];
};

/** 50 pilots on the map that the game has for so many. */
export const USUAL_BRAWL: WireOptions = {
  players: 50,
  readers: 10,
  seconds: 10,
  seed: 1,
  mapSize: 0,
  tickRate: 30,
  frameRate: 20,
};

/** Time in which readers learn of everybody, and everybody has met somebody. */
const WARM_UP_SECONDS = 3;
/** What every frame has, however many are seen: no part of the bytes for each entity. */
const HEAD_CAUSES = new Set(["frame head", "own row"]);
/** Those streams whose sum is the floor: of each group the one that is foretold best. */
const FLOOR = ["aim at its pace | ticks, last miss", "held | before", "motion", "status | charging"] as const;

export const isHead = ({ cause }: Line) => HEAD_CAUSES.has(cause);

/** From now on this process accounts whatever bits it reads, which makes reading slow. */
export function accountWire(setting: WireOptions): WireAccount {
  const { tickRate, players, seconds } = setting;
  const account = new BitAccount();
  const brawl = new Brawl(setting, account.watched(starwake as GameDefinition));
  brawl.run(WARM_UP_SECONDS * tickRate);
  account.bits.clear();
  const residuals = new ResidualStreams(starwake.createWorld({ ...setting, capacity: players, role: "prediction" }));
  let frames = 0;
  let entities = 0;
  let bitsBefore = 0;
  brawl.received = (reader, snapshot) => {
    account.pad(snapshot.bytes, bitsBefore);
    bitsBefore = account.total;
    frames++;
    entities += snapshot.kinds[Kind.Ship].size;
    residuals.note(reader, snapshot);
  };
  brawl.run(seconds * tickRate);
  const lines = [...account.bits]
    .map(([cause, bits]): Line => ({ cause, bytesPerFrame: bits / 8 / frames, bytesPerEntity: bits / 8 / entities }))
    .sort((one, other) => other.bytesPerFrame - one.bytesPerFrame);
  const streams = Object.entries(residuals.streams).map(([name, stream]) => ({
    name,
    bitsPerSymbol: stream.bits / Math.max(1, stream.count),
    bytesPerEntity: stream.bits / 8 / entities,
  }));
  return {
    setting,
    frames,
    entitiesPerFrame: entities / frames,
    bytesPerFrame: sum(lines, "bytesPerFrame"),
    headBytesPerFrame: sum(lines.filter(isHead), "bytesPerFrame"),
    bytesPerEntity: sum(
      lines.filter((line) => !isHead(line)),
      "bytesPerEntity",
    ),
    survivorFloorBytesPerEntity: FLOOR.reduce((total, name) => total + residuals.streams[name].bits / 8 / entities, 0),
    lines,
    streams,
  };
}

function sum(lines: readonly Line[], name: "bytesPerFrame" | "bytesPerEntity"): number {
  return lines.reduce((total, line) => total + line[name], 0);
}
