/**
 * The report as one HTML file that needs nothing else: what was run, the figures, what was broken, and the plots of the
 * first seed.
 *
 * Next: line-chart.ts, which draws a plot.
 */
import { lineChart } from "./line-chart.ts";
import type { Samples } from "./measures.ts";
import { MEASURES } from "./measures.ts";
import type { LabReport } from "./report.ts";
import { brokenLimitLine, settingLine, violationLine } from "./report-lines.ts";
import { COLUMNS, rowsOf, shown } from "./report-table.ts";
import { type Line, linesOf, PLOTS, type PlotName } from "./series.ts";

/** @param firstRun what the first seed's run measured */
export function htmlOf(report: LabReport, firstRun: Samples): string {
  const { scenario, summary, options, seeds } = report;
  const plots = (Object.keys(PLOTS) as PlotName[]).map((name) => ({
    name,
    lines: linesOf(firstRun, name, options.tickRate),
  }));
  const clients = [...new Set(plots.flatMap(({ lines }) => lines.map(({ client }) => client)))].sort((a, b) => a - b);
  const ofSeed = seeds.length > 1 ? ` of seed ${seeds[0]}` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(scenario)} · Starwake laboratory</title>
<style>${STYLE}${clients.map(clientStyle).join("\n")}</style>
</head>
<body>
<header>
<h1>${escaped(scenario)}</h1>
<p>${escaped(summary)}</p>
<p class="quiet">${escaped(settingLine(report))}</p>
</header>
${brokenSection(report)}
<section>
<h2>Figures${seeds.length > 1 ? ` of ${seeds.length} seeds` : ""}</h2>
${figuresTable(report)}
${countsLine(report)}
</section>
<section class="plots">
<h2>The course${ofSeed}</h2>
${legend(clients, options.happeningsAtSeconds)}
<div class="charts">
${plots.map(({ name, lines }) => chart(name, lines, report)).join("\n")}
</div>
</section>
</body>
</html>
`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => entities[sign]);
}

function brokenSection({ violations, brokenLimits, options }: LabReport): string {
  const lines = [...violations.map(violationLine), ...brokenLimits.map(brokenLimitLine)];
  const held = options.limits.length === 0 ? "Every invariant held." : "Every invariant and every limit held.";
  if (lines.length === 0) return `<p class="verdict held">${held}</p>`;
  const items = lines.map((line) => `<li>${escaped(line)}</li>`).join("\n");
  return `<section class="verdict broken">\n<h2>Broken</h2>\n<ul>\n${items}\n</ul>\n</section>`;
}

function figuresTable({ measures }: LabReport): string {
  const heads = COLUMNS.map((column) => `<th>${column === "count" ? "samples" : column}</th>`).join("");
  const rows = rowsOf(measures).map(({ name, unit, cells }) => {
    const figures = COLUMNS.map((column) => `<td>${escaped(cells[column] ?? "")}</td>`).join("");
    return `<tr title="${escaped(MEASURES[name].help)}"><th>${name}<small>${unit}</small></th>${figures}</tr>`;
  });
  const table = `<table>\n<thead><tr><th>measure</th>${heads}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="Figures">\n${table}\n</div>`;
}

function countsLine({ counts }: LabReport): string {
  const each = Object.entries(counts).map(([name, count]) => `${escaped(name)} ${shown(count)}`);
  return each.length === 0 ? "" : `<p class="quiet">Counted: ${each.join(", ")}</p>`;
}

/** A client's key lights up its line in every chart; a key that is pressed keeps it lit. */
function legend(clients: readonly number[], happenings: readonly number[]): string {
  const keys = clients.map(
    (client) =>
      `<label class="key of-${client}"><input type="checkbox"><i></i>${client}<span>client ${client}</span></label>`,
  );
  const note = happenings.length === 0 ? "" : '<span class="note"><i></i>something happens</span>';
  return `<div class="legend"><span class="quiet">Clients</span>${keys.join("")}${note}</div>`;
}

/** Hues go round once; neighbours differ in lightness, too. */
function clientStyle(client: number, place: number, all: readonly number[]): string {
  const hue = Math.round((360 * place) / all.length + 200) % 360;
  const lightness = [74, 62, 84][place % 3];
  const mine = `.of-${client}`;
  return `${mine} { --hue: hsl(${hue} 75% ${lightness}%); }
.plots:has(.key${mine}:is(:hover, :focus-within, :has(:checked))) path${mine} { opacity: 1; }`;
}

function chart(name: PlotName, lines: readonly Line[], { options }: LabReport): string {
  const { title } = PLOTS[name];
  const body = lineChart(lines, options.seconds, options.happeningsAtSeconds);
  const nothing = '<p class="quiet">Nothing of the kind happened.</p>';
  return `<figure>\n<figcaption>${escaped(title)}</figcaption>\n${body ?? nothing}\n</figure>`;
}

const STYLE = `
:root { color-scheme: dark; --back: #0b0f17; --raised: #131a26; --line: #263247; --text: #dce5f2; --quiet: #8fa0b8; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1280px; background: var(--back); color: var(--text);
  font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 26px; font-weight: 650; }
h2 { margin: 32px 0 10px; font-size: 17px; font-weight: 600; }
p { margin: 4px 0; }
.quiet { color: var(--quiet); }
.verdict { margin: 20px 0 0; padding: 10px 16px; border-radius: 8px; border-left: 4px solid; background: var(--raised); }
.held { border-color: #3fbf7f; }
.broken { border-color: #ff6b6b; }
.broken h2 { margin: 0 0 4px; color: #ff8f8f; }
.broken ul { margin: 0; padding-left: 18px; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
table { width: 100%; border-collapse: collapse; white-space: nowrap; }
th, td { padding: 5px 14px; text-align: right; font-weight: 400; }
thead th { color: var(--quiet); border-bottom: 1px solid var(--line); }
tr > th:first-child { position: sticky; left: 0; background: var(--raised); text-align: left; }
tbody tr:nth-child(even) > * { background: #172030; }
tbody tr:hover > * { background: #1f2b40; }
small { margin-left: 6px; color: var(--quiet); font-size: 12px; }
.legend { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 4px;
  margin: 0 -8px; padding: 8px; background: var(--back); }
.legend > * { flex: none; }
.legend > .quiet { margin-right: 6px; }
.key { position: relative; display: flex; align-items: center; gap: 6px; min-height: 26px; padding: 0 9px;
  border: 1px solid var(--line); border-radius: 13px; cursor: pointer; }
.key input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.key span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.key i { width: 10px; height: 10px; border-radius: 50%; background: var(--hue); }
.key:hover, .key:has(:checked), .key:focus-within { border-color: var(--hue); background: var(--raised); }
.note { display: flex; align-items: center; gap: 8px; margin-left: 10px; color: var(--quiet); }
.note i { height: 18px; border-left: 1px dashed #ffd479; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 16px; }
figure { margin: 0; padding: 14px 16px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
figcaption { margin-bottom: 14px; font-weight: 600; }
.plot { display: grid; grid-template: 220px 26px / auto 1fr; column-gap: 8px; }
.plot svg { width: 100%; height: 100%; overflow: visible; }
.y { position: relative; min-width: 38px; color: var(--quiet); font-size: 12px; }
.y span { position: absolute; right: 0; transform: translateY(-50%); }
.x { position: relative; grid-column: 2; color: var(--quiet); font-size: 12px; }
.x span { position: absolute; top: 6px; transform: translateX(-50%); white-space: nowrap; }
path { fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; stroke-linejoin: round; }
.grid { stroke: var(--line); stroke-width: 1; }
.happening { stroke: #ffd479; stroke-width: 1; stroke-dasharray: 4 4; opacity: 0.8; }
.line { stroke: var(--hue); stroke-width: 1.6; opacity: 0.85; }
.dots { stroke: var(--hue); stroke-width: 6; opacity: 0.85; }
.plots:has(.key:is(:hover, :focus-within, :has(:checked))) :is(.line, .dots) { opacity: 0.12; }
@media (max-width: 600px) {
  body { padding: 16px 12px; }
  figure { padding: 12px 12px 8px; }
  th, td { padding: 5px 9px; }
  .plot { grid-template-rows: 180px 26px; }
  small { display: block; margin: -3px 0 0; }
  .legend { flex-wrap: nowrap; margin: 0 -12px; padding: 8px 12px; overflow-x: auto; }
  .key { min-height: 32px; padding: 0 11px; border-radius: 16px; }
}
`;
