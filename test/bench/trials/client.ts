/**
 * The trial `client`: the page's client engine takes the frames of a crowded brawl, reads them, and reconciles its
 * prediction with them. It flies otherwise than the pilot whose frames they are, so that each frame corrects it and has
 * it run its commands again: the dearest case. Frames that show fewer than 200 ships, or many more, are taken, but not
 * counted.
 */
import type { Spread } from "../orders.ts";
import { ownCpuMs } from "../process-accounts.ts";
import { joinAgain, type RecordedBrawl, type RecordedFrame, recordBrawl } from "../recorded-brawl.ts";
import { spreadOf } from "../spread.ts";
import type { TrialOrder } from "../trials.ts";
import { Wanderer } from "../wanderer.ts";

export type ClientFigures = {
  /** In view, on average over the frames that are counted. */
  readonly ships: number;
  readonly frames: number;
  /** Of a frame: the mean of the processor time on the thread that takes it, and the spread by the clock on the wall. */
  readonly meanMs: number;
  readonly frameMs: Spread;
};

const LEAST_SHIPS = 200;
const MOST_SHIPS = 240;
/** Until then nobody has died yet. */
const BEGIN_MS = 2_000;
/** Times that the brawl is seen until the code is compiled, and then to be measured. */
const WARM_UP_RUNS = 5;
const RUNS = 40;

const isCounted = ({ ships, nowMs }: RecordedFrame) => ships >= LEAST_SHIPS && ships <= MOST_SHIPS && nowMs >= BEGIN_MS;

export function runClient({ seed }: TrialOrder): ClientFigures {
  const brawl = recordBrawl(seed);
  const counted = brawl.frames.filter(isCounted);
  if (counted.length === 0)
    throw new Error(`no frame shows ${LEAST_SHIPS} to ${MOST_SHIPS} ships: crowd the recorded brawl otherwise`);
  for (let run = 0; run < WARM_UP_RUNS; run++) playThrough(brawl, seed, []);
  const timesMs: number[] = [];
  let cpuMs = 0;
  for (let run = 0; run < RUNS; run++) cpuMs += playThrough(brawl, seed, timesMs);
  return {
    ships: counted.reduce((sum, { ships }) => sum + ships, 0) / counted.length,
    frames: counted.length,
    meanMs: cpuMs / timesMs.length,
    frameMs: spreadOf(timesMs),
  };
}

/** Sees the brawl once, and notes how long each frame took that is counted. @returns their processor time together */
function playThrough(brawl: RecordedBrawl, seed: number, timesMs: number[]): number {
  const match = joinAgain(brawl);
  const wanderer = new Wanderer(seed);
  let cpuMs = 0;
  for (const frame of brawl.frames) {
    const begin = { cpuMs: ownCpuMs("thread"), wallMs: performance.now() };
    match.receive(frame.bytes, frame.nowMs);
    if (isCounted(frame)) {
      timesMs.push(performance.now() - begin.wallMs);
      cpuMs += ownCpuMs("thread") - begin.cpuMs;
    }
    match.update(frame.nowMs, () => wanderer.next());
  }
  return cpuMs;
}
