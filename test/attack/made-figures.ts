/** Figures of a made-up siege that holds every mark, for tests to change one thing in. */
import type { Figures } from "./figures.ts";

export const HELD: Figures = {
  title: "made",
  seconds: 120,
  attackers: { opened: 1_000, refused: 10, bytes: 1e6 },
  server: {
    ...{ pid: 1, ending: undefined, lastWords: "", errorLines: [], handlersFailed: 0 },
    ...{ ticksDropped: 3, latenessMsP99: 4, tickRate: 60, coreShares: { server: 0.3, honest: 0.3 } },
  },
  honest: {
    ...{ asked: 20, joined: 20, stillPlaying: 20, losses: 0, playingAfterwards: 20, malformedFrames: 0 },
    ...{ framesPerSecond: 30, commandsOnTime: 9_900, commandsMissing: 100, tickHz: 59.4 },
  },
  newcomers: { tried: 12, seen: 12, slowestMs: 2_000, slowestHeard: "connecting", problems: [] },
  memoryBytes: Array.from({ length: 120 }, (_, second) => 150e6 + (second % 5) * 1e6),
  before: { descriptors: 45, connections: 20, rooms: 1, pilots: 0, honestLinks: 20 },
  after: { descriptors: 46, connections: 20, rooms: 9, pilots: 0, honestLinks: 20 },
  refusals: {},
};
