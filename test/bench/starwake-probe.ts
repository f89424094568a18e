/**
 * The probe in Starwake's server, by `node --import`: the production server runs as it is, and whoever its tick loops
 * report to is given company. A histogram's buckets, which /metrics shows, are too coarse for a maximum.
 */
import { TickLoop, type TickObserver } from "../../server/engine/tick-loop.ts";
import type { ServerMessage, Signal } from "./orders.ts";
import { openProbe } from "./probe.ts";
import { Sampler } from "./sampler.ts";

/** A loop as it is at run time. */
type Observed = { observer?: TickObserver };

const probe = openProbe();
const sampler = new Sampler();

process.on("message", async (signal: Signal) => {
  if (signal === "sample") await sampler.begin();
  if (signal === "tell-samples")
    process.send?.({ kind: "figures", figures: await sampler.end() } satisfies ServerMessage);
});

const { start } = TickLoop.prototype;

TickLoop.prototype.start = function startObserved(this: TickLoop, delayMs?: number): void {
  const loop = this as unknown as Observed;
  const { observer } = loop;
  if (observer === undefined)
    throw new Error("a tick loop reports to nobody called `observer`: mend starwake-probe.ts");
  loop.observer = {
    ran(latenessMs, durationMs) {
      observer.ran(latenessMs, durationMs);
      probe.ran(latenessMs, durationMs);
    },
    dropped(ticks) {
      observer.dropped(ticks);
      probe.dropped(ticks);
    },
  };
  start.call(this, delayMs);
};
