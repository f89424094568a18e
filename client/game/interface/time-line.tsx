/**
 * The time line of a replay: how much is played, how far jumps take no time, and where ships burst. Pressing it jumps
 * there, dragging along it as well.
 *
 * Next: replay-screen.tsx, which places it.
 */

import { useRef } from "preact/hooks";
import type { KillMark } from "../replay-scores.ts";
import { type InstrumentSource, useInstrument } from "./instruments.ts";
import type { ReplayControls, ReplayInstruments } from "./interface-state.ts";

/** The marks' canvas is so many pixels high, two to a CSS pixel. */
const MARKS_PIXELS = 28;
const MARK_COLOURS = { kill: "#7df3ff", death: "#ff5468" } as const;

export type TimeLineProps = { panel: InstrumentSource<ReplayInstruments>; controls: ReplayControls };

export function TimeLine({ panel, controls }: TimeLineProps) {
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<{ marks: readonly KillMark[]; width: number } | undefined>(undefined);
  const length = useRef(0);
  useInstrument(panel, 0, (replay) => {
    if (root.current === null || canvas.current === null) return;
    length.current = replay.lengthSeconds;
    write(root.current, replay);
    const width = root.current.clientWidth;
    if (drawn.current?.marks === replay.marks && drawn.current.width === width) return;
    drawn.current = { marks: replay.marks, width };
    drawMarks(canvas.current, replay.marks, replay.lengthSeconds, width);
  });
  const jump = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    controls.seek(((event.clientX - box.left) / box.width) * length.current);
  };
  return (
    <div
      class="time-line"
      ref={root}
      role="slider"
      tabIndex={-1}
      aria-label="Time line"
      aria-valuenow={0}
      onPointerDown={jump}
      onPointerMove={jump}
    >
      <div class="time-line-track">
        <div class="time-line-indexed" />
        <div class="time-line-played" />
      </div>
      <canvas class="time-line-marks" ref={canvas} height={MARKS_PIXELS} />
      <div class="time-line-head" />
    </div>
  );
}

function write(element: HTMLElement, replay: ReplayInstruments): void {
  const { playedSeconds, lengthSeconds, indexedSeconds } = replay;
  const length = Math.max(lengthSeconds, 0.001);
  setProperty(element, "--played", (playedSeconds / length).toFixed(4));
  setProperty(element, "--indexed", (indexedSeconds / length).toFixed(3));
  if (element.ariaValueNow === `${Math.floor(playedSeconds)}`) return;
  element.ariaValueNow = `${Math.floor(playedSeconds)}`;
  element.ariaValueMin = "0";
  element.ariaValueMax = `${Math.floor(lengthSeconds)}`;
  element.ariaValueText = `${clock(playedSeconds)} of ${clock(lengthSeconds)}`;
}

function setProperty(element: HTMLElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

/** The viewer's kills and deaths stand out, and lie over the others'. */
function drawMarks(canvas: HTMLCanvasElement, marks: readonly KillMark[], lengthSeconds: number, width: number): void {
  canvas.width = Math.max(1, width * 2);
  const context = canvas.getContext("2d");
  if (context === null) return;
  for (const { atSeconds, victimHue, ofViewer } of marks.toSorted(byWeight)) {
    const x = (atSeconds / lengthSeconds) * canvas.width;
    const isOfViewer = ofViewer !== "neither";
    context.fillStyle = isOfViewer ? MARK_COLOURS[ofViewer] : `hsl(${victimHue} 60% 62% / 0.55)`;
    const height = isOfViewer ? MARKS_PIXELS : MARKS_PIXELS * 0.5;
    context.fillRect(x - 1, MARKS_PIXELS - height, isOfViewer ? 4 : 2, height);
  }
}

function byWeight(one: KillMark, other: KillMark): number {
  return Number(one.ofViewer !== "neither") - Number(other.ofViewer !== "neither");
}

/** 1:05 */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
