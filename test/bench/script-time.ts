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
const CATEGORIES = ["devtools.timeline", "v8"];
const MAIN_THREAD = "CrRendererMain";

/** Of all that happens in the page while `work` goes on, in milliseconds. */
export async function scriptMsDuring(session: CDPSession, work: () => Promise<void>): Promise<number> {
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
  return scriptMsIn(events);
}

/** @throws when the trace tells of no script at all, or of no processor time */
export function scriptMsIn(events: readonly TraceEvent[]): number {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isName = ({ name, args }: TraceEvent) => name === "thread_name" && args?.name === MAIN_THREAD;
  const mainThreads = new Set(events.filter(isName).map(threadOf));
  const isScript = (event: TraceEvent) =>
    event.ph === "X" && SCRIPT.has(event.name) && mainThreads.has(threadOf(event));
  // An outer call before those within it.
  const calls = events.filter(isScript).sort((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0));
  const endUs = new Map<string, number>();
  let sumUs = 0;
  for (const call of calls) {
    const thread = threadOf(call);
    if (call.ts < (endUs.get(thread) ?? 0)) continue;
    endUs.set(thread, call.ts + (call.dur ?? 0));
    sumUs += call.tdur ?? 0;
  }
  if (sumUs === 0) throw new Error("Chromium's trace tells of no processor time in script");
  return sumUs / 1000;
}
