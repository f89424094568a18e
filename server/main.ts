/**
 * The server's composition root: reads the configuration, puts engine and game together, and listens.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { type Config, parseConfig } from "./config.ts";
import { createClientAddress } from "./engine/client-address.ts";
import { createFileRecorders, type FileRecorders, prepareFolder } from "./engine/file-recorder.ts";
import { lowerHelperThreads, whenWarm } from "./engine/helper-threads.ts";
import { createHttpServer } from "./engine/http.ts";
import { Lobby } from "./engine/lobby.ts";
import { createLog, type Log } from "./engine/log.ts";
import { Matchmaker, type RoomPlan } from "./engine/matchmaker.ts";
import { createMetrics } from "./engine/metrics.ts";
import { createMetricsDoor } from "./engine/metrics-door.ts";
import { createOriginCheck } from "./engine/origins.ts";
import type { CreatePilot } from "./engine/pilot-crew.ts";
import { createSocketTransport } from "./engine/socket-transport.ts";
import { SystemClock } from "./engine/system-clock.ts";
import { createIsFromProxy } from "./engine/trusted-proxies.ts";
import { createPilot } from "./game/pilot.ts";
import { pageAddress } from "./page-address.ts";
import { ensurePageBuilt, pageRootOf } from "./page-build.ts";

/** Packets a second that a client sends: one for each tick, up to this many. */
const MAX_PACKET_RATE = 60;
const BUDGET_BYTES_PER_SECOND = 12_000;
const HOLD_MS = 20_000;
/** Time for the last words to go out, and for the process to be gone well within five seconds. */
const FAREWELL_MS = 300;
const CLOSE_DEADLINE_MS = 4_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const parsed = parseConfig(process.argv.slice(2), process.env);
if (parsed.kind === "help") process.stdout.write(parsed.text);
else if (parsed.kind === "invalid") fail(parsed.problems);
else await run(parsed.config);

function fail(problems: readonly string[]): never {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

async function run(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  whenWarm(lowerHelperThreads);
  const game = starwake as GameDefinition;
  const recorders = config.record === "" ? undefined : await prepareRecorders(config.record, game, log);
  if (!config.noBuild) await ensurePageBuilt(root, log).catch((error: Error) => fail([error.message]));
  const { meter, registry, observe } = createMetrics();
  const clock = new SystemClock();
  const parts = { game, clock, meter, createPilot: createPilot as CreatePilot };
  const surroundings = { ...parts, openRecorder: recorders?.open };
  const matchmaker = new Matchmaker(planRooms(config), surroundings, log);
  const lobby = new Lobby({ matchmaker, clock, meter, log });
  const isFromProxy = createIsFromProxy(config.trustedProxy);
  let isReady = false;
  const server = createHttpServer({
    pageRoot: pageRootOf(root),
    isReady: () => isReady,
    metricsText: () => registry.metrics(),
    metricsContentType: registry.contentType,
    metricsDoor: createMetricsDoor(config.metricsToken, log),
    isFromProxy,
  });
  const transport = createSocketTransport({
    server,
    protocol: protocolHash(game),
    isOriginAllowed: createOriginCheck({ allowed: config.allowOrigin, isFromProxy, clock, log }),
    addressOf: createClientAddress(config.trustedProxy, log),
    accept: lobby.accept,
    countRefusal: (reason) => meter.refused(reason),
    clock,
    log,
    packetTaken: () => clock.ringDue(),
  });
  observe(() => ({ ...matchmaker.occupancy(), connections: transport.connectionCount() }));
  server.on("error", (error: NodeJS.ErrnoException) => fail([explainListenError(error, config)]));
  // Without a host Node listens on "::", which takes IPv4, too, and where there is no IPv6 on 0.0.0.0.
  server.listen({ port: config.port, ...(config.host === "" ? {} : { host: config.host }) }, () => {
    isReady = true;
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : config.port;
    console.log(`Starwake: ${pageAddress(config.host, port)}`);
  });
  const close = async () => {
    if (!isReady) return;
    isReady = false;
    log.info({}, "closing");
    setTimeout(() => process.exit(0), CLOSE_DEADLINE_MS).unref();
    lobby.close();
    await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    await Promise.all([transport.close(), recorders?.settled()]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, close);
  surviveStrays(log);
}

async function prepareRecorders(folder: string, game: GameDefinition, log: Log): Promise<FileRecorders> {
  const problem = await prepareFolder(folder);
  if (problem !== undefined) fail([problem]);
  return createFileRecorders({ folder, game, protocol: protocolHash(game), nowMs: Date.now, log });
}

function planRooms({ seed, tickRate, frameRate, capacity, mapSize, pilots }: Config): RoomPlan {
  return {
    setup: { seed, tickRate, capacity, mapSize, role: "authority" },
    frameRate,
    packetRate: Math.min(MAX_PACKET_RATE, tickRate),
    pilots,
    budgetBytesPerSecond: BUDGET_BYTES_PER_SECOND,
    holdMs: HOLD_MS,
  };
}

function explainListenError({ code, message }: NodeJS.ErrnoException, { host, port }: Config): string {
  if (code === "EADDRINUSE") return `port ${port} is in use: end what listens there, or choose another with --port`;
  if (code === "EACCES") return `port ${port} may not be opened by this user: choose one above 1023 with --port`;
  if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT")
    return `this machine has no address ${host}: give one that it has with --host, or none to listen on all of them`;
  return `cannot listen on ${host}:${port}: ${message}`;
}

/** A promise that nobody waited for ends no match: it is logged, and everything goes on. */
function surviveStrays(log: Log): void {
  process.on("unhandledRejection", (error) => log.error({ err: error }, "a promise failed that nobody waited for"));
}
