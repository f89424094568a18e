/** Script's time by a trace: whole calls on the page's main thread, each once. */
import { expect, test } from "vitest";
import { scriptMsIn, type TraceEvent } from "./script-time.ts";

const thread = (tid: number, name: string): TraceEvent => ({
  name: "thread_name",
  ph: "M",
  pid: 1,
  tid,
  ts: 0,
  args: { name },
});
const call = (name: string, ts: number, dur: number, tdur: number, tid = 1): TraceEvent => ({
  ...{ name, ph: "X", pid: 1, tid, ts },
  ...{ dur, tdur },
});

const MAIN = thread(1, "CrRendererMain");

test("a call within a call is counted with the outer one, whichever was told of first", () => {
  const inner = call("RunMicrotasks", 1_100, 300, 250);
  const outer = call("FunctionCall", 1_000, 2_000, 1_500);
  const next = call("MinorGC", 3_000, 600, 500);
  expect(scriptMsIn([inner, next, MAIN, outer])).toBe(2);
});

test("other threads, and what is no script, are left out", () => {
  const events = [
    MAIN,
    thread(2, "Compositor"),
    call("FunctionCall", 0, 900, 800),
    call("FunctionCall", 0, 900, 800, 2),
  ];
  expect(scriptMsIn([...events, call("Layout", 2_000, 900, 800)])).toBe(0.8);
});

test("a trace without any is refused: it would make every page look free", () => {
  expect(() => scriptMsIn([MAIN])).toThrow("no processor time");
});
