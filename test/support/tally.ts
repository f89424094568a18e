/** A meter that keeps what it is told, for tests to read. */
import type { Meter } from "@starwake/server/engine/meter.ts";

export type Tally = {
  readonly meter: Meter;
  ticks: number;
  ticksDropped: number;
  readonly latenessMs: number[];
  framesSent: number;
  framesWithheld: number;
  readonly commands: { onTime: number; missing: number; late: number; refused: number };
  /** How often each reason was counted. */
  readonly refusals: Map<string, number>;
};

export function createTally(): Tally {
  const commands = { onTime: 0, missing: 0, late: 0, refused: 0 };
  const refusals = new Map<string, number>();
  const meter: Meter = {
    ran(latenessMs) {
      tally.ticks++;
      tally.latenessMs.push(latenessMs);
    },
    dropped(ticks) {
      tally.ticksDropped += ticks;
    },
    frameSent: () => void tally.framesSent++,
    frameWithheld: () => void tally.framesWithheld++,
    commandOnTime: () => void commands.onTime++,
    commandMissing: () => void commands.missing++,
    commandLate: () => void commands.late++,
    commandRefused: () => void commands.refused++,
    refused: (reason) => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
  };
  const tally: Tally = {
    meter,
    ticks: 0,
    ticksDropped: 0,
    latenessMs: [],
    framesSent: 0,
    framesWithheld: 0,
    commands,
    refusals,
  };
  return tally;
}
