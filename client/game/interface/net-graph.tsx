/**
 * The net graph (F3): how the connection does, in numbers and small plots.
 *
 * Next: match-screen.tsx, which places it.
 */

import { useRef } from "preact/hooks";
import { type InstrumentSource, useInstrument } from "./instruments.ts";
import type { MatchInstruments, NetGraphFigures } from "./interface-state.ts";

const INTERVAL_MS = 200;
const PLOT_WIDTH = 220;
const PLOT_HEIGHT = 36;

type Row = {
  readonly label: string;
  readonly text: (net: NetGraphFigures) => string;
  readonly history?: keyof NetGraphFigures["history"];
  readonly colour?: string;
};

const ROWS: readonly Row[] = [
  { label: "Round trip", text: (net) => `${net.rttMs.toFixed(0)} ms`, history: "rttMs", colour: "#7df3ff" },
  { label: "Jitter", text: (net) => `${net.jitterMs.toFixed(1)} ms` },
  {
    label: "Command margin",
    text: (net) => `${net.commandMarginMs.toFixed(1)} ms`,
    history: "commandMarginMs",
    colour: "#8dffb0",
  },
  {
    label: "Interpolation",
    text: (net) => `${net.interpolationDelayMs.toFixed(0)} ms`,
    history: "interpolationDelayMs",
    colour: "#b79bff",
  },
  {
    label: "Down",
    text: (net) => `${kilo(net.downBytesPerSecond)} KB/s`,
    history: "downBytesPerSecond",
    colour: "#ffd27d",
  },
  { label: "Up", text: (net) => `${kilo(net.upBytesPerSecond)} KB/s` },
  {
    label: "Corrections",
    text: (net) => `${net.correctionsPerSecond.toFixed(1)} /s`,
    history: "correctionsPerSecond",
    colour: "#ff7da8",
  },
  { label: "Starved", text: (net) => `${(net.starvedRatio * 100).toFixed(1)} %` },
];

export function NetGraph({ panel }: { panel: InstrumentSource<MatchInstruments> }) {
  const root = useRef<HTMLTableSectionElement>(null);
  useInstrument(panel, INTERVAL_MS, ({ net }) => {
    const lines = root.current?.rows;
    if (lines === undefined) return;
    for (const [index, row] of ROWS.entries()) writeRow(lines[index]!, row, net);
  });
  return (
    <table class="net-graph panel" aria-label="Net graph">
      <tbody ref={root}>
        {ROWS.map((row) => (
          <tr key={row.label}>
            <th scope="row">{row.label}</th>
            <td />
            <td>{row.history !== undefined && <canvas width={PLOT_WIDTH} height={PLOT_HEIGHT} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function writeRow(line: HTMLTableRowElement, row: Row, net: NetGraphFigures): void {
  line.cells[1]!.textContent = row.text(net);
  const context = line.cells[2]!.querySelector("canvas")?.getContext("2d");
  if (context && row.history !== undefined) plot(context, net.history[row.history], row.colour ?? "#fff");
}

/** From zero (or the least negative value) to the largest value; the newest at the right. */
function plot(context: CanvasRenderingContext2D, values: readonly number[], colour: string): void {
  context.clearRect(0, 0, PLOT_WIDTH, PLOT_HEIGHT);
  if (values.length < 2) return;
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1e-9, ...values);
  const placeY = (value: number): number => PLOT_HEIGHT - 3 - ((value - low) / (high - low)) * (PLOT_HEIGHT - 6);
  context.beginPath();
  values.forEach((value, index) => {
    context.lineTo((index / (values.length - 1)) * PLOT_WIDTH, placeY(value));
  });
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
  context.lineTo(PLOT_WIDTH, PLOT_HEIGHT);
  context.lineTo(0, PLOT_HEIGHT);
  context.globalAlpha = 0.16;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}

function kilo(bytes: number): string {
  return (bytes / 1000).toFixed(2);
}
