/** A chart of a figure against the number of players, as SVG. Its values differ a hundredfold: its scale is of powers. */
import type { SystemName } from "./systems.ts";

export type Curve = {
  readonly system: SystemName;
  readonly points: readonly { readonly players: number; readonly value: number }[];
};

const WIDE = 520;
const HIGH = 260;
const MARGIN = { left: 52, right: 16, top: 8, bottom: 26 } as const;
/** Below this a value is drawn as this. */
const LEAST_VALUE = 0.01;
/** Steps within a power of ten that have a line, where there are few powers. */
const FINE_STEPS = [1, 2, 5];
const MANY_POWERS = 3;

/** @returns undefined when there is no point */
export function playersChart(curves: readonly Curve[]): string | undefined {
  const points = curves.flatMap(({ points }) => points);
  if (points.length === 0) return undefined;
  const values = points.map(({ value }) => Math.max(LEAST_VALUE, value));
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const most = Math.max(...points.map(({ players }) => players));
  const x = (players: number) => MARGIN.left + (players / most) * (WIDE - MARGIN.left - MARGIN.right);
  const y = (value: number) => {
    const part = (high - Math.log10(Math.max(LEAST_VALUE, value))) / (high - low);
    return MARGIN.top + part * (HIGH - MARGIN.top - MARGIN.bottom);
  };
  const drawn = [
    ...gridValues(low, high).map((value) => gridLine(value, y(value))),
    ...[...new Set(points.map(({ players }) => players))].map(
      (players) => `<text x="${round(x(players))}" y="${HIGH - 6}" text-anchor="middle">${players}</text>`,
    ),
    ...curves.map((curve) => drawnCurve(curve, x, y)),
  ];
  return `<svg viewBox="0 0 ${WIDE} ${HIGH}" role="img">\n${drawn.join("\n")}\n</svg>`;
}

function gridValues(low: number, high: number): number[] {
  const steps = high - low < MANY_POWERS ? FINE_STEPS : [1];
  const values: number[] = [];
  for (let power = low; power < high; power++)
    for (const step of steps) values.push(Number((step * 10 ** power).toPrecision(1)));
  return [...values, 10 ** high];
}

function gridLine(value: number, y: number): string {
  const label = `<text x="${MARGIN.left - 6}" y="${round(y + 4)}" text-anchor="end">${value.toLocaleString("en-US")}</text>`;
  return `<path class="grid" d="M${MARGIN.left} ${round(y)}H${WIDE - MARGIN.right}"/>${label}`;
}

function drawnCurve({ system, points }: Curve, x: (players: number) => number, y: (value: number) => number): string {
  const places = [...points]
    .sort((one, other) => one.players - other.players)
    .map(({ players, value }) => ({
      x: round(x(players)),
      y: round(y(value)),
      title: `${system}, ${players}: ${value.toPrecision(3)}`,
    }));
  const path = places.map((place, index) => `${index === 0 ? "M" : "L"}${place.x} ${place.y}`).join("");
  const dots = places.map(
    (place) => `<circle cx="${place.x}" cy="${place.y}" r="3.5"><title>${place.title}</title></circle>`,
  );
  return `<g class="of-${system}"><path class="curve" d="${path}"/>${dots.join("")}</g>`;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
