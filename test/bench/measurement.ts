/**
 * One measurement: a server on one core, its players on another, a warm-up, and a window of which the figures are.
 */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type Metrics, readMetrics } from "../bots/server-metrics.ts";
import { sideForOthers } from "./density.ts";
import { type Figures, figuresOf } from "./figures.ts";
import {
  FRAME_RATE,
  type Load,
  type LoadFigures,
  type LoadMessage,
  type LoadOrder,
  type ServerFigures,
  type ServerOrder,
  type Setting,
  TICK_RATE,
} from "./orders.ts";
import { Core, figuresFrom, PinnedProcess } from "./pinned-process.ts";
import { busySecondsOf } from "./process-accounts.ts";
import { portOf } from "./server-port.ts";
import { type SystemName, serverArguments } from "./systems.ts";
import { type SelfTime, type TimeShare, timeSharesOf } from "./time-shares.ts";

export type Plan = Load &
  Setting &
  Pick<ServerOrder, "frameSizes"> & {
    /** Whether it is to be told where Starwake's processor time goes. */
    readonly isSampled: boolean;
  };

export type Outcome = Load &
  ({ readonly figures: Figures; readonly timeShares?: readonly TimeShare[] } | { readonly failure: string });

/** What came of it, and the sizes of some of the frames. */
export type Measured = { readonly outcome: Outcome; readonly frameSizes: readonly number[] };

const SAMPLE_PLAYERS = 5;
const JOIN_TIMEOUT_MS = 20_000;
const JOIN_TIMEOUT_PER_PLAYER_MS = 100;
const ANSWER_TIMEOUT_MS = 15_000;
/** After the measurement, lest it should be a part of it. */
export const SAMPLED_SECONDS = 5;
/** After this an empty server's memory rests. */
const SETTLE_MS = 1_000;

/** Never throws for what the server does: one that cannot bear the load is a result, too. */
export async function measure(plan: Plan, progress: (what: string) => void): Promise<Measured> {
  const { system, players, rooms } = plan;
  const processes: PinnedProcess[] = [];
  try {
    return await run(plan, processes, progress);
  } catch (error) {
    return { outcome: { system, players, rooms, failure: (error as Error).message }, frameSizes: [] };
  } finally {
    for (const process of processes) process.end();
  }
}

async function run(plan: Plan, processes: PinnedProcess[], progress: (what: string) => void): Promise<Measured> {
  const { system, players, rooms, seed, seconds } = plan;
  progress("starting");
  const server = new PinnedProcess(`${system}'s server`, Core.Measured, serverArguments(system, serverOrder(plan)));
  processes.push(server);
  const port = await portOf(system, server);
  await pause(SETTLE_MS);
  const emptyBytes = server.residentBytes;
  const order: LoadOrder = { system, port, players, rooms, seed, sample: Math.min(SAMPLE_PLAYERS, players) };
  const load = new PinnedProcess("the load generator", Core.Load, ["test/bench/peers/load.ts", JSON.stringify(order)]);
  processes.push(load);
  await joined(load, players, progress);
  progress("warming up");
  await pause(plan.warmUpSeconds * 1000);
  progress("measuring");
  const commandsBefore = await commandCounts(system, port);
  const accounts = await window(seconds, server, load);
  const counted = {
    server: await figuresFrom<ServerFigures>(server, ANSWER_TIMEOUT_MS),
    load: await figuresFrom<LoadFigures>(load, ANSWER_TIMEOUT_MS),
  };
  const memoryBytes = server.residentBytes - emptyBytes;
  const expected = {
    players,
    frames: counted.load.clients * FRAME_RATE * accounts.elapsed,
    ticks: Math.max(1, rooms) * TICK_RATE * counted.server.seconds,
  };
  const commandsOnTime = onTimePart(commandsBefore, await commandCounts(system, port));
  const figures = figuresOf({ ...accounts, ...counted, memoryBytes, commandsOnTime, expected });
  const { frameSizes } = counted.load;
  if (!plan.isSampled || system !== "starwake") return { outcome: { system, players, rooms, figures }, frameSizes };
  progress("sampling");
  return { outcome: { system, players, rooms, figures, timeShares: await sampled(server) }, frameSizes };
}

async function sampled(server: PinnedProcess): Promise<TimeShare[]> {
  const before = server.cpuTime;
  const beginMs = performance.now();
  server.send("sample");
  await pause(SAMPLED_SECONDS * 1000);
  const after = server.cpuTime;
  const seconds = (performance.now() - beginMs) / 1000;
  server.send("tell-samples");
  const times = await figuresFrom<SelfTime[]>(server, ANSWER_TIMEOUT_MS);
  const share = (kind: "user" | "system") => (after[kind] - before[kind]) / seconds;
  return timeSharesOf(times, seconds, { user: share("user"), system: share("system") });
}

/** In rooms, each room has the density; there, as in the game, a small one has a map of the game's own choosing. */
function serverOrder({ system, players, rooms, others, seed, frameSizes }: Plan): ServerOrder {
  const inRoom = rooms === 0 ? players : Math.ceil(players / rooms);
  const mapSize = rooms > 0 && system === "starwake" ? 0 : sideForOthers(inRoom, others);
  return { players: inRoom, mapSize, seed, frameSizes };
}

/** The processor time of both processes over so many seconds, and what others took of the server's core. */
async function window(seconds: number, server: PinnedProcess, load: PinnedProcess) {
  const read = () => ({
    server: server.cpuTime,
    load: load.cpuTime,
    coreBusy: busySecondsOf(readFileSync("/proc/stat", "utf8"), Core.Measured),
    atSeconds: performance.now() / 1000,
  });
  const before = read();
  for (const process of [server, load]) process.send("begin");
  await pause(seconds * 1000);
  for (const process of [server, load]) process.send("end");
  const after = read();
  const elapsed = after.atSeconds - before.atSeconds;
  const share = (of: "server" | "load") => ({
    user: (after[of].user - before[of].user) / elapsed,
    system: (after[of].system - before[of].system) / elapsed,
  });
  const serverCpu = share("server");
  const coreBusy = (after.coreBusy - before.coreBusy) / elapsed;
  const othersCpu = Math.max(0, coreBusy - serverCpu.user - serverCpu.system);
  return { elapsed, serverCpu, loadCpu: share("load"), othersCpu };
}

/** Starwake counts what became of the commands. */
async function commandCounts(system: SystemName, port: number): Promise<Metrics | undefined> {
  const metrics = system === "starwake" ? await readMetrics(`http://127.0.0.1:${port}`) : undefined;
  return metrics === "forbidden" ? undefined : metrics;
}

function onTimePart(before: Metrics | undefined, after: Metrics | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  const counted = (outcome: string) => {
    const name = `starwake_commands_total{outcome="${outcome}"}`;
    return (after.get(name) ?? 0) - (before.get(name) ?? 0);
  };
  return counted("on_time") / Math.max(1, counted("on_time") + counted("missing"));
}

function joined(load: PinnedProcess, players: number, progress: (what: string) => void): Promise<true> {
  let count = 0;
  progress("joining");
  const hear = (message: unknown) => {
    const told = message as LoadMessage;
    if (told.kind === "failed") throw new Error(`only ${count} of ${players} players came in: ${told.reason}`);
    if (told.kind === "joining") {
      count = told.joined;
      progress(`joining: ${count} of ${players}`);
    }
    return told.kind === "joined" ? true : undefined;
  };
  return load.message(hear, JOIN_TIMEOUT_MS + players * JOIN_TIMEOUT_PER_PLAYER_MS).catch((error: Error) => {
    throw error.message.includes("did not answer") ? new Error(`only ${count} of ${players} players came in`) : error;
  });
}
