/** Script's time by a trace: whole calls on the page's main thread, each once. */
import { expect, test } from "vitest";
import { scriptTimeIn, type TraceEvent } from "./script-time.ts";

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
  expect(scriptTimeIn([inner, next, MAIN, outer])).toEqual({ totalMs: 2, pictureMs: 0 });
});

test("other threads, and what is no script, are left out", () => {
  const own = [call("FunctionCall", 0, 900, 800), call("RunMicrotasks", 1_000, 100, 100)];
  const others = [thread(2, "Compositor"), call("FunctionCall", 0, 900, 800, 2), call("Layout", 2_000, 900, 800)];
  expect(scriptTimeIn([MAIN, ...own, ...others]).totalMs).toBe(0.9);
});

test("what the page does when it is asked for a picture is told apart from what comes over its socket", () => {
  const picture = [call("FireAnimationFrame", 1_000, 2_000, 1_600), call("FunctionCall", 1_010, 1_900, 1_500)];
  const packet = call("RunMicrotasks", 4_000, 600, 500);
  expect(scriptTimeIn([MAIN, ...picture, packet])).toEqual({ totalMs: 2, pictureMs: 1.6 });
});

test.for(["FunctionCall", "RunMicrotasks"])(
  "a trace without %s is refused: it would make a page look cheap",
  (name) => {
    const events = ["FunctionCall", "RunMicrotasks"].map((one, index) => call(one, index * 1_000, 900, 800));
    expect(() => scriptTimeIn([MAIN, ...events.filter((event) => event.name !== name)])).toThrow(name);
  },
);
