/**
 * One trial, which this process does and tells its parent of; without a parent it prints what it found, which is for
 * profiles: `node --cpu-prof test/bench/trial-process.ts '{"trial":"step","seconds":20,"others":40,"seed":1}'`.
 */
import type { Lack, TrialFigures, TrialMessage, TrialName, TrialOrder } from "./trials.ts";

/** Loaded when it is run: one trial's tools are no business of another's. */
const RUNS: { readonly [Name in TrialName]: (order: TrialOrder) => Promise<TrialFigures[Name] | Lack> } = {
  step: async (order) => (await import("./trials/step.ts")).runStep(order),
  wire: async (order) => (await import("./trials/wire.ts")).runWire(order),
  crowd: async (order) => (await import("./trials/crowd.ts")).runCrowd(order),
  client: async (order) => (await import("./trials/client.ts")).runClient(order),
  page: async (order) => (await import("./trials/page.ts")).runPage(order),
  cuts: async (order) => (await import("./trials/cuts.ts")).runCuts(order),
};

const order = JSON.parse(process.argv[2]) as TrialOrder;
process.on("disconnect", () => process.exit());
if (process.send === undefined) {
  console.log(JSON.stringify(await RUNS[order.trial](order), null, 2));
  process.exit();
}
const figures = await RUNS[order.trial](order).catch((error: Error) => ({ failure: error.message }));
const message: TrialMessage = { kind: "figures", figures };
process.send(message);
