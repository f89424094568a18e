/**
 * The trial `step`: a room of 1,158 players steps and replicates, in process. A tick's processor time is all that the
 * room does with it: commands taken, the step, records, chunks, frames, news. Players, packets and sockets are left out.
 */
import { Crowd } from "../crowd.ts";
import { sideForOthers } from "../density.ts";
import { FRAME_RATE, type Spread, TICK_RATE } from "../orders.ts";
import { ownCpuMs } from "../process-accounts.ts";
import { spreadOf } from "../spread.ts";
import type { TrialOrder } from "../trials.ts";

export type StepFigures = {
  readonly players: number;
  readonly ticks: number;
  /** Of processor time, on average. */
  readonly usPerPlayerTick: number;
  readonly tickMs: Spread;
};

const PLAYERS = 1158;
/** In this time everybody has met somebody, and the code is compiled. */
const WARM_UP_TICKS = 300;
const TICKS = 300;

export function runStep({ seed, others }: TrialOrder): StepFigures {
  const mapSize = sideForOthers(PLAYERS, others);
  const crowd = new Crowd({ players: PLAYERS, seed, mapSize, tickRate: TICK_RATE, frameRate: FRAME_RATE });
  crowd.run(WARM_UP_TICKS);
  const ticksMs: number[] = [];
  for (let tick = 0; tick < TICKS; tick++) {
    crowd.sendCommands();
    const beginMs = ownCpuMs("process");
    crowd.stepOnce();
    ticksMs.push(ownCpuMs("process") - beginMs);
  }
  const meanMs = ticksMs.reduce((sum, ms) => sum + ms, 0) / TICKS;
  return {
    players: PLAYERS,
    ticks: TICKS,
    usPerPlayerTick: (meanMs * 1000) / PLAYERS,
    tickMs: spreadOf(ticksMs),
  };
}
