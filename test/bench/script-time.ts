/**
 * The processor time that a page's main thread spent in script, from Chromium's trace. ScriptDuration, which it offers
 * as a metric, leaves out microtasks, and in them a page reads what comes over its socket.
 */
import type { CDPSession } from "playwright-core";

/** Trace Event Format, "complete" events: times in microseconds; `tdur` is processor time. */
export type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
};

/** What runs script, or cleans up behind it. Style and layout that script forces are part of its call. */
const SCRIPT = new Set(["FunctionCall", "RunMicrotasks", "EvaluateScript", "v8.compile", "MinorGC", "MajorGC"]);
/** What calls the page back for a picture. */
const PICTURE = new Set(["FireAnimationFrame"]);
const CATEGORIES = ["devtools.timeline", "v8", "v8.execute"];
const MAIN_THREAD = "CrRendererMain";

/** Processor time: of all script, and of that part of it that is the page's own answer to being asked for pictures. */
export type ScriptTime = { readonly totalMs: number; readonly pictureMs: number };

/** Of all that happens in the page while `work` goes on. */
export async function scriptTimeDuring(session: CDPSession, work: () => Promise<void>): Promise<ScriptTime> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ["*"] },
  });
  await work();
  await session.send("Tracing.end");
  await complete;
  return scriptTimeIn(events);
}

/** @throws when the trace lacks calls, microtasks or processor time: another Chromium may tell of them elsewhere */
export function scriptTimeIn(events: readonly TraceEvent[]): ScriptTime {
  const isName = ({ name, args }: TraceEvent) => name === "thread_name" && args?.name === MAIN_THREAD;
  const mainThreads = new Set(events.filter(isName).map(threadOf));
  const onMain = events.filter((event) => event.ph === "X" && mainThreads.has(threadOf(event)));
  const scripts = outermost(onMain.filter(({ name }) => SCRIPT.has(name)));
  const pictures = outermost(onMain.filter(({ name }) => PICTURE.has(name)));
  const sum = (calls: readonly TraceEvent[]) => calls.reduce((totalUs, { tdur = 0 }) => totalUs + tdur, 0) / 1000;
  const time = { totalMs: sum(scripts), pictureMs: sum(pictures) };
  for (const name of ["FunctionCall", "RunMicrotasks"])
    if (!onMain.some((event) => event.name === name && event.tdur !== undefined))
      throw new Error(`Chromium's trace tells of no processor time of any ${name}`);
  return time;
}

/** Those that are not within another of the same thread. */
function outermost(calls: readonly TraceEvent[]): TraceEvent[] {
  const endUs = new Map<string, number>();
  return calls
    .toSorted((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0))
    .filter((call) => {
      const isInner = call.ts < (endUs.get(threadOf(call)) ?? 0);
      if (!isInner) endUs.set(threadOf(call), call.ts + (call.dur ?? 0));
      return !isInner;
    });
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`;
}
