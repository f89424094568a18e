/**
 * The probe: what a server under measurement tells of its own ticks. It runs in that server's process, is cheap (a push
 * for each tick), and answers the parent's signals.
 */
import type { TickObserver } from "@starwake/server/engine/tick-loop.ts";
import type { ServerFigures, ServerMessage, Signal } from "./orders.ts";
import { spreadOf } from "./spread.ts";

export type Probe = TickObserver & { listening(port: number): void };

/** Ends the process with its parent: nothing that the benchmark started outlives it. */
export function openProbe(): Probe {
  let lateness: number[] = [];
  let durations: number[] = [];
  let droppedTicks = 0;
  let beginMs = performance.now();
  const figures = (): ServerFigures => ({
    seconds: (performance.now() - beginMs) / 1000,
    ticks: lateness.length,
    droppedTicks,
    latenessMs: spreadOf(lateness),
    tickMs: spreadOf(durations),
  });
  const tell = (message: ServerMessage) => void process.send?.(message);
  process.on("message", (signal: Signal) => {
    if (signal === "end") return tell({ kind: "figures", figures: figures() });
    if (signal !== "begin") return;
    lateness = [];
    durations = [];
    droppedTicks = 0;
    beginMs = performance.now();
  });
  process.on("disconnect", () => process.exit());
  return {
    ran(latenessMs, durationMs) {
      lateness.push(latenessMs);
      durations.push(durationMs);
    },
    dropped(ticks) {
      droppedTicks += ticks;
    },
    listening: (port) => tell({ kind: "listening", port }),
  };
}
