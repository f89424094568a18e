/** The marks that Starwake is held to, each judged by a report, or found not to have been measured. */
import type { Figures } from "./figures.ts";
import { LEAST_FRAMES_KEPT, MAX_LATENESS_MS } from "./limit-search.ts";
import { type BenchReport, cpuOf, figuresAt, type Limit } from "./report.ts";

export type Verdict = {
  readonly mark: string;
  /** Undefined: not measured. */
  readonly isHeld: boolean | undefined;
  /** What was found, or what would measure it. */
  readonly finding: string;
};

type Finding = Omit<Verdict, "mark">;
type Judged = Pick<BenchReport, "outcomes" | "limits">;

const CROWD = 1158;
const FLOOR_PLAYERS = 800;
const MAX_TIMES_FLOOR = 1.8;
const LEAST_TIMES_COLYSEUS = 2;
const MAX_BYTES_PER_SECOND = 2500;
const MAX_MEMORY_BYTES = 60 * 1024;
/** With fewer, what the process itself grows by outweighs its clients. */
const LEAST_PLAYERS_FOR_MEMORY = 800;
const ROOMS = { rooms: 100, players: 10 };

const MARKS: readonly (readonly [mark: string, judge: (report: Judged) => Finding])[] = [
  [`${CROWD} players in one world: no missed tick, p99 lateness ≤ ${MAX_LATENESS_MS} ms, frames ≥ 99 %`, judgeCrowd],
  [`limit at least ${LEAST_TIMES_COLYSEUS} × that of Colyseus with views`, judgeLimit],
  [`processor time at ${FLOOR_PLAYERS} players ≤ ${MAX_TIMES_FLOOR} × that of the ws floor`, judgeFloor],
  [`a client's downstream ≤ ${MAX_BYTES_PER_SECOND / 1000} KB/s`, judgeDownstream],
  [`memory ≤ ${MAX_MEMORY_BYTES / 1024} KB for each client over the empty server`, judgeMemory],
  [`${ROOMS.rooms} rooms of ${ROOMS.players}: p99 lateness ≤ ${MAX_LATENESS_MS} ms`, judgeRooms],
];

export function judge(report: Judged): Verdict[] {
  return MARKS.map(([mark, find]) => ({ mark, ...find(report) }));
}

const notMeasured = (how: string): Finding => ({ isHeld: undefined, finding: `not measured: ${how}` });

function judgeCrowd(report: Judged): Finding {
  const failure = failureAt(report, CROWD, 0);
  if (failure !== undefined) return { isHeld: false, finding: failure };
  const figures = figuresAt(report, "starwake", CROWD);
  if (figures === undefined) return notMeasured(`--players ${CROWD}`);
  const { ticksKept, droppedTicks, latenessMs, framesKept } = figures;
  return {
    isHeld:
      ticksKept === 1 && droppedTicks === 0 && latenessMs.p99 <= MAX_LATENESS_MS && framesKept >= LEAST_FRAMES_KEPT,
    finding: `ticks ${percent(ticksKept)}, p99 ${latenessMs.p99.toFixed(2)} ms, frames ${percent(framesKept)}`,
  };
}

function judgeLimit({ limits }: Judged): Finding {
  const own = limits.find(({ system }) => system === "starwake");
  const theirs = limits.find(({ system }) => system === "colyseus");
  if (own === undefined || theirs === undefined) return notMeasured("--find-limit --against colyseus");
  const shown = ({ players, failure }: Limit) => `${failure === undefined ? "≥ " : ""}${players}`;
  const isHeld = own.players >= LEAST_TIMES_COLYSEUS * theirs.players;
  return { isHeld, finding: `${shown(own)} against ${shown(theirs)} players` };
}

function judgeFloor(report: Judged): Finding {
  const own = figuresAt(report, "starwake", FLOOR_PLAYERS);
  const floor = figuresAt(report, "ws", FLOOR_PLAYERS);
  if (own === undefined || floor === undefined) return notMeasured(`--players ${FLOOR_PLAYERS} --against ws`);
  const times = cpuOf(own) / cpuOf(floor);
  const finding = `${percent(cpuOf(own))} against ${percent(cpuOf(floor))} of a core: ${times.toFixed(2)} ×`;
  return { isHeld: times <= MAX_TIMES_FLOOR, finding };
}

function judgeDownstream(report: Judged): Finding {
  const worst = worstBy(report, 0, ({ bytesPerClientPerSecond }) => bytesPerClientPerSecond);
  if (worst === undefined) return notMeasured("--players");
  const finding = `${(worst.value / 1000).toFixed(2)} KB/s with ${worst.players} players`;
  return { isHeld: worst.value <= MAX_BYTES_PER_SECOND, finding };
}

function judgeMemory(report: Judged): Finding {
  const worst = worstBy(report, LEAST_PLAYERS_FOR_MEMORY, ({ memoryPerClientBytes }) => memoryPerClientBytes);
  if (worst === undefined) return notMeasured(`--players ${LEAST_PLAYERS_FOR_MEMORY} or more`);
  const finding = `${(worst.value / 1024).toFixed(0)} KB with ${worst.players} players`;
  return { isHeld: worst.value <= MAX_MEMORY_BYTES, finding };
}

function judgeRooms(report: Judged): Finding {
  const players = ROOMS.rooms * ROOMS.players;
  const failure = failureAt(report, players, ROOMS.rooms);
  if (failure !== undefined) return { isHeld: false, finding: failure };
  const outcome = report.outcomes.find((one) => one.rooms === ROOMS.rooms && one.players === players);
  if (outcome === undefined || !("figures" in outcome)) return notMeasured(`--rooms ${ROOMS.rooms}x${ROOMS.players}`);
  const { p99 } = outcome.figures.latenessMs;
  return { isHeld: p99 <= MAX_LATENESS_MS, finding: `p99 ${p99.toFixed(2)} ms` };
}

function failureAt({ outcomes }: Judged, players: number, rooms: number): string | undefined {
  const outcome = outcomes.find((one) => one.system === "starwake" && one.players === players && one.rooms === rooms);
  return outcome !== undefined && "failure" in outcome ? outcome.failure : undefined;
}

/** The greatest value over Starwake's measurements of one world with at least so many players. */
function worstBy(report: Judged, leastPlayers: number, pick: (figures: Figures) => number) {
  const values = report.outcomes
    .filter(({ system, rooms, players }) => system === "starwake" && rooms === 0 && players >= leastPlayers)
    .flatMap((outcome) => ("figures" in outcome ? { players: outcome.players, value: pick(outcome.figures) } : []));
  return values.sort((one, other) => other.value - one.value)[0];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
