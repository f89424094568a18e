/** The figures of one measurement, from what the processes and the operating system counted. */
import type { LoadFigures, ServerFigures, Spread } from "./orders.ts";
import type { CpuTime } from "./process-accounts.ts";

export type Figures = {
  /** Shares of one core. */
  readonly cpu: CpuTime;
  readonly loadCpu: CpuTime;
  /** What everything else took of the server's core; the kernel's own work for the network is part of it. */
  readonly othersCpu: number;
  readonly latenessMs: Spread;
  readonly tickMs: Spread;
  /** Parts of what was due. */
  readonly ticksKept: number;
  readonly framesKept: number;
  readonly droppedTicks: number;
  readonly bytesPerClientPerSecond: number;
  /** What of that is not frames: who is here, scores, news, pings. */
  readonly controlBytesPerClientPerSecond: number;
  readonly bytesPerFrame: number;
  /** Bytes to a real client for each moving entity in each frame; undefined: there was no real client. */
  readonly bytesPerEntityUpdate: number | undefined;
  /** Others in a real client's view, on average; undefined likewise. */
  readonly othersInView: number | undefined;
  readonly packetsPerSecond: number;
  /** Part of the ticks for which a command was there in time; undefined: the system does not tell. */
  readonly commandsOnTime: number | undefined;
  /** Resident memory over the empty server, for each client. */
  readonly memoryPerClientBytes: number;
  /** What is wrong with the measurement, a sentence each; then its figures are not to be trusted. */
  readonly problems: readonly string[];
};

export type Counted = {
  readonly elapsed: number;
  readonly serverCpu: CpuTime;
  readonly loadCpu: CpuTime;
  readonly othersCpu: number;
  readonly server: ServerFigures;
  readonly load: LoadFigures;
  readonly memoryBytes: number;
  readonly commandsOnTime: number | undefined;
  readonly expected: { readonly players: number; readonly frames: number; readonly ticks: number };
};

/** A load generator that is busier than this may itself be what is late. */
const LOAD_LIMIT = 0.95;
/** With fewer commands in time, the players do not fly as they wish. */
const LEAST_ON_TIME = 0.98;
/** Others that take more than this of the server's core make its ticks late. */
const OTHERS_LIMIT = 0.1;

export function figuresOf(counted: Counted): Figures {
  const { elapsed, serverCpu, loadCpu, othersCpu, server, load, memoryBytes, expected } = counted;
  const { sample } = load;
  return {
    cpu: serverCpu,
    loadCpu,
    othersCpu,
    latenessMs: server.latenessMs,
    tickMs: server.tickMs,
    ticksKept: kept(server.ticks, expected.ticks),
    framesKept: kept(load.frames, expected.frames),
    droppedTicks: server.droppedTicks,
    bytesPerClientPerSecond: load.bytes / Math.max(1, load.clients) / elapsed,
    controlBytesPerClientPerSecond: (load.bytes - load.frameBytes) / Math.max(1, load.clients) / elapsed,
    bytesPerFrame: load.frameBytes / Math.max(1, load.frames),
    bytesPerEntityUpdate: sample.entityUpdates === 0 ? undefined : sample.bytes / sample.entityUpdates,
    othersInView: sample.frames === 0 ? undefined : sample.entityUpdates / sample.frames - 1,
    packetsPerSecond: load.packets / Math.max(1, load.clients) / elapsed,
    commandsOnTime: counted.commandsOnTime,
    memoryPerClientBytes: memoryBytes / expected.players,
    problems: problemsOf(counted),
  };
}

/** A window begins and ends between two ticks: what it holds may be one short of what is due. */
function kept(count: number, due: number): number {
  return due === 0 ? 1 : Math.min(1, (count + 1) / due);
}

export const LOAD_AT_ITS_LIMIT = "the load generator was at its own limit";
export const OTHERS_WERE_BUSY = "others were busy on the server's core";

function problemsOf({ loadCpu, othersCpu, commandsOnTime = 1, server, load: { lost, sample } }: Counted): string[] {
  const busy = loadCpu.user + loadCpu.system;
  const problems = [...sample.problems];
  if (busy > LOAD_LIMIT) problems.push(`${LOAD_AT_ITS_LIMIT}: ${Math.round(busy * 100)} % of a core`);
  if (othersCpu > OTHERS_LIMIT) problems.push(`${OTHERS_WERE_BUSY}: ${Math.round(othersCpu * 100)} % of it`);
  if (commandsOnTime < LEAST_ON_TIME)
    problems.push(`only ${(commandsOnTime * 100).toFixed(1)} % of commands were in time`);
  if (server.ticks === 0) problems.push("the server told of no tick");
  if (lost > 0) problems.push(`${lost} connections were lost`);
  return problems;
}
