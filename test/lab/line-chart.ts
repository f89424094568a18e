/**
 * A chart of the course of a run. Its lines are an SVG that stretches to its place; its words are HTML, so that they
 * keep their size. What a client's line looks like is left to the page, by the class `of-` and the client's number.
 */
import { shown } from "./report-table.ts";
import type { Line } from "./series.ts";

/** The SVG's own coordinates. */
const WIDE = 1000;
const HIGH = 1000;
const Y_TICKS = 5;
const X_TICKS = 8;

/** What an axis shows; both ends are ticks. */
type Scale = { readonly low: number; readonly high: number; readonly ticks: readonly number[] };
type Points = Line["points"];

type Axes = {
  readonly seconds: number;
  readonly x: Scale;
  readonly y: Scale;
  /** Parts of the plot's width from its left, and of its height from its top. */
  xPart(second: number): number;
  yPart(value: number): number;
  /** In the SVG's coordinates. */
  at(second: number, value: number): string;
};

/** @returns undefined when no line has a point */
export function lineChart(
  lines: readonly Line[],
  seconds: number,
  happeningsAtSeconds: readonly number[],
): string | undefined {
  const values = lines.flatMap(({ points }) => points.filter((point) => point !== undefined));
  if (values.length === 0) return undefined;
  const axes = axesOf(values, seconds);
  const drawn = [
    ...gridLines(axes),
    ...happeningLines(happeningsAtSeconds, axes),
    ...lines.map((line) => drawnLine(line, axes)),
  ];
  return `<div class="plot">
<div class="y">${yWords(axes)}</div>
<svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img">
${drawn.join("\n")}
</svg>
<div class="x">${xWords(axes)}</div>
</div>`;
}

function axesOf(values: readonly number[], seconds: number): Axes {
  const y = scaleOf(Math.min(0, ...values), Math.max(0, ...values), Y_TICKS);
  const x = scaleOf(0, seconds, X_TICKS);
  const xPart = (second: number) => Math.min(second, seconds) / seconds;
  const yPart = (value: number) => (y.high - value) / (y.high - y.low);
  const at = (second: number, value: number) =>
    `${Math.round(xPart(second) * WIDE)} ${Math.round(yPart(value) * HIGH)}`;
  return { seconds, x, y, xPart, yPart, at };
}

function gridLines({ y, at }: Axes): string[] {
  return y.ticks.map((value) => `<path class="grid" d="M${at(0, value)}H${WIDE}"/>`);
}

function happeningLines(atSeconds: readonly number[], { seconds, y, at }: Axes): string[] {
  return atSeconds
    .filter((second) => second <= seconds)
    .map((second) => `<path class="happening" d="M${at(second, y.high)}V${HIGH}"><title>${second} s</title></path>`);
}

function drawnLine({ client, points }: Line, axes: Axes): string {
  const title = `<title>client ${client}</title>`;
  const dots = `<path class="dots of-${client}" d="${dotsOf(points, axes)}">${title}</path>`;
  return `<path class="line of-${client}" d="${pathOf(points, axes)}">${title}</path>${dots}`;
}

/** A point stands in the middle of its second; a second without one breaks the line. */
function pathOf(points: Points, { at }: Axes): string {
  return points
    .map((point, second) => {
      if (point === undefined) return "";
      return `${points[second - 1] === undefined ? "M" : "L"}${at(second + 0.5, point)}`;
    })
    .join("");
}

/** Points that no line leads to. */
function dotsOf(points: Points, { at }: Axes): string {
  return points
    .map((point, second) => {
      const isAlone = points[second - 1] === undefined && points[second + 1] === undefined;
      return point !== undefined && isAlone ? `M${at(second + 0.5, point)}h0` : "";
    })
    .join("");
}

function yWords({ y, yPart }: Axes): string {
  return y.ticks.map((value) => `<span style="top:${percent(yPart(value))}">${shown(value)}</span>`).join("");
}

function xWords({ seconds, x, xPart }: Axes): string {
  return x.ticks
    .filter((second) => second <= seconds)
    .map((second) => `<span style="left:${percent(xPart(second))}">${shown(second)} s</span>`)
    .join("");
}

/** Round ticks, and ends that are ticks themselves. */
function scaleOf(low: number, high: number, most: number): Scale {
  const rough = (high - low || 1) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => power * times >= rough)!;
  const [first, last] = [Math.floor(low / step), Math.max(1, Math.ceil(high / step))];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(6)));
  return { low: first * step, high: last * step, ticks };
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(2))}%`;
}
