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
  /** What the game counted, added up by name. */
  readonly game: Map<string, number>;
  /** How often each reason was counted. */
  readonly refusals: Map<string, number>;
};

export function createTally(): Tally {
  const commands = { onTime: 0, missing: 0, late: 0, refused: 0 };
  const game = new Map<string, number>();
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
    tallied: (counts) => {
      for (const [name, count] of Object.entries(counts)) game.set(name, (game.get(name) ?? 0) + count);
    },
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
    game,
    refusals,
  };
  return tally;
}
