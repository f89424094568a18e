/** What runs over a real network come to. */
import { expect, test } from "vitest";
import { figuresOf, latenessAfterSteps, recoveries, spreadOf, timeOf } from "./figures.ts";
import { shareOf } from "./joins.ts";
import type { PlayerReport } from "./player-words.ts";
import { PROFILES } from "./profiles.ts";
import type { RawRun } from "./raw-run.ts";
import { joinTableOf, tableOf } from "./table.ts";
import type { TickLog } from "./tick-log.ts";

/** Ten ticks a second, from tick 100 on at ten seconds. */
const TICKS: TickLog = {
  kind: "ticks",
  firstTick: 100,
  timesMs: Array.from({ length: 200 }, (_, index) => 10_000 + index * 100),
  late: [
    [110, 1],
    [120, 1],
    [121, 2],
  ],
  onTime: 297,
};

const PLAYER: PlayerReport = {
  player: 1,
  pictures: [
    [10_350, 102, 103],
    [10_450, 103, 104],
  ],
  playedMs: 10_000,
  frames: 300,
  frameBytes: 4_000,
  comparedTicks: 300,
  mispredictedTicks: 3,
  correctionUnits: [1, 2, 3],
  starvedMs: 50,
  elapsedMs: 10_000,
  rttMs: [60, 80],
  picturesWithSpares: 1,
  mostConnections: 5,
  losses: 0,
};

const RUN: RawRun = {
  setting: { profile: PROFILES.B, players: 3, seconds: 10, seed: 1, congestion: "cubic", relay: "" },
  joinMs: [300, 500, undefined],
  reports: [PLAYER, { ...PLAYER, player: 2, frames: 200, comparedTicks: 100, losses: 1, mostConnections: 1 }],
  ticks: TICKS,
  changes: [],
  down: { packets: 2_000, bytes: 40_000, lost: 100 },
  up: { packets: 1_000, bytes: 20_000, lost: 0 },
  carriedMs: 10_000,
  relayLate: { meanMs: 0.2, mostMs: 4 },
};

test("ratios are of all players together, and rates of each", () => {
  expect(figuresOf([RUN])).toMatchObject({
    ...{ players: 3, joined: 2, dropped: 1, mostConnections: 5 },
    ...{ commandsOnTime: 0.99, mispredictedTicks: 6 / 400, starvedTime: 0.005, sparesOpen: 0.5 },
    ...{ framesPerSecond: 25, frameBytesPerSecond: 400 },
    down: { bytesPerSecond: 2_000, packetsPerSecond: 100, lost: 0.05 },
    up: { bytesPerSecond: 1_000, packetsPerSecond: 50, lost: 0 },
  });
});

test("whether the machine kept up is told beside them", () => {
  expect(figuresOf([RUN]).machine).toEqual({
    ...{ ticksPerSecond: 10, picturesPerSecond: 0.2, relayLateMs: { mean: 0.2, most: 4 } },
  });
});

test("a picture's age is that of the tick that it shows the others at", () => {
  expect(figuresOf([RUN]).sendToRenderMs).toMatchObject({ count: 4, mean: 150 });
});

test("a tick between two is as old as its part of the way; one that was not seen has no age", () => {
  expect(timeOf(TICKS, 100.25)).toBe(10_025);
  expect([timeOf(TICKS, 99.5), timeOf(TICKS, 299.5)]).toEqual([undefined, undefined]);
  expect(timeOf(TICKS, 299)).toBe(29_900);
});

test("who did not come in is in no time of joining, and is told", () => {
  expect(figuresOf([RUN]).joinMs).toMatchObject({ count: 2, mean: 400, most: 500 });
});

test("two runs are one longer one", () => {
  const [one, two] = [figuresOf([RUN]), figuresOf([RUN, RUN])];
  expect(two).toMatchObject({ players: 6, joined: 4, commandsOnTime: 0.99, down: one.down });
  expect(two.joinMs).toMatchObject({ count: 4, mean: 400 });
});

test("a spread has the value below which each part lies", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(spreadOf(values)).toEqual({ count: 100, mean: 50.5, p50: 51, p90: 91, p95: 96, p99: 100, most: 100 });
  expect(spreadOf([])).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, most: 0 });
});

test("after a step, each player's last late command counts, until the next step", () => {
  const step = (atMs: number) => ({ change: { kind: "step", atPart: 0, rttMs: 150 }, atMs }) as const;
  // Ticks 110, 120 and 121 are at 11, 12 and 12.1 seconds.
  expect(latenessAfterSteps({ ...RUN, changes: [step(10_500)] })).toEqual([1_500, 1_600]);
  expect(latenessAfterSteps({ ...RUN, changes: [step(10_500), step(11_500)] })).toEqual([500, 0, 500, 600]);
  expect(figuresOf([RUN]).lateAfterStepMs).toBeUndefined();
});

test("after an outage, each player's first picture that is fresh counts", () => {
  const changes = [{ change: { kind: "outage", atPart: 0, lastsMs: 1_000 }, atMs: 11_000 }] as const;
  // Tick 121 is at 12.1 seconds; on this path a frame is fresh for 160 ms.
  const pictures = [
    [12_050, 107, 108],
    [12_290, 119, 121],
    [12_300, 123, 122],
    [12_340, 121, 122],
  ] as const;
  expect(recoveries({ ...RUN, reports: [{ ...PLAYER, pictures }], changes })).toEqual([340]);
});

test("who never has a fresh picture again is in no figure of that", () => {
  const changes = [{ change: { kind: "outage", atPart: 0, lastsMs: 1_000 }, atMs: 11_000 }] as const;
  expect(recoveries({ ...RUN, changes })).toEqual([]);
});

test("joins are shared among those who join, none doing more than one more than another", () => {
  expect([0, 1, 2, 3].map((index) => shareOf(10, 4, index))).toEqual([3, 3, 2, 2]);
});

/** As a machine has them that keeps up. */
const SOUND = { ticksPerSecond: 60, picturesPerSecond: 60, relayLateMs: { mean: 0.1, most: 40 } };
const FIGURES = { ...figuresOf([RUN]), machine: SOUND };

test("the table has a row for each profile, and its units in its head", () => {
  const [head, line, row, ...rest] = tableOf([["B", FIGURES]]).split("\n");
  expect(head).toMatch(/^\| profile \| on time % \| mispredicted % \| starved % \| tick to picture ms/);
  expect(line).toMatch(/^(\| --- )+\|$/);
  expect(row).toMatch(/^\| B \| 99\.00 \| 1\.50 \| 0\.50 \| 150 \(150\) \|.* \| 2 of 3, 1 \|$/);
  expect(rest).toEqual([]);
  expect(head.split("|").length).toBe(row.split("|").length);
});

test("what only happens in some profiles stands below", () => {
  const lateAfterStepMs = spreadOf([100, 300]);
  expect(tableOf([["step", { ...FIGURES, lateAfterStepMs }]])).toMatch(
    /\nstep: from a step to .*: 200 ms in the mean, 300 at most, of 2$/,
  );
});

test.for([
  ["left ticks out", { ticksPerSecond: 58 }],
  ["left pictures out", { picturesPerSecond: 40 }],
  ["kept packets back", { relayLateMs: { mean: 3, most: 200 } }],
] as const)("that the machine %s stands below", ([, lame]) => {
  expect(tableOf([["B", { ...FIGURES, machine: { ...SOUND, ...lame } }]])).toMatch(
    /\nB: the machine did not keep up[^\n]+$/,
  );
});

test("the table of joins tells how many were given up", () => {
  const joinMs = spreadOf([100, 200, 300, 400]);
  expect(joinTableOf([["C", { joinMs, failed: 2 }]])).toMatch(/\| C \| 4 \| 2 \| 300 \| 400 \| 400 \| 400 \|$/);
});
