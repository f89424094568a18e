/**
 * The metrics: what the server counts of itself, for Prometheus to read at /metrics.
 *
 * Rooms report to the meter on every tick and every command, so counting is an addition to a plain number; the registry
 * is told only when it is read.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Meter } from "./meter.ts";

/** How full the server is at this moment. */
type Occupancy = {
  readonly humans: number;
  readonly pilots: number;
  readonly rooms: number;
  readonly connections: number;
};

export type Metrics = {
  /** What rooms, sessions and the transport report to. */
  readonly meter: Meter;
  readonly registry: Registry;
  /** Tells whom to ask, each time the metrics are read, how full the server is; until then it is empty. */
  observe(occupancy: () => Occupancy): void;
};

/** 0.05 to 250 ms in steps of at most a half, narrow around the budgets of 5 and 16.7 ms, so that a p99 can be read off. */
const TIME_BUCKETS_MS = [
  0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10, 12.5, 15, 16.7, 20, 25,
  33.3, 40, 50, 75, 100, 150, 200, 250,
];
const MS_PER_SECOND = 1000;
/** Reasons are ours to name; should a peer's words ever reach here, they must not fill the memory. */
const MAX_REASONS = 64;
const REASON_PATTERN = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Every metric, each under a registry of its own: two servers in one process count apart.
 * @param logLinesLost what the log could not write, since the start
 */
export function createMetrics(logLinesLost: () => number = () => 0): Metrics {
  const registry = new Registry();
  counter(registry, "starwake_log_lines_lost_total", "Log lines that could not be written", logLinesLost);
  collectDefaultMetrics({ register: registry });
  const tallies = createTallies();
  countTallies(registry, tallies);
  let occupancy: () => Occupancy = () => ({ humans: 0, pilots: 0, rooms: 0, connections: 0 });
  gaugeOccupancy(registry, () => occupancy());
  return {
    meter: createMeter(
      tallies,
      timeHistogram(registry, "duration", "How long a tick took"),
      timeHistogram(registry, "lateness", "How long after its time a tick began"),
    ),
    registry,
    observe(source) {
      occupancy = source;
    },
  };
}

/** What has been counted since the start. */
type Tallies = ReturnType<typeof createTallies>;

const createTallies = () => ({
  ticks: 0,
  ticksDropped: 0,
  bytesSent: 0,
  framesSent: 0,
  framesWithheld: 0,
  commands: { on_time: 0, missing: 0, late: 0, refused: 0 },
  refusals: new Map<string, number>(),
  game: new Map<string, number>(),
});

function createMeter(tallies: Tallies, duration: Histogram, lateness: Histogram): Meter {
  const { commands, refusals, game } = tallies;
  return {
    ran(latenessMs, durationMs) {
      tallies.ticks++;
      lateness.observe(latenessMs / MS_PER_SECOND);
      duration.observe(durationMs / MS_PER_SECOND);
    },
    dropped(ticks) {
      tallies.ticksDropped += ticks;
    },
    frameSent(bytes) {
      tallies.framesSent++;
      tallies.bytesSent += bytes;
    },
    frameWithheld: () => void tallies.framesWithheld++,
    commandOnTime: () => void commands.on_time++,
    commandMissing: () => void commands.missing++,
    commandLate: () => void commands.late++,
    commandRefused: () => void commands.refused++,
    tallied(counts) {
      for (const name in counts) game.set(name, (game.get(name) ?? 0) + counts[name]);
    },
    refused(reason) {
      const label = boundedReason(reason, refusals);
      refusals.set(label, (refusals.get(label) ?? 0) + 1);
    },
  };
}

/** The reason itself, or "other" where it is not a word of ours or there are too many already. */
function boundedReason(reason: string, known: ReadonlyMap<string, number>): string {
  if (known.has(reason)) return reason;
  return known.size < MAX_REASONS && REASON_PATTERN.test(reason) ? reason : "other";
}

function timeHistogram(registry: Registry, what: string, help: string): Histogram {
  const buckets = TIME_BUCKETS_MS.map((milliseconds) => milliseconds / MS_PER_SECOND);
  return new Histogram({ name: `starwake_tick_${what}_seconds`, help, buckets, registers: [registry] });
}

function countTallies(registry: Registry, tallies: Tallies): void {
  counter(registry, "starwake_ticks_total", "Ticks that ran", () => tallies.ticks);
  counter(registry, "starwake_ticks_dropped_total", "Ticks dropped after an overrun", () => tallies.ticksDropped);
  counter(registry, "starwake_sent_bytes_total", "Bytes of frames sent", () => tallies.bytesSent);
  counter(registry, "starwake_frames_sent_total", "Frames sent", () => tallies.framesSent);
  counter(
    registry,
    "starwake_frames_withheld_total",
    "Frames not sent to clients that had not answered",
    () => tallies.framesWithheld,
  );
  labelledCounter(registry, "starwake_commands_total", "Commands by what became of them", "outcome", () =>
    Object.entries(tallies.commands),
  );
  labelledCounter(registry, "starwake_game_total", "What the game counted, by name", "what", () => tallies.game);
  labelledCounter(
    registry,
    "starwake_refusals_total",
    "What was dropped or refused, by reason",
    "reason",
    () => tallies.refusals,
  );
}

function counter(registry: Registry, name: string, help: string, total: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(total());
    },
  });
}

function labelledCounter(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  totals: () => Iterable<[string, number]>,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, total] of totals()) this.inc({ [label]: value }, total);
    },
  });
}

function gaugeOccupancy(registry: Registry, occupancy: () => Occupancy): void {
  gauge(registry, "starwake_rooms", "Open rooms", () => occupancy().rooms);
  gauge(registry, "starwake_connections", "Open sockets, joined or not", () => occupancy().connections);
  new Gauge({
    name: "starwake_players",
    help: "Players in rooms",
    labelNames: ["kind"],
    registers: [registry],
    collect() {
      const { humans, pilots } = occupancy();
      this.set({ kind: "human" }, humans);
      this.set({ kind: "pilot" }, pilots);
    },
  });
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}
