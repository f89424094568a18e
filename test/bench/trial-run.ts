/** Runs a trial in a process of its own, on the core on which servers are measured. */
import { fileURLToPath } from "node:url";
import { Core, figuresFrom, PinnedProcess } from "./pinned-process.ts";
import type { TrialMessage, TrialName, TrialOrder, TrialOutcome } from "./trials.ts";

const PROGRAM = fileURLToPath(new URL("./trial-process.ts", import.meta.url));
/** Beyond what it measures: pages are built, browsers installed. */
const TIMEOUT_MS = 300_000;

/** Their own servers have the measured core. */
const WITH_SERVERS: ReadonlySet<TrialName> = new Set(["page", "cuts"]);

/** Never throws for what the trial does. */
export async function runTrial(order: TrialOrder): Promise<TrialOutcome> {
  const { trial, seconds } = order;
  const core = WITH_SERVERS.has(trial) ? Core.Load : Core.Measured;
  const process = new PinnedProcess(`the trial ${trial}`, core, [PROGRAM, JSON.stringify(order)]);
  try {
    const found = await figuresFrom<TrialMessage["figures"]>(process, TIMEOUT_MS + seconds * 1000);
    if ("lacking" in found || "failure" in found) return { trial, ...found };
    return { trial, figures: found } as TrialOutcome;
  } catch (error) {
    return { trial, failure: (error as Error).message };
  } finally {
    process.end();
  }
}
