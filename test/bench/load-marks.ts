/** The marks that are judged by what servers did under load. */
import type { Figures } from "./figures.ts";
import { hasDoneAll, LEAST_FRAMES_KEPT, MAX_LATENESS_MS } from "./limit-search.ts";
import { fitLine } from "./line-fit.ts";
import { type BenchReport, cpuOf, FLOOR_PLAYERS, type FloorPair, figuresAt, type Limit } from "./report.ts";
import { type Finding, type Mark, missed, notMeasured, open, percent } from "./verdict.ts";

type Loads = Pick<BenchReport, "outcomes" | "floorPairs" | "limits">;

const CROWD = 1158;
const MAX_TIMES_FLOOR = 1.8;
const LEAST_TIMES_COLYSEUS = 2;
const MAX_BYTES_PER_SECOND = 2500;
const MAX_MEMORY_BYTES = 60 * 1024;
/** With fewer, what the process itself grows by outweighs its clients. */
const LEAST_PLAYERS_FOR_MEMORY = 800;
const ROOMS = { rooms: 100, players: 10 };
/** The curve that is to be a line: from how few players to how many, and in how many places. */
const CURVE = { from: 100, to: CROWD, leastPoints: 4 };
const LEAST_R_SQUARED = 0.98;
/** By how much a player may cost more among the most than among the fewest; with n log n it would be half as much again. */
const MAX_GROWTH = 0.1;
const NOT_PAID_FOR = "ticks or frames were lost: what all of them cost is not known";

export const LOAD_MARKS: readonly Mark<Loads>[] = [
  {
    line: 1,
    mark: `${CROWD} players in one world: no missed tick, p99 lateness ≤ ${MAX_LATENESS_MS} ms, frames ≥ 99 %`,
    find: judgeCrowd,
  },
  { line: 2, mark: `limit at least ${LEAST_TIMES_COLYSEUS} × that of Colyseus with views`, find: judgeLimit },
  {
    line: 3,
    mark: `processor time at ${FLOOR_PLAYERS} players ≤ ${MAX_TIMES_FLOOR} × that of the ws floor`,
    find: judgeFloor,
  },
  { line: 5, mark: `a client's downstream ≤ ${MAX_BYTES_PER_SECOND / 1000} KB/s`, find: judgeDownstream },
  {
    line: 6,
    mark: `memory ≤ ${MAX_MEMORY_BYTES / 1024} KB for each client over the empty server`,
    find: judgeMemory,
  },
  {
    line: 7,
    mark: `${ROOMS.rooms} rooms of ${ROOMS.players}: p99 lateness ≤ ${MAX_LATENESS_MS} ms`,
    find: judgeRooms,
  },
  {
    line: 9,
    mark: `processor time from ${CURVE.from} to ${CURVE.to} players fits a line: R² ≥ ${LEAST_R_SQUARED}, and each costs ≤ ${MAX_GROWTH * 100} % more among the most`,
    find: judgeGrowth,
  },
];

function judgeCrowd(report: Loads): Finding {
  const failure = failureAt(report, CROWD, 0);
  if (failure !== undefined) return missed(failure);
  const figures = figuresAt(report, "starwake", CROWD);
  if (figures === undefined) return notMeasured(`--players ${CROWD}`);
  const { ticksKept, droppedTicks, latenessMs, framesKept } = figures;
  return {
    isHeld:
      ticksKept === 1 && droppedTicks === 0 && latenessMs.p99 <= MAX_LATENESS_MS && framesKept >= LEAST_FRAMES_KEPT,
    finding: `ticks ${percent(ticksKept)}, p99 ${latenessMs.p99.toFixed(2)} ms, frames ${percent(framesKept)}`,
  };
}

function judgeLimit({ limits }: Loads): Finding {
  const own = limits.find(({ system }) => system === "starwake");
  const theirs = limits.find(({ system }) => system === "colyseus");
  if (own === undefined || theirs === undefined) return notMeasured("--find-limit --against colyseus");
  const isBeyond = ({ failure }: Limit) => failure === undefined;
  const shown = (limit: Limit) => `${isBeyond(limit) ? "≥ " : ""}${limit.players}`;
  const finding = `${shown(own)} against ${shown(theirs)} players`;
  const isHeld = own.players >= LEAST_TIMES_COLYSEUS * theirs.players;
  // A limit beyond what was tried can be any: it neither proves too little of Starwake's nor enough of Colyseus'.
  if (isHeld ? isBeyond(theirs) : isBeyond(own)) return open(`${finding}: try more, --most`);
  return { isHeld, finding };
}

function judgeFloor(report: Loads): Finding {
  const own = figuresAt(report, "starwake", FLOOR_PLAYERS);
  const floor = figuresAt(report, "ws", FLOOR_PLAYERS);
  const wasMeasured = own !== undefined && floor !== undefined;
  if (!wasMeasured && report.floorPairs.length === 0)
    return notMeasured(`--players ${FLOOR_PLAYERS} --against ws, or --floor-pairs`);
  const pairs: FloorPair[] = [...report.floorPairs];
  if (wasMeasured && hasDoneAll(own) && hasDoneAll(floor)) pairs.push({ own: cpuOf(own), floor: cpuOf(floor) });
  if (pairs.length === 0) return open(`of one of them ${NOT_PAID_FOR}`);
  const byTimes = pairs.toSorted((one, other) => one.own / one.floor - other.own / other.floor);
  const shown = ({ own, floor }: FloorPair) => `${(own / floor).toFixed(2)} ×`;
  const median = byTimes[byTimes.length >> 1];
  const spread =
    pairs.length > 1 ? `, the median of ${pairs.length} pairs, ${shown(byTimes[0])} to ${shown(byTimes.at(-1)!)}` : "";
  const finding = `${percent(median.own)} against ${percent(median.floor)} of a core: ${shown(median)}${spread}`;
  return { isHeld: median.own / median.floor <= MAX_TIMES_FLOOR, finding };
}

function judgeDownstream(report: Loads): Finding {
  const worst = worstBy(report, 0, ({ bytesPerClientPerSecond }) => bytesPerClientPerSecond);
  if (worst === undefined) return notMeasured("--players");
  const finding = `${(worst.value / 1000).toFixed(2)} KB/s with ${worst.players} players`;
  return { isHeld: worst.value <= MAX_BYTES_PER_SECOND, finding };
}

function judgeMemory(report: Loads): Finding {
  const worst = worstBy(report, LEAST_PLAYERS_FOR_MEMORY, ({ memoryPerClientBytes }) => memoryPerClientBytes);
  if (worst === undefined) return notMeasured(`--players ${LEAST_PLAYERS_FOR_MEMORY} or more`);
  const finding = `${(worst.value / 1024).toFixed(0)} KB with ${worst.players} players`;
  return { isHeld: worst.value <= MAX_MEMORY_BYTES, finding };
}

function judgeRooms(report: Loads): Finding {
  const players = ROOMS.rooms * ROOMS.players;
  const failure = failureAt(report, players, ROOMS.rooms);
  if (failure !== undefined) return missed(failure);
  const outcome = report.outcomes.find((one) => one.rooms === ROOMS.rooms && one.players === players);
  if (outcome === undefined || !("figures" in outcome)) return notMeasured(`--rooms ${ROOMS.rooms}x${ROOMS.players}`);
  const { p99 } = outcome.figures.latenessMs;
  return { isHeld: p99 <= MAX_LATENESS_MS, finding: `p99 ${p99.toFixed(2)} ms` };
}

function judgeGrowth(report: Loads): Finding {
  const curve = inOneWorld(report);
  const counts = curve.map(({ players }) => players);
  const isWhole = Math.min(...counts) <= CURVE.from && Math.max(...counts) >= CURVE.to;
  if (!isWhole || new Set(counts).size < CURVE.leastPoints)
    return notMeasured(`--players with ${CURVE.leastPoints} numbers and more from ${CURVE.from} to ${CURVE.to}`);
  const overdone = curve.find(({ figures }) => !hasDoneAll(figures));
  if (overdone !== undefined) return open(`with ${overdone.players} players ${NOT_PAID_FOR}`);
  const points = curve.map(({ players, figures }) => ({ x: players, y: cpuOf(figures) }));
  const { intercept, slope, rSquared, worst } = fitLine(points);
  const [fewest, ...more] = points.toSorted((one, other) => one.x - other.x);
  const most = more.at(-1) ?? fewest;
  const growth = most.y / most.x / (fewest.y / fewest.x);
  return {
    isHeld: rSquared >= LEAST_R_SQUARED && growth <= 1 + MAX_GROWTH,
    finding:
      `${percent(intercept)} of a core and ${percent(slope * 100)} for each 100 players: R² ${rSquared.toFixed(4)}, ` +
      `at most ${percent(worst.part)} off, at ${worst.x} players; ` +
      `each costs ${growth.toFixed(2)} × as much with ${most.x} as with ${fewest.x}`,
  };
}

function failureAt({ outcomes }: Loads, players: number, rooms: number): string | undefined {
  const outcome = outcomes.find((one) => one.system === "starwake" && one.players === players && one.rooms === rooms);
  return outcome !== undefined && "failure" in outcome ? outcome.failure : undefined;
}

/** Whether nothing was left out, so that the processor time is that of the whole work. */
/** Starwake's measurements of one world. */
function inOneWorld({ outcomes }: Loads): { readonly players: number; readonly figures: Figures }[] {
  return outcomes.flatMap((outcome) =>
    outcome.system === "starwake" && outcome.rooms === 0 && "figures" in outcome ? outcome : [],
  );
}

/** The greatest value over those with at least so many players. */
function worstBy(report: Loads, leastPlayers: number, pick: (figures: Figures) => number) {
  return inOneWorld(report)
    .filter(({ players }) => players >= leastPlayers)
    .map(({ players, figures }) => ({ players, value: pick(figures) }))
    .sort((one, other) => other.value - one.value)[0];
}
