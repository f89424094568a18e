/** A report as one HTML page that needs nothing else: what was run and where, plots, tables, and what was wrong. */
import { judge } from "./check.ts";
import type { Figures } from "./figures.ts";
import { type Curve, playersChart } from "./players-chart.ts";
import { type BenchReport, cpuOf } from "./report.ts";
import { problemsOf, type Table, tablesOf } from "./report-table.ts";
import { SUMMARIES, type SystemName } from "./systems.ts";

const PLOTS: readonly (readonly [title: string, pick: (figures: Figures) => number | undefined])[] = [
  ["Processor time, % of a core", (figures) => cpuOf(figures) * 100],
  ["Tick lateness, p99 in ms", ({ latenessMs }) => latenessMs.p99],
  ["Bytes to a client, KB a second", ({ bytesPerClientPerSecond }) => bytesPerClientPerSecond / 1000],
  ["Bytes for each entity in view in each frame", ({ bytesPerEntityUpdate }) => bytesPerEntityUpdate],
  ["Memory for each client, KB", ({ memoryPerClientBytes }) => memoryPerClientBytes / 1024],
  ["What a tick takes, p50 in ms", ({ tickMs }) => tickMs.p50],
];

export function pageOf(report: BenchReport): string {
  const { machine, versions, setting } = report;
  const systems = [...new Set(report.outcomes.map(({ system }) => system))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Benchmark · Starwake</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Starwake beside its peers</h1>
<p>Everyone flies and shoots; about ${setting.others} others in view, 30 steps and 20 frames a second, 20 packets a second
from each player. Each server ran on one core and was measured by the operating system for ${setting.seconds} s after a
warm-up of ${setting.warmUpSeconds} s; seed ${setting.seed}.</p>
<p class="quiet">${escaped(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.kernel}, Node ${machine.node}`)}<br>
${escaped(
  Object.entries(versions)
    .map((pair) => pair.join(" "))
    .join(", "),
)}</p>
<ul class="systems">
${systems.map((system) => `<li class="of-${system}"><i></i><b>${system}</b> ${escaped(SUMMARIES[system])}</li>`).join("\n")}
</ul>
<div class="charts">
${PLOTS.map(([title, pick]) => figureOf(title, curvesOf(report, systems, pick))).join("\n")}
</div>
${tablesOf(report).map(tableOf).join("\n")}
${tableOf(marksTable(report))}
${listOf("What was wrong", problemsOf(report))}
</body>
</html>
`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => entities[sign]);
}

function curvesOf(
  { outcomes }: BenchReport,
  systems: readonly SystemName[],
  pick: (figures: Figures) => number | undefined,
): Curve[] {
  return systems.map((system) => ({
    system,
    points: outcomes.flatMap((outcome) => {
      if (outcome.system !== system || outcome.rooms > 0 || !("figures" in outcome)) return [];
      const value = pick(outcome.figures);
      return value === undefined ? [] : { players: outcome.players, value };
    }),
  }));
}

function figureOf(title: string, curves: readonly Curve[]): string {
  const chart = playersChart(curves);
  return chart === undefined ? "" : `<figure>\n<figcaption>${escaped(title)}</figcaption>\n${chart}\n</figure>`;
}

function marksTable(report: BenchReport): Table {
  const word = (isHeld: boolean | undefined) => (isHeld === undefined ? "open" : isHeld ? "held" : "missed");
  const rows = judge(report).map(({ line, mark, isHeld, finding }) => [`${line}`, mark, word(isHeld), finding]);
  return { title: "Marks", head: ["", "mark", "", "found"], rows };
}

function tableOf({ title, head, rows }: Table): string {
  const cell = (row: readonly string[]) => (word: string, column: number) => {
    const span = column === row.length - 1 ? head.length - column : 1;
    return `<td${span > 1 ? ` colspan="${span}"` : ""}>${escaped(word)}</td>`;
  };
  const lines = rows.map((row) => `<tr>${row.map(cell(row)).join("")}</tr>`);
  return `<h2>${escaped(title)}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}"><table>
<thead><tr>${head.map((word) => `<th>${escaped(word)}</th>`).join("")}</tr></thead>
<tbody>
${lines.join("\n")}
</tbody></table></div>`;
}

function listOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<h2>${title}</h2>\n<ul>\n${lines.map((line) => `<li>${escaped(line)}</li>`).join("\n")}\n</ul>`;
}

const STYLE = `
:root { color-scheme: dark; --back: #0b0f17; --raised: #131a26; --line: #263247; --text: #dce5f2; --quiet: #8fa0b8; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1280px; background: var(--back); color: var(--text);
  font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 26px; font-weight: 650; }
h2 { margin: 32px 0 10px; font-size: 17px; font-weight: 600; }
.quiet { color: var(--quiet); }
.of-starwake { --hue: #6fd3ff; } .of-ws { --hue: #9fb0c4; } .of-colyseus { --hue: #ffb454; }
.of-colyseus-all { --hue: #ff7b72; } .of-json { --hue: #c69cff; }
.systems { padding: 0; list-style: none; }
.systems i { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 50%; background: var(--hue); }
.systems b { font-weight: 600; margin-right: 6px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
table { width: 100%; border-collapse: collapse; white-space: nowrap; }
th, td { padding: 5px 12px; text-align: left; font-weight: 400; }
thead th { color: var(--quiet); border-bottom: 1px solid var(--line); }
tbody tr:nth-child(even) { background: #172030; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 16px; }
figure { margin: 0; padding: 14px 16px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
figcaption { margin-bottom: 14px; font-weight: 600; }
svg { width: 100%; height: auto; }
svg text { fill: var(--quiet); font-size: 12px; }
.grid { stroke: var(--line); stroke-width: 1; }
.curve { fill: none; stroke: var(--hue); stroke-width: 2; stroke-linejoin: round; }
circle { fill: var(--hue); }
@media (max-width: 600px) { body { padding: 16px 12px; } }
`;
