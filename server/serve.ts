/**
 * The server's composition root: reads the configuration, puts engine and game together, and listens.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { type Config, type ParsedConfig, parseConfig } from "./config.ts";
import type { AddressLimits } from "./engine/address-limits.ts";
import { createClientAddress } from "./engine/client-address.ts";
import { createFileRecorders, type FileRecorders, prepareFolder } from "./engine/file-recorder.ts";
import { lowerHelperThreads, whenWarm } from "./engine/helper-threads.ts";
import { createHttpServer } from "./engine/http.ts";
import { createHttpLimits } from "./engine/http-limits.ts";
import { Lobby } from "./engine/lobby.ts";
import { createLog, type Log } from "./engine/log.ts";
import { LoopUse } from "./engine/loop-use.ts";
import { Matchmaker, type RoomPlan } from "./engine/matchmaker.ts";
import type { Meter } from "./engine/meter.ts";
import { createMetrics } from "./engine/metrics.ts";
import { createMetricsDoor } from "./engine/metrics-door.ts";
import { keepToOpenFiles, readMaxOpenFiles } from "./engine/open-files.ts";
import { createOriginCheck } from "./engine/origins.ts";
import type { CreatePilot } from "./engine/pilot-crew.ts";
import { endProcess } from "./engine/process-end.ts";
import { outletTo } from "./engine/process-output.ts";
import { createSocketTransport } from "./engine/socket-transport.ts";
import { type StopRequest, wait, whenAborted } from "./engine/stop-request.ts";
import { SystemClock } from "./engine/system-clock.ts";
import { createIsFromProxy, trustProxies } from "./engine/trusted-proxies.ts";
import { CALL_SIGNS } from "./game/call-signs.ts";
import { createPilot } from "./game/pilot.ts";
import { listen } from "./listening.ts";
import { type Given, passedOver } from "./options.ts";
import { pageAddress } from "./page-address.ts";
import { ensurePageBuilt, pageRootOf } from "./page-build.ts";

/** Packets a second that a client sends: one for each tick, up to this many. */
const MAX_PACKET_RATE = 60;
const BUDGET_BYTES_PER_SECOND = 12_000;
const HOLD_MS = 20_000;
/** Time for the last words to go out, and for the process to be gone well within five seconds. */
const FAREWELL_MS = 300;
const CLOSE_DEADLINE_MS = 4_000;
/** A log whose reader stands still keeps the process for no longer than this. */
const FLUSH_MS = 500;

/** What waits for a slow peer keeps all of the pool that it was cut from: two bytes of a pong's header kept 64 KB. */
const POOL_BYTES = 8 * 1024;

const output = outletTo(process.stdout);
const errors = outletTo(process.stderr);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs the server that the command line and the environment ask for, until the process is told to end. */
export async function serve(stop: StopRequest): Promise<void> {
  const parsed = parseConfig(process.argv.slice(2), process.env);
  if (parsed.kind === "help") output.write(parsed.text);
  else if (parsed.kind === "invalid") await fail(parsed.problems);
  else await run(parsed, stop);
}

async function fail(problems: readonly string[]): Promise<never> {
  for (const problem of problems) errors.write(`${problem}\n`);
  return exit(1);
}

/** Ends the process once what it said is written, or cannot be. */
async function exit(code: number): Promise<never> {
  await Promise.race([Promise.all([output.whenFlushed(), errors.whenFlushed()]), wait(FLUSH_MS)]);
  // What failed may be at work until its last caller has returned.
  await new Promise((resolve) => setImmediate(resolve));
  endProcess(code);
}

/**
 * Told to end before it listens, the process ends in time, whatever the start waits for: a name server, a disk, a build.
 * @returns what lifts that
 */
function boundStart({ wanted }: StopRequest): () => void {
  let overdue: NodeJS.Timeout | undefined;
  const disarm = whenAborted(wanted, () => {
    overdue = setTimeout(() => endProcess(0), CLOSE_DEADLINE_MS);
  });
  return () => {
    disarm();
    clearTimeout(overdue);
  };
}

type Wishes = Extract<ParsedConfig, { kind: "run" }>;

async function run({ config: wished, notes, given }: Wishes, stop: StopRequest): Promise<void> {
  const log = createLog(wished.logLevel, output, process.stdout.isTTY);
  const { meter, registry, observe } = createMetrics(() => output.lostLines + errors.lostLines);
  surviveStrays(log, meter);
  Buffer.poolSize = POOL_BYTES;
  for (const note of notes) log.warn(note);
  const config = keepToOpenFiles(wished, readMaxOpenFiles(), log);
  const liftStartBound = boundStart(stop);
  whenWarm(lowerHelperThreads);
  const game = starwake as GameDefinition;
  const recorders = config.record === "" ? undefined : await prepareRecorders(config.record, given, game, log);
  if (!config.noBuild) await ensurePageBuilt(root, log, stop.wanted).catch((error: Error) => fail([error.message]));
  if (stop.wanted.aborted) return exit(0);
  const clock = new SystemClock((error) => log.error({ err: error }, "a timer threw; the others go on"));
  const ringDue = () => clock.ringDue();
  const parts = { game, clock, meter, createPilot: createPilot as CreatePilot, pilotNames: CALL_SIGNS };
  const loopUse = new LoopUse();
  const atWork = (nowMs: number) => loopUse.lately(nowMs);
  const surroundings = { ...parts, openRecorder: recorders?.open, atWork };
  const matchmaker = new Matchmaker(planRooms(config), surroundings, log);
  const lobby = new Lobby({ matchmaker, clock, meter, log, limits: limitsOf(config) });
  const countRefusal = (reason: string) => meter.refused(reason);
  const isFromProxy = createIsFromProxy(config.trustedProxy);
  const addressOf = createClientAddress(config.trustedProxy, log);
  const isTrustedProxy = trustProxies(config.trustedProxy);
  const isOriginAllowed = createOriginCheck({ allowed: config.allowOrigin, isFromProxy, clock, log });
  const server = createHttpServer({
    pageRoot: pageRootOf(root),
    isReady: () => server.listening && !stop.wanted.aborted,
    metricsText: () => registry.metrics(),
    metricsContentType: registry.contentType,
    metricsDoor: createMetricsDoor({ token: config.metricsToken, clock, log }),
    isFromProxy,
    framedBy: config.allowOrigin,
    isOriginAllowed,
    crowdOf: (code) => matchmaker.crowdOf(code),
    limits: createHttpLimits(config, { addressOf, isTrustedProxy, clock, countRefusal }),
    clock,
    log,
    countRefusal,
    pieceTaken: ringDue,
  });
  const transport = createSocketTransport({
    server,
    protocol: protocolHash(game),
    isOriginAllowed,
    addressOf,
    limits: config,
    isTrustedProxy,
    peerTimeoutMs: config.peerTimeout * 1000,
    accept: lobby.accept,
    countRefusal,
    clock,
    log,
    packetTaken: ringDue,
  });
  observe(() => ({ ...matchmaker.occupancy(), connections: transport.connectionCount() }));
  const { port, host, closeFurther } = await listen(server, { config, given }, log).catch((error: Error) =>
    fail([error.message]),
  );
  liftStartBound();
  output.write(`Starwake: ${pageAddress(host, port)}\n`);
  const close = async () => {
    log.info({ by: stop.wanted.reason }, "told to end");
    if (config.readyDelay > 0) await wait(config.readyDelay * 1000, stop.urged);
    log.info("closing");
    setTimeout(() => {
      log.warn(
        { recordings: recorders?.unfinished ?? 0 },
        "not all was closed in time: unfinished recordings break off",
      );
      void exit(0);
    }, CLOSE_DEADLINE_MS);
    lobby.close();
    await wait(FAREWELL_MS);
    await Promise.all([closeFurther(), transport.close(), recorders?.settled()]);
    await exit(0);
  };
  whenAborted(stop.wanted, close);
}

/** Undefined: nothing is recorded, since a plain RECORD names a folder that is not for us. */
async function prepareRecorders(
  folder: string,
  given: ReadonlyMap<string, Given>,
  game: GameDefinition,
  log: Log,
): Promise<FileRecorders | undefined> {
  const problem = await prepareFolder(folder);
  if (problem === undefined)
    return createFileRecorders({ folder, game, protocol: protocolHash(game), nowMs: Date.now, log });
  const { source, isPlain } = given.get("record")!;
  const complaint = `${source}: ${problem}`;
  if (!isPlain) return fail([complaint]);
  log.warn(passedOver("record", complaint));
  return undefined;
}

function planRooms(config: Config): RoomPlan {
  const { seed, tickRate, frameRate, capacity, mapSize, pilots, maxRooms, maxPrivateRoomsPerAddress } = config;
  return {
    maxRooms,
    maxPrivateRoomsPerAddress,
    openingsPerSecond: config.maxOpenings,
    openingsPerSecondPerAddress: config.maxOpeningsPerAddress,
    setup: { seed, tickRate, capacity, mapSize, role: "authority" },
    frameRate,
    packetRate: Math.min(MAX_PACKET_RATE, tickRate),
    pilots,
    budgetBytesPerSecond: BUDGET_BYTES_PER_SECOND,
    holdMs: HOLD_MS,
  };
}

function limitsOf(config: Config): AddressLimits {
  const { maxSeatsPerAddress: seats, maxSparesPerAddress: spares } = config;
  return { seats, spares, joinsPerSecond: config.maxJoinsPerAddress, allJoinsPerSecond: config.maxJoins };
}

/**
 * The last resort: what serves one connection or one room catches its own errors, and should one slip through, out of a
 * library, say, it is logged and counted, and all others go on. What Node warns of is logged, too.
 */
function surviveStrays(log: Log, meter: Meter): void {
  const survive = (what: string) => (error: unknown) => {
    meter.refused("uncaught-error");
    log.error({ err: error }, what);
  };
  process.on("unhandledRejection", survive("a promise failed that nobody waited for"));
  process.on("uncaughtException", survive("an error was thrown that nobody caught"));
  // Node's own listener writes to the standard error, and waits for its reader.
  process.removeAllListeners("warning").on("warning", (error) => log.warn({ err: error }, "Node warns"));
}
