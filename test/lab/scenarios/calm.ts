/** Nobody disturbs anybody, and the network loses nothing: then what is foretold is what comes, to the bit. */
import { wanderer } from "../flyers.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "calm",
  summary: "one player flies alone among rocks, disturbed by nobody",
  players: 1,
  seconds: 120,
  mapSize: 4_000,
  network: PROFILES.B,
  flyer: wanderer,
  limits: ["mispredictedTicks<=0", "ownErrorUnits.max<=0.001", "inputFrames<=1", "skippedTicks<=0"],
} satisfies Scenario;
