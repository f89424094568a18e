/** The report as Markdown. */
import type { Figures, Machine, Spread } from "./figures.ts";

/** Joins of one profile: how long those took that came to a picture, and how many did not. */
export type JoinFigures = { readonly joinMs: Spread; readonly failed: number };

/** Of 60 ticks and pictures a second, and milliseconds for which the relay may keep packets back in the mean. */
const LEAST_RATE = 59;
const MOST_RELAY_LATE_MS = 1;

const COLUMNS: readonly (readonly [head: string, cell: (figures: Figures) => string])[] = [
  ["on time %", ({ commandsOnTime }) => percent(commandsOnTime)],
  ["mispredicted %", ({ mispredictedTicks }) => percent(mispredictedTicks)],
  ["starved %", ({ starvedTime }) => percent(starvedTime)],
  ["tick to picture ms: mean (p99)", ({ sendToRenderMs: { mean, p99 } }) => `${whole(mean)} (${whole(p99)})`],
  ["correction units: p99 (most)", ({ correctionUnits: { p99, most } }) => `${p99.toFixed(1)} (${most.toFixed(1)})`],
  ["frames/s", ({ framesPerSecond }) => framesPerSecond.toFixed(1)],
  ["round trip ms: p50 / p99", ({ rttMs: { p50, p99 } }) => `${whole(p50)} / ${whole(p99)}`],
  ["frames B/s", ({ frameBytesPerSecond }) => whole(frameBytesPerSecond)],
  ["wire B/s: down (up)", ({ down, up }) => `${whole(down.bytesPerSecond)} (${whole(up.bytesPerSecond)})`],
  ["join ms: p50 (most)", ({ joinMs: { p50, most } }) => `${whole(p50)} (${whole(most)})`],
  [
    "spares open % (connections)",
    ({ sparesOpen, mostConnections }) => `${whole(sparesOpen * 100)} (${mostConnections})`,
  ],
  ["machine: ticks/s, pictures/s, relay late ms", ({ machine }) => machineCell(machine)],
  ["players: joined, dropped", ({ players, joined, dropped }) => `${joined} of ${players}, ${dropped}`],
];

/** A row for each profile, and a line below for what only happens in some. */
export function tableOf(rows: readonly (readonly [profile: string, figures: Figures])[]): string {
  const head = ["profile", ...COLUMNS.map(([name]) => name)];
  const cells = rows.map(([profile, figures]) => [profile, ...COLUMNS.map(([, cell]) => cell(figures))]);
  const notes = rows.flatMap(([profile, { lateAfterStepMs, recoveryMs, machine }]) => [
    ...noteOn(profile, "from a step to a player's last late command", lateAfterStepMs),
    ...noteOn(profile, "from the outage's end to a player's fresh picture", recoveryMs),
    ...(keptUp(machine) ? [] : [`\n${profile}: the machine did not keep up, and the figures tell of that, too`]),
  ]);
  return [markdown(head, cells), ...notes].join("\n");
}

export function joinTableOf(rows: readonly (readonly [profile: string, figures: JoinFigures])[]): string {
  const cells = rows.map(([profile, { joinMs, failed }]) => [
    ...[profile, `${joinMs.count}`, `${failed}`],
    ...[joinMs.p50, joinMs.p90, joinMs.p95, joinMs.most].map(whole),
  ]);
  return markdown(["profile", "joins", "given up", "p50 ms", "p90 ms", "p95 ms", "most ms"], cells);
}

function keptUp({ ticksPerSecond, picturesPerSecond, relayLateMs }: Machine): boolean {
  return ticksPerSecond >= LEAST_RATE && picturesPerSecond >= LEAST_RATE && relayLateMs.mean <= MOST_RELAY_LATE_MS;
}

function machineCell({ ticksPerSecond, picturesPerSecond, relayLateMs: { mean, most } }: Machine): string {
  return `${ticksPerSecond.toFixed(1)}, ${picturesPerSecond.toFixed(1)}, ${mean.toFixed(1)} (${whole(most)})`;
}

function noteOn(profile: string, what: string, spread: Spread | undefined): string[] {
  if (spread === undefined) return [];
  const { mean, most, count } = spread;
  return [`\n${profile}: ${what}: ${whole(mean)} ms in the mean, ${whole(most)} at most, of ${count}`];
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function percent(part: number): string {
  return (part * 100).toFixed(2);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
