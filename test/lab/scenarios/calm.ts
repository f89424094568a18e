/** Nobody disturbs anybody, and the network loses nothing: then what is foretold is what comes, to the bit. */
import { wanderer } from "../flyers.ts";
import { PROFILES } from "../profiles.ts";
import type { Scenario } from "../scenario.ts";

export default {
  name: "calm",
  summary: "a few players fly far from each other, disturbed by nobody",
  players: 4,
  seconds: 30,
  mapSize: 24_000,
  network: PROFILES.B,
  flyer: wanderer,
  limits: ["mispredictedTicks<=0", "ownErrorUnits.max<=0.001", "inputFrames<=1", "skippedTicks<=0"],
} satisfies Scenario;
