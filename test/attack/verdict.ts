/** What a server under attack is held to, each mark judged by figures alone. */
import { percent } from "../bench/verdict.ts";
import type { Figures, Holdings } from "./figures.ts";

export type Verdict = { readonly mark: string; readonly isHeld: boolean; readonly finding: string };

type Mark = {
  readonly mark: string;
  /** Whether the speed of the machine, or a long run, has a part in it: then it is nothing for a short test to fail by. */
  readonly isOfPace?: boolean;
  judge(figures: Figures): { readonly isHeld: boolean; readonly finding: string };
};

const LEAST_ON_TIME = 0.99;
const LEAST_TICKS = 0.99;
const NEWCOMER_MS = 2_000;
/** What the second half of an attack may add to the resident memory: collections come and go by this much. */
export const MOST_GROWTH_BYTES = 24e6;
const MEMORY_FLAT = `memory flat: the second half adds ≤ ${megabytes(MOST_GROWTH_BYTES)}`;
/** Readers of metrics, and links that are about to open or to close. */
const SPARE_DESCRIPTORS = 5;

export const MARKS: readonly Mark[] = [
  {
    mark: "the attack took place",
    judge: ({ attackers: { opened, refused, bytes } }) => ({
      isHeld: opened > refused,
      finding: `${opened} connections, ${refused} of them refused by the system, ${megabytes(bytes)} sent`,
    }),
  },
  {
    mark: "the server lives",
    judge: ({ server: { ending, pid, lastWords } }) => ({
      isHeld: ending === undefined,
      finding: ending === undefined ? `process ${pid}, as at the start` : `ended: ${ending}; ${lastWords}`,
    }),
  },
  {
    mark: "nothing threw",
    judge: ({ server: { handlersFailed, errorLines } }) => ({
      isHeld: handlersFailed === 0 && errorLines.length === 0,
      finding: `${handlersFailed} handlers failed, ${errorLines.length} errors logged${errorLines[0] === undefined ? "" : `, the first: ${errorLines[0].slice(0, 300)}`}`,
    }),
  },
  {
    mark: "everybody honest plays in the end",
    judge: ({ honest: { asked, playingAfterwards } }) => ({
      isHeld: asked > 0 && playingAfterwards === asked,
      finding: `${playingAfterwards} of ${asked}`,
    }),
  },
  {
    mark: "nobody honest is dropped",
    // A server that is given no time for some seconds answers nobody.
    isOfPace: true,
    judge: ({ honest: { asked, joined, stillPlaying, losses } }) => ({
      isHeld: asked > 0 && joined === asked && stillPlaying === asked && losses === 0,
      finding: `${stillPlaying} of ${asked} play on, ${losses} losses`,
    }),
  },
  {
    mark: "every frame can be read",
    judge: ({ honest: { malformedFrames, framesPerSecond } }) => ({
      isHeld: malformedFrames === 0,
      finding: `${malformedFrames} could not; ${framesPerSecond.toFixed(1)} a second to each`,
    }),
  },
  {
    mark: `commands on time ≥ ${percent(LEAST_ON_TIME)}`,
    isOfPace: true,
    judge: ({ honest: { commandsOnTime, commandsMissing } }) => {
      const part = commandsOnTime / Math.max(1, commandsOnTime + commandsMissing);
      return { isHeld: part >= LEAST_ON_TIME, finding: `${percent(part)}, ${commandsMissing} missing` };
    },
  },
  {
    mark: `ticks ≥ ${percent(LEAST_TICKS)} of the room's rate`,
    isOfPace: true,
    judge: ({ honest: { tickHz }, server: { tickRate, ticksDropped, latenessMsP99, coreShares } }) => ({
      isHeld: tickHz >= LEAST_TICKS * tickRate,
      finding: `${tickHz.toFixed(2)} of ${tickRate} Hz, ${ticksDropped} dropped; p99 of lateness ${latenessMsP99} ms; the server took ${percent(coreShares.server)} of a core, the honest ${percent(coreShares.honest)}`,
    }),
  },
  {
    mark: MEMORY_FLAT,
    isOfPace: true,
    judge: ({ memoryBytes }) => {
      const grown = growthOfSecondHalf(memoryBytes);
      const told = Number.isNaN(grown) ? "too few samples" : signed(grown);
      const finding = `${told}; ${megabytes(memoryBytes[0])} at first, ${megabytes(Math.max(...memoryBytes))} at most`;
      return { isHeld: grown <= MOST_GROWTH_BYTES, finding };
    },
  },
  {
    mark: "what attackers held is free again after 5 s",
    judge: ({ before, after }) => ({
      isHeld: isFreed(before, after),
      finding: `${told(before)} before, ${told(after)} after`,
    }),
  },
  {
    mark: "newcomers get in",
    judge: ({ newcomers: { tried, seen, problems } }) => ({
      isHeld: tried > 0 && seen === tried,
      finding: `${seen} of ${tried} saw frames${problems.length > 0 ? `; the others: ${[...new Set(problems)].join(", ")}` : ""}`,
    }),
  },
  {
    mark: `newcomers see frames within ${NEWCOMER_MS / 1000} s`,
    isOfPace: true,
    judge: ({ newcomers: { tried, seen, slowestMs, slowestHeard } }) => ({
      isHeld: tried > 0 && seen === tried && slowestMs <= NEWCOMER_MS,
      finding: `the slowest after ${Math.round(slowestMs)} ms (${slowestHeard})`,
    }),
  },
];

export function judge(figures: Figures, marks = MARKS): Verdict[] {
  return marks.map(({ mark, judge }) => ({ mark, ...judge(figures) }));
}

/**
 * Whether memory is all that was missed. A heap that V8 has not cleared yet, or players who come late, look like growth then, and a
 * longer look tells: what goes on growing adds more to its second half, and what has settled adds nothing.
 */
export function missesMemoryAlone(figures: Figures): boolean {
  const missed = judge(figures).filter(({ isHeld }) => !isHeld);
  return missed.length === 1 && missed[0].mark === MEMORY_FLAT;
}

/** The marks that hold on a slow machine as on a fast one. */
export const STEADY_MARKS = MARKS.filter(({ isOfPace }) => !isOfPace);

/** The median of the last quarter less that of the one before; NaN, which no bound holds, of too few samples. */
export function growthOfSecondHalf(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) return Number.NaN;
  return median(samples.slice(-quarter)) - median(samples.slice(-2 * quarter, -quarter));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

export function isFreed(before: Holdings | undefined, after: Holdings | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const others = ({ descriptors, honestLinks }: Holdings) => descriptors - honestLinks;
  return after.connections <= after.honestLinks && others(after) <= others(before) + SPARE_DESCRIPTORS;
}

function told(holdings: Holdings | undefined): string {
  if (holdings === undefined) return "no answer";
  const { descriptors, connections, honestLinks, rooms, pilots } = holdings;
  return `${descriptors} descriptors, ${connections} connections (${honestLinks} of the honest), ${rooms} rooms, ${pilots} pilots`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function signed(bytes: number): string {
  return `${bytes >= 0 ? "+" : "−"}${megabytes(Math.abs(bytes))}`;
}
